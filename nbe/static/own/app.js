/* Small aids that every page shares. Everything works without them. */
(() => {
  "use strict";
  const announcer = document.getElementById("announcer");

  window.nbe = {
    announce(text) {
      if (!announcer) return;
      announcer.textContent = "";
      window.setTimeout(() => { announcer.textContent = text; }, 50);
    },
    csrfToken() {
      const field = document.querySelector('input[name="csrf_token"]');
      return field ? field.value : "";
    },
  };

  // "/" goes to the search field, as long as nobody is typing.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector('[data-shortcut="/"]');
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  });

  // One open menu at a time; Escape and a click elsewhere close it.
  const openDetails = () => document.querySelectorAll("details.menu[open], details.counted[open]");
  document.addEventListener("click", (event) => {
    openDetails().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openDetails().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // A question before what is hard to take back.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // A second click while the first is on its way does nothing; the server counts a form once anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });

  // On a narrow screen the filters are folded until asked for, unless one is in use.
  if (window.matchMedia("(max-width: 640px)").matches) {
    document.querySelectorAll("details.filters:not([data-active])").forEach((filters) => { filters.open = false; });
  }

  // Filters apply as they are chosen.
  document.querySelectorAll("form.filter-bar select").forEach((select) => {
    select.addEventListener("change", () => select.form.requestSubmit());
  });

  // "In a week" fills the date beside it.
  document.querySelectorAll("[data-quick-days]").forEach((line) => {
    const field = document.getElementById(line.dataset.quickDays);
    if (!field) return;
    line.hidden = false;
    line.addEventListener("click", (event) => {
      const button = event.target.closest("[data-day]");
      if (button) { field.value = button.dataset.day; field.focus(); }
    });
  });

  // What went wrong is read first.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
