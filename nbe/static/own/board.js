/* The board by mouse and keyboard: a card dropped in another column sends its own "move to" form.
   Board and table share the bar that moves several at once. */
(() => {
  "use strict";
  const submitMove = (card, stage) => {
    const form = card.querySelector("form[data-move]");
    const select = form.querySelector("select");
    if (![...select.options].some((option) => option.value === stage)) { window.location.reload(); return; }
    select.value = stage;
    form.requestSubmit();
  };

  const makeSortable = (board) => {
    board.querySelectorAll("[data-stage]").forEach((column) => {
      window.Sortable.create(column, {
        group: "stages", animation: 120, ghostClass: "is-ghost", draggable: "[data-card]",
        filter: "a, button, select, input, label", preventOnFilter: false, delay: 150, delayOnTouchOnly: true,
        onEnd: (event) => {
          if (event.from !== event.to) submitMove(event.item, event.to.dataset.stage);
        },
      });
    });
  };

  // Keyboard: arrows go between cards and columns, M opens the card's "move to" menu.
  const cards = (column) => [...column.querySelectorAll("[data-card]")];
  const goalOf = (board, card, key) => {
    const column = card.closest("[data-stage]");
    const row = cards(column).indexOf(card);
    if (key === "ArrowDown") return cards(column)[row + 1];
    if (key === "ArrowUp") return cards(column)[row - 1];
    const columns = [...board.querySelectorAll("[data-stage]")];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    for (let i = columns.indexOf(column) + step; step && i >= 0 && i < columns.length; i += step) {
      const list = cards(columns[i]);
      if (list.length) return list[Math.min(row, list.length - 1)];
    }
    return null;
  };

  const board = document.querySelector("[data-board]");
  if (board) {
    if (window.Sortable) makeSortable(board);
    board.addEventListener("keydown", (event) => {
      const card = event.target.closest("[data-card]");
      if (!card || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
      const goal = goalOf(board, card, event.key);
      if (goal) { event.preventDefault(); goal.querySelector("a").focus(); }
      if (event.key.toLowerCase() === "m") {
        event.preventDefault();
        card.querySelector("form[data-move] select").focus();
      }
    });
  }

  // Several at once: the bar shows itself, and how many, when something is ticked.
  const bar = document.querySelector("[data-bulk]");
  const count = () => {
    const chosen = document.querySelectorAll("[data-choose]:checked").length;
    bar.querySelector("[data-chosen]").textContent = String(chosen);
    bar.classList.toggle("is-idle", !chosen);
  };
  if (bar) {
    document.addEventListener("change", (event) => { if (event.target.matches("[data-choose]")) count(); });
    window.addEventListener("pageshow", count);
    count();
  }
})();
