/* How far an import or a letter has come; without this, the page has a button that asks again. */
(() => {
  "use strict";
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const bar = box.querySelector("progress");
  const text = box.querySelector("[data-progress-text]");
  const numbers = new Intl.NumberFormat(document.documentElement.lang || "da");

  async function ask() {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { done, total, is_working: isWorking } = await answer.json();
      if (!isWorking) { window.location.reload(); return; }
      if (total) {
        bar.max = total;
        bar.value = done;
        text.textContent = `${numbers.format(done)} / ${numbers.format(total)}`;
      }
    } catch { /* the next question may get through */ }
    window.setTimeout(ask, 700);
  }
  window.setTimeout(ask, 700);
})();
