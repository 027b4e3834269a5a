/* At log-out what was read in forms of visits goes from the device; what could not be sent yet waits for its writer. */
import { dropPages } from "./screening-offline.mjs";
import { countUnsent, dropSaved, openDatabase } from "./screening-store.mjs";

async function clear(form) {
  const database = await openDatabase();
  const unsent = await countUnsent(database);
  const question = form.dataset[unsent === 1 ? "unsentOne" : "unsentMany"].replace("{n}", unsent);
  if (unsent && !window.confirm(question)) return false;
  await dropSaved(database);
  await dropPages();
  return true;
}

document.querySelectorAll("form[data-sign-out]").forEach((form) => {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const goesOn = await clear(form).catch(() => true); // nothing is kept where nothing can be
    if (goesOn) form.submit();
  });
});
