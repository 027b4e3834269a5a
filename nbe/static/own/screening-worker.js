/* Opens the form of a visit when there is no connection. Looks after that page and what it is made of, nothing else.
   What it gives out was put by the page itself, see screening-offline.mjs; log-out takes it away, see sign-out.mjs. */
"use strict";
const FORM = /^\/screeninger\/\d+\/skema$/;
const SMALL = /^\/screeninger\/\d+\/filer\/\d+\/lille$/; // its photos
const PATIENCE = 8000; // milliseconds
const LONGEST = 30 * 24 * 3600 * 1000; // as long a page is of use

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && FORM.test(url.pathname)) event.respondWith(form(event, url.pathname));
  else if (SMALL.test(url.pathname)) event.respondWith(photo(request));
  else if (url.pathname.startsWith("/static/v/")) event.respondWith(asset(request));
});

async function kept(path) {
  const found = await caches.match(path, { ignoreVary: true });
  if (!found) return null;
  const day = Date.parse((found.headers.get("Date") || "").slice(0, 29)); // once, where two servers have said it
  return Date.now() - day > LONGEST ? null : found;
}

/* The service's own answer; where there is none, or none in time, the page as it was kept. */
async function form(event, path) {
  const asked = fetch(event.request);
  event.waitUntil(asked.catch(() => {}));
  const tooLong = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  const answer = await Promise.race([asked.catch(() => null), tooLong]);
  if (answer && answer.status < 500) return answer;
  return (await kept(path)) || answer || asked;
}

async function photo(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept(new URL(request.url).pathname);
    if (found) return found;
    throw error;
  }
}

/* Their addresses change with their content. */
async function asset(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}
