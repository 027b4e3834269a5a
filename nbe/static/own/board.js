/* The board by mouse and keyboard: a card dropped in another column sends its own "move to" form. */
(() => {
  "use strict";
  const board = document.querySelector("[data-board]");
  if (!board) return;

  const submitMove = (card, stage) => {
    const form = card.querySelector("form[data-move]");
    const select = form.querySelector("select");
    if (![...select.options].some((option) => option.value === stage)) { window.location.reload(); return; }
    select.value = stage;
    form.requestSubmit();
  };

  if (window.Sortable) {
    board.querySelectorAll("[data-stage]").forEach((column) => {
      window.Sortable.create(column, {
        group: "stages", animation: 120, ghostClass: "is-ghost", draggable: "[data-card]",
        filter: "a, button, select, input, label", preventOnFilter: false, delay: 150, delayOnTouchOnly: true,
        onEnd: (event) => {
          if (event.from !== event.to) submitMove(event.item, event.to.dataset.stage);
        },
      });
    });
  }

  // Keyboard: arrows go between cards and columns, M opens the card's "move to" menu.
  const cards = (column) => [...column.querySelectorAll("[data-card]")];
  board.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-card]");
    if (!card || event.target.matches("select, input, textarea")) return;
    const column = card.closest("[data-stage]");
    const columns = [...board.querySelectorAll("[data-stage]")];
    const row = cards(column).indexOf(card);
    let goal = null;
    if (event.key === "ArrowDown") goal = cards(column)[row + 1];
    if (event.key === "ArrowUp") goal = cards(column)[row - 1];
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const step = event.key === "ArrowRight" ? 1 : -1;
      for (let i = columns.indexOf(column) + step; i >= 0 && i < columns.length && !goal; i += step) {
        const list = cards(columns[i]);
        goal = list[Math.min(row, list.length - 1)];
      }
    }
    if (goal) { event.preventDefault(); goal.querySelector("a").focus(); }
    if (event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      card.querySelector("form[data-move] select").focus();
    }
  });

  // Several at once: the bar with the common move shows how many are chosen.
  const bar = board.parentElement.querySelector("[data-bulk]") || document.querySelector("[data-bulk]");
  const count = () => {
    if (!bar) return;
    const chosen = document.querySelectorAll("[data-choose]:checked").length;
    bar.querySelector("[data-chosen]").textContent = String(chosen);
  };
  document.addEventListener("change", (event) => { if (event.target.matches("[data-choose]")) count(); });
  count();
})();
