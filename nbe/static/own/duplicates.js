/* While a new business is typed: is it known already? Without script the same is told when the form is sent. */
(() => {
  "use strict";
  const box = document.querySelector("[data-look-up]");
  if (!box) return;
  const form = box.closest("form");
  const fields = { cvr: form.elements.cvr, p: form.elements.p_number, navn: form.elements.name };
  let waiting = 0;
  let asked = "";
  let request = null;

  const digits = (field) => field.value.replace(/\D/g, "");

  const link = (href, text) => {
    const anchor = document.createElement("a");
    anchor.href = href;
    anchor.textContent = text;
    return anchor;
  };

  const show = (answer) => {
    box.textContent = "";
    if (answer.message) {
      const line = document.createElement("p");
      line.textContent = answer.message;
      if (answer.href) line.append(" ", link(answer.href, answer.link));
      box.append(line);
    }
    if (answer.similar.length) {
      const title = document.createElement("p");
      title.className = "notice-title";
      title.textContent = answer.title;
      const list = document.createElement("ul");
      list.className = "bare-list";
      answer.similar.forEach((other) => {
        const item = document.createElement("li");
        const note = document.createElement("span");
        note.className = "quiet";
        note.textContent = other.note;
        item.append(link(other.href, other.name), " ", note);
        list.append(item);
      });
      box.append(title, list);
    }
    box.className = "lookalikes notice notice-warning";
    box.hidden = !box.childNodes.length;
  };

  const ask = () => {
    const isNumber = digits(fields.cvr).length === 8 && [0, 10].includes(digits(fields.p).length);
    const name = fields.navn.value.trim();
    const query = new URLSearchParams();
    if (isNumber) {
      query.set("cvr", fields.cvr.value);
      query.set("p", fields.p.value);
    }
    if (name.length >= 3) query.set("navn", name);
    if (query.toString() === asked) return;
    asked = query.toString();
    if (request) request.abort();
    if (!asked) { box.hidden = true; return; }
    request = new AbortController();
    fetch(`${box.dataset.lookUp}?${asked}`, { signal: request.signal, headers: { Accept: "application/json" } })
      .then((response) => (response.ok ? response.json() : null))
      .then((answer) => { if (answer) show(answer); })
      .catch(() => {});
  };

  Object.values(fields).forEach((field) => {
    field.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(ask, 350);
    });
  });
  if (fields.cvr.value || fields.navn.value) ask();
})();
