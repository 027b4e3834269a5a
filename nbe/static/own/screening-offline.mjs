/* Keeps the page of the form on the device, with all it is made of, so that it opens without a connection. */

const PREFIX = "nbe-form-";
const FORM = /^\/screeninger\/\d+\/skema$/;
const version = new URL(import.meta.url).pathname.split("/").at(-2); // changes with our scripts and style sheets

const put = async (cache, address) => {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "error" });
  if (answer.ok) await cache.put(new URL(address, location.href).pathname, answer);
};

function parts() {
  const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=preload], link[rel=icon], script[src]")];
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const all = [...named.map((element) => element.href || element.src), ...loaded].map((address) => new URL(address, location.href));
  return new Set(all.filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/v/")).map((url) => url.pathname));
}

/* The pages that were kept under an older version; gone with it, and fetched anew. Those of others are gone for good. */
async function leave(current, user) {
  const pages = new Set();
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === current) continue;
    if (name.startsWith(`${PREFIX}${user}-`)) {
      const requests = await (await caches.open(name)).keys();
      requests.map((request) => new URL(request.url).pathname).filter((path) => FORM.test(path)).forEach((path) => pages.add(path));
    }
    await caches.delete(name);
  }
  return pages;
}

export async function keepPage(user, worker) {
  if (!("serviceWorker" in navigator) || !window.caches) return;
  await navigator.serviceWorker.register(worker, { scope: "/screeninger/", updateViaCache: "none" });
  const name = `${PREFIX}${user}-${version}`;
  const pages = await leave(name, user);
  pages.add(location.pathname);
  const cache = await caches.open(name);
  for (const address of parts()) if (!(await cache.match(address))) await put(cache, address);
  for (const address of pages) await put(cache, address);
  for (const photo of document.querySelectorAll("[data-picture] img")) {
    if (!photo.src.startsWith("data:") && !(await cache.match(photo.src))) await put(cache, photo.src);
  }
  await navigator.storage?.persist?.();
}

/* Nothing of what was read stays here. */
export async function dropPages() {
  if (!window.caches) return;
  for (const name of await caches.keys()) if (name.startsWith(PREFIX)) await caches.delete(name);
}
