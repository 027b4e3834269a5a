/* The form of a visit, saved as it is typed. What is typed is kept on the device first and then sent; without this
   script, or without a place to keep things, the form is saved by its button. */
import { Fields, fieldOf, subjectOf } from "./screening-fields.mjs";
import { Files } from "./screening-files.mjs";
import { dropChoice, filled, showChoice, showLeftOvers, showStatus } from "./screening-notes.mjs";
import { keepPage } from "./screening-offline.mjs";
import { Queue } from "./screening-queue.mjs";
import { Store, openDatabase } from "./screening-store.mjs";
import { makeTransport } from "./screening-transport.mjs";
import { Typing } from "./screening-typing.mjs";

const SOON = 700, AGAIN = 10_000, LOOK = 30_000; // milliseconds: after typing, while it waits, for what others write

const isTouched = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked && !field.defaultChecked : field.value !== field.defaultValue);

class Page {
  constructor(place, database) {
    this.place = place;
    this.texts = JSON.parse(place.dataset.texts);
    this.fields = place.matches("form") ? new Fields(place, this.texts) : null;
    this.status = document.querySelector("[data-status]");
    const [user, screening] = [Number(place.dataset.user), Number(place.dataset.screening)];
    this.store = new Store(database, user, screening, place.dataset.person);
    this.queue = new Queue({
      store: this.store, transport: makeTransport(place.dataset.sync, place.dataset.files), user,
      show: (state) => this.tell(state), changed: () => this.changed(), arrived: (file) => this.files?.arrived(file),
    });
    this.tabs = new BroadcastChannel(`nbe-screening-${user}-${screening}`);
    this.files = this.fields && new Files(place, this.store, this.texts, { chosen: async () => { await this.render(); await this.send(); }, removed: () => this.render() });
    this.seen = new Map(); // field -> {base, value} as shown
    this.typing = new Typing(user, screening);
    this.touchedAt = this.turn = 0;
  }

  async start() {
    this.opened = this.open(this.typing.left());
    if (this.fields) this.listen();
    await this.opened;
    this.tabs.onmessage = () => this.render();
    window.addEventListener("online", () => this.send());
    window.addEventListener("offline", () => this.tell(this.queue.state = "offline"));
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") this.send(); });
    window.setInterval(() => this.look(), AGAIN);
    await this.render();
    await this.tellOfOthers();
    await this.send();
    if (this.fields && this.queue.state === "saved") await keepPage(this.store.user, this.place.dataset.worker).catch(() => {});
    this.place.dataset.ready = "1";
  }

  /* What the page and a closed tab tell is kept before anything that is typed. */
  async open(left) {
    if (this.fields) await this.seed();
    for (const { name, value, seen } of left) {
      await this.queue.type(name, value, seen);
      if (!this.typing.has(name)) this.typing.forget(name);
    }
  }

  /* What the service told of each field; of a new proposal it has told nothing. */
  async seed() {
    const base = JSON.parse(this.place.elements.base.value);
    const fields = this.fields.names().filter((name) => name in base).map((name) => {
      const marked = this.fields.group(name)?.querySelector("[data-base]") ?? this.fields.group(name);
      return { name, base: Number(marked?.dataset.base) || null, value: base[name] };
    });
    for (const { name, ...seen } of fields) this.seen.set(name, seen);
    await this.store.seed(fields, Number(this.place.elements.stand.value));
  }

  listen() {
    this.place.classList.add("has-script");
    this.place.addEventListener("input", (event) => this.typed(event.target));
    this.place.addEventListener("change", (event) => this.typed(event.target));
    const index = document.querySelector(".screening-index");
    index.addEventListener("click", (event) => { if (event.target.closest("a")) index.open = false; });
    this.place.addEventListener("focusout", () => window.setTimeout(() => this.render()));
    this.place.addEventListener("submit", (event) => {
      if (this.isFull) return; // by its button, then
      event.preventDefault();
      this.send();
    });
    for (const name of this.fields.names()) { // typed while the script was on its way
      const field = this.fields.all(name).find((one) => one.type !== "hidden" && isTouched(one));
      if (field) this.typed(field);
    }
  }

  typed(field) {
    if (!field.name?.includes(":") || field.type === "file") return;
    this.touchedAt = Date.now();
    const proposal = field.closest("[data-blank]");
    if (proposal) {
      this.keep(`${subjectOf(field.name)}:theme`);
      this.fields.promote(proposal);
    }
    const judged = this.fields.follow(field);
    if (judged) this.keep(judged);
    this.keep(field.name);
    if (fieldOf(field.name) === "title") this.fields.entitle(field.name);
    this.progress();
  }

  /* One after the other, so that they are kept in the order they were typed. */
  keep(name) {
    const isRunning = this.typing.size > 0;
    this.typing.note(name, this.fields.value(name), this.seen.get(name));
    if (!isRunning) this.writing = this.write();
    this.tell(this.queue.state);
    window.clearTimeout(this.soon);
    this.soon = window.setTimeout(() => this.send(), SOON);
  }

  async write() {
    try {
      await this.opened;
      while (this.typing.size) {
        const [name, value] = this.typing.first();
        await this.queue.type(name, value, this.seen.get(name));
        this.typing.kept(name, value);
      }
    } catch {
      this.isFull = true;
      this.typing.values.clear();
      this.status.textContent = this.texts.by_button;
      return;
    }
    await this.render();
    this.tabs.postMessage("typed");
  }

