/* What the page says of the saving: one line for all of it, a choice at each field that another device has written in. */

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const made = (tag, text, properties = {}) => Object.assign(document.createElement(tag), { textContent: text, ...properties });

/* How the sending stands, in words. */
export function sentence(texts, state, waiting, due) {
  if (state === "saved" && due) return filled(due === 1 ? texts.due_one : texts.due_many, { n: due });
  const form = waiting ? (waiting === 1 ? "one" : "many") : "none";
  return filled(texts[`${state}_${form}`] ?? texts[`${state}_none`], { n: waiting });
}

export function showStatus(place, texts, { state, waiting, due, signIn }) {
  const words = sentence(texts, state, waiting, due);
  if (place.dataset.shown === words) return;
  place.dataset.shown = words;
  // Read aloud is what is out of the ordinary, and that it is over; not every "saved".
  const isQuiet = (kind) => !kind || kind === "saved" || kind === "saving";
  const kind = state === "saved" && due ? "due" : state;
  if (!isQuiet(kind) || (kind === "saved" && !isQuiet(place.dataset.told))) window.nbe.announce(words);
  if (kind !== "saving") place.dataset.told = kind;
  place.dataset.state = kind;
  place.textContent = words;
  if (state === "out" && waiting) place.replaceChildren(made("a", words, { href: signIn }));
  else if (state === "out" || state === "other") place.append(" ", made("a", texts.sign_in, { href: signIn }));
  if (state === "saved" && due) place.append(" ", made("button", texts.show_me, { type: "button", className: "text-button", onclick: showFirst }));
}

function showFirst() {
  const first = document.querySelector(".screening-conflict, .form-error");
  first?.closest("details")?.setAttribute("open", "");
  first?.scrollIntoView({ block: "center" });
  first?.querySelector("button, input, textarea")?.focus();
}

/* Mine beside theirs, until one of them is chosen. */
export function showChoice(group, texts, { label, mine, theirs, who, choose }) {
  dropChoice(group);
  const box = made("div", "", { className: "screening-conflict", role: "group" });
  box.setAttribute("aria-label", filled(texts.conflict_of, { felt: label }));
  box.append(made("p", filled(who ? texts.conflict_by : texts.conflict, { who })));
  const pair = made("div", "", { className: "screening-pair" });
  for (const [head, text, button, isMine] of [[texts.mine, mine, texts.keep_mine, true], [texts.theirs, theirs, texts.take_theirs, false]]) {
    const side = made("div", "");
    side.append(made("p", head, { className: "quiet" }), made("blockquote", text), made("button", button, { type: "button", className: "button button-secondary", onclick: () => choose(isMine) }));
    pair.append(side);
  }
  box.append(pair);
  group.after(box);
}

export function dropChoice(group) {
  if (group?.nextElementSibling?.classList.contains("screening-conflict")) group.nextElementSibling.remove();
}

/* What stands on this device only and has no field on the page any more. */
export function showLeftOvers(place, texts, lines) {
  place.hidden = !lines.length;
  if (!lines.length) { place.replaceChildren(); return; }
  const list = made("ul", "");
  for (const { label, text, message } of lines) {
    const line = made("li", "");
    line.append(made("strong", label), made("blockquote", text), made("span", message, { className: "quiet" }));
    list.append(line);
  }
  place.replaceChildren(made("h2", texts.left_over, { className: "h4" }), list);
}
