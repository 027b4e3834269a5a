/* The fields of the form on the page, by their names "subject:field": what they read, notes at them, new proposals. */
import { newKey } from "./screening-records.mjs";

export const subjectOf = (name) => name.slice(0, name.lastIndexOf(":"));
export const fieldOf = (name) => name.slice(name.lastIndexOf(":") + 1);

const SILENT = ["relevance", "why_not", "is_confidential", "theme", "removed", "caption"]; // tell nothing of a theme

export class Fields {
  constructor(form, texts) {
    Object.assign(this, { form, texts });
    // A new proposal is made after the one that waits folded under each theme.
    this.blanks = new Map([...form.querySelectorAll("[data-proposals]")].map((list) => [list.dataset.proposals, list.querySelector("[data-blank]").outerHTML]));
  }

  all(name) { return [...this.form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type="file"])`)]; }

  names() {
    return [...new Set([...this.form.querySelectorAll('[name*=":"]:not([type="file"])')].map((field) => field.name))];
  }

  value(name) {
    const [first, ...more] = this.all(name);
    if (first.type === "checkbox") return first.checked ? "y" : "";
    if (first.type === "radio") return [first, ...more].find((field) => field.checked)?.value ?? "";
    return first.value;
  }

  write(name, value) {
    for (const field of this.all(name)) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type === "checkbox") field.checked = value === "y";
      else if (field.value !== value) field.value = value;
    }
    if (fieldOf(name) === "title") this.entitle(name);
  }

  /* How a value reads: the words of a choice, or the text itself. */
  told(name, value) {
    const [first] = this.all(name);
    if (first?.type === "checkbox") return value === "y" ? this.texts.yes : this.texts.no;
    if (first?.type === "radio") return this.all(name).find((field) => field.value === value)?.labels[0]?.innerText ?? value;
    return value || this.texts.empty;
  }

  /* What a field is called, with its theme or proposal. */
  label(name) {
    const [first] = this.all(name);
    const group = first?.closest("[data-group]");
    const own = group?.querySelector("legend, label")?.innerText ?? fieldOf(name);
    const place = first?.closest("[data-proposal]")?.querySelector("[data-title]") ?? first?.closest("[data-theme]")?.querySelector("[data-name]");
    return place && fieldOf(name) !== "title" ? `${place.innerText.trim()}: ${own}` : own;
  }

  /* The message at a field; "" takes it away. */
  note(name, message) {
    const note = this.form.querySelector(`[data-note="${CSS.escape(name)}"]`);
    if (!note) return;
    note.textContent = message;
    note.hidden = !message;
    note.closest("[data-group]").classList.toggle("form-error", Boolean(message));
    for (const field of this.all(name)) {
      if (message) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  group(name) { return this.all(name)[0]?.closest("[data-group]"); }

  proposal(key) { return this.form.querySelector(`[data-proposal="${CSS.escape(key)}"]`); }

  /* The proposal that waits folded becomes one of them, and a new one waits. */
  promote(proposal) {
    if (!("blank" in proposal.dataset)) return;
    const list = proposal.closest("[data-proposals]");
    delete proposal.dataset.blank;
    proposal.querySelector("[data-remove]").hidden = false;
    this.entitle(`proposal:${proposal.dataset.proposal}:title`);
    this.#blank(list, newKey());
  }

  /* Make sure that a proposal written elsewhere has its fields here; false where its theme is not known. */
  ensure(key, code) {
    const known = this.proposal(key);
    if (known) { this.promote(known); return true; }
    const list = this.form.querySelector(`[data-proposals="${CSS.escape(code)}"]`);
    if (!list) return false;
    list.querySelector("[data-blank]").before(this.#blank(list, key));
    this.promote(this.proposal(key));
    list.querySelectorAll("[data-blank]").forEach((blank, index) => { if (index) blank.remove(); });
    return true;
  }

  #blank(list, key) {
    const html = this.blanks.get(list.dataset.proposals);
    const old = html.match(/data-proposal="([^"]+)"/)[1];
    const made = document.createRange().createContextualFragment(html.replaceAll(old, key)).firstElementChild;
    made.open = false;
    list.append(made);
    return made;
  }

  entitle(name) {
    const title = this.form.querySelector(`[data-proposal="${CSS.escape(subjectOf(name).slice(9))}"] [data-title]`);
    if (title && !title.closest("[data-blank]")) title.textContent = this.value(name) || this.texts.unnamed;
  }

  /* What is written of a theme that nobody has judged makes it relevant, here as in the service; -> the field that says so. */
  follow(field) {
    const theme = field.closest("[data-theme]")?.dataset.theme;
    if (!theme || SILENT.includes(fieldOf(field.name)) || !this.value(field.name).trim()) return null;
    const name = `theme:${theme}:relevance`;
    if (this.value(name) !== "not_assessed") return null;
    this.write(name, "relevant");
    return name;
  }

  /* Which themes are judged; the number of them. */
  judge() {
    const themes = [...this.form.querySelectorAll("[data-theme]")];
    return themes.filter((theme) => {
      const subject = `theme:${theme.dataset.theme}`;
      const relevance = this.value(`${subject}:relevance`);
      const isJudged = relevance === "relevant" || (relevance === "not_relevant" && this.value(`${subject}:why_not`).trim() !== "");
      theme.querySelector("[data-judged]").hidden = !isJudged;
      document.querySelector(`[data-missing="${CSS.escape(theme.dataset.theme)}"]`).hidden = isJudged;
      return isJudged;
    }).length;
  }
}