  /* Send what waits; one tab of the browser at a time. */
  async send() {
    await this.writing;
    const run = async (lock) => { if (lock) await this.queue.sync(); };
    if (navigator.locks) await navigator.locks.request(`nbe-send-${this.store.user}-${this.store.screening}`, { ifAvailable: true }, run);
    else await run(true);
    await this.render();
    if (this.queue.state === "saved") this.files?.retry();
    this.tabs.postMessage("sent");
    if (this.queue.state === "saved" && (await this.store.edits()).length) this.soon = window.setTimeout(() => this.send(), SOON);
  }

  /* Now and then: again, when something waits; for what others have written, while somebody is at work here. */
  async look() {
    if (document.visibilityState !== "visible") return;
    const waits = this.waiting > 0;
    const isAtWork = Date.now() - this.touchedAt < 2 * LOOK && Date.now() - (this.lookedAt || 0) > LOOK;
    if (!waits && !isAtWork && this.queue.state === "saved") return;
    this.lookedAt = Date.now();
    await this.send();
  }

  async changed() { await this.render(); }

  /* Show what is kept: values, errors, choices, and how far it is sent. */
  async render() {
    await this.files?.render();
    const stroke = this.typing.stroke;
    const turn = this.turn += 1;
    const view = await this.store.view();
    if (this.fields && turn === this.turn) this.fill(view, stroke);
    const files = await this.store.files();
    const loose = view.filter((field) => (field.problem || field.isWaiting) && !this.fields?.all(field.name).length);
    const left = this.fields ? loose.filter((field) => field.problem && !field.name.startsWith("file:")) : loose;
    showLeftOvers(document.querySelector("[data-left-over]"), this.texts, left.map((field) => ({
      label: this.texts.names[fieldOf(field.name)] ?? fieldOf(field.name), text: field.shown, message: field.message ?? "",
    })));
    const isHere = (field) => !field.name.startsWith("file:") || this.fields?.all(field.name).length;
    this.due = view.filter((field) => field.problem && isHere(field)).length + files.filter((file) => file.message).length;
    this.waiting = (await this.store.edits()).length + files.filter((file) => !file.message).length;
    this.tell(this.queue.state);
  }

  /* `stroke`: how much was typed before the view was read. What was typed since stands. */
  fill(view, stroke) {
    for (const field of view) {
      if (field.name.endsWith(":theme") && field.name.startsWith("proposal:") && field.shown) this.fields.ensure(subjectOf(field.name).slice(9), field.shown);
    }
    for (const field of view) {
      const group = this.fields.group(field.name);
      if (this.typing.isAfter(field.name, stroke) || !this.fields.all(field.name).length) continue;
      const isActive = document.activeElement?.name === field.name;
      // What the service wrote more neatly is not changed under the hands of the one who is writing.
      const isAsTyped = isActive && this.fields.value(field.name) === field.typed;
      if (this.fields.value(field.name) !== field.shown && !isAsTyped) {
        if (isActive && this.typing.isUnderHands(field.name)) { this.later(); continue; } // and goes by what was seen
        this.fields.write(field.name, field.shown);
      }
      this.seen.set(field.name, { base: field.base, value: field.value });
      this.fields.note(field.name, field.problem === "refused" && !isActive ? field.message : "");
      if (field.problem === "conflict") this.offer(group, field);
      else dropChoice(group);
    }
    this.progress();
  }

  later() {
    window.clearTimeout(this.soonShown);
    this.soonShown = window.setTimeout(() => this.render(), SOON);
  }

  offer(group, field) {
    showChoice(group, this.texts, {
      label: this.fields.label(field.name), who: field.theirs.who,
      mine: this.fields.told(field.name, field.mine), theirs: this.fields.told(field.name, field.theirs.value),
      choose: (isMine) => this.choose(field.name, isMine),
    });
  }

  async choose(name, isMine) {
    await this.writing;
    await this.queue.choose(name, isMine);
    await this.render();
    this.fields.all(name)[0].focus();
    await this.send();
  }

  progress() {
    if (!this.fields) return;
    const place = document.querySelector("[data-progress]");
    const total = this.place.querySelectorAll("[data-theme]").length;
    place.textContent = filled(place.dataset.text, { n: this.fields.judge(), total });
  }

  tell(told) {
    if (this.isFull) return;
    const state = told === "saved" && (this.waiting || this.typing.size) ? "saving" : told;
    if (!this.fields && !this.waiting && !this.due) return;
    showStatus(this.status, this.texts, { state, waiting: this.waiting ?? 0, due: this.due ?? 0, signIn: this.place.dataset.signIn });
  }

  async tellOfOthers() {
    const others = await this.store.others();
    const place = document.querySelector("[data-others]");
    place.textContent = others.map(({ person, count }) => filled(count === 1 ? this.texts.others_one : this.texts.others_many, { who: person, n: count })).join(" ");
    place.hidden = !others.length;
  }
}

const place = document.querySelector("[data-screening]");
if (place) {
  openDatabase().then((database) => new Page(place, database).start()).catch(() => {
    const texts = JSON.parse(place.dataset.texts);
    document.querySelector("[data-status]").textContent = texts.by_button;
  });
}
