/* Where it is kept until the service has it: IndexedDB, by user and visit. Tabs share it, and each change is whole. */
import { judged, learned, newKey, numbered, renewed, shown } from "./screening-records.mjs";

const NAME = "nbe-screening";
const KEYS = { forms: [], edits: ["number"], fields: ["name"], files: ["key"] }; // within a user and a visit
const STORES = Object.keys(KEYS);

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export async function openDatabase() {
  const asked = indexedDB.open(NAME, 2);
  asked.onupgradeneeded = () => {
    for (const [name, more] of Object.entries(KEYS)) {
      if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath: ["user", "screening", ...more] });
    }
  };
  const database = await done(asked);
  database.onversionchange = () => database.close();
  return database;
}

export class Store {
  constructor(database, user, screening, person) {
    Object.assign(this, { database, user, screening, person });
    this.key = { user, screening };
    this.all = IDBKeyRange.bound([user, screening], [user, screening, []]);
  }

  /* `work` on the stores within one transaction; kept when it resolves. */
  async #whole(mode, work) {
    const transaction = this.database.transaction(STORES, mode);
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error || new Error("aborted"));
    });
    const stores = Object.fromEntries(STORES.map((name) => [name, transaction.objectStore(name)]));
    let result;
    try {
      result = await work(stores);
    } catch (error) {
      ended.catch(() => {});
      try { transaction.abort(); } catch { /* it has ended by itself */ }
      throw error;
    }
    await ended;
    return result;
  }

  async #form(stores) {
    const found = await done(stores.forms.get([this.user, this.screening]));
    return found || { ...this.key, device: newKey(), next: 1, since: 0, person: this.person };
  }

  async #field(stores, name) {
    return (await done(stores.fields.get([this.user, this.screening, name]))) || { ...this.key, name, base: null, value: "" };
  }

  form() { return this.#whole("readonly", (stores) => this.#form(stores)); }
  edits() { return this.#whole("readonly", (stores) => done(stores.edits.getAll(this.all))); }
  field(name) { return this.#whole("readonly", (stores) => this.#field(stores, name)); }
  put(field) { return this.#whole("readwrite", (stores) => done(stores.fields.put({ ...this.key, ...field }))); }

  /* The page as it was made: what is saved in each field, and by which edit. An older page tells nothing new. */
  seed(fields, stand) {
    return this.#whole("readwrite", async (stores) => {
      const form = await this.#form(stores);
      const known = new Map((await done(stores.fields.getAll(this.all))).map((field) => [field.name, field]));
      const isNews = stand >= form.since;
      await done(stores.forms.put({ ...form, person: this.person, since: Math.max(stand, form.since) }));
      for (const field of fields) {
        const old = known.get(field.name);
        if (!old || (isNews && !old.problem)) stores.fields.put({ ...this.key, ...field });
      }
    });
  }

  /* Keep what is typed. While a choice is due, it is what one of the two reads. */
  add(name, value, seen) {
    return this.#whole("readwrite", async (stores) => {
      const form = await this.#form(stores);
      const field = await this.#field(stores, name);
      if (field.problem === "conflict") { await done(stores.fields.put({ ...field, mine: value })); return; }
      const edits = await done(stores.edits.getAll(this.all));
      const waiting = edits.findLast((edit) => edit.name === name);
      if (field.problem) await done(stores.fields.put({ ...this.key, name, base: field.base, value: field.value }));
      const kept = numbered({ form, field, last: edits.at(-1), waiting, seen: seen || field, name, value });
      if (!kept) return;
      await done(stores.edits.put({ ...this.key, ...kept.edit }));
      await done(stores.forms.put(kept.form));
    });
  }

  /* These may have reached the service. */
  mark(numbers) {
    return this.#whole("readwrite", async (stores) => {
      for (const number of numbers) {
        const edit = await done(stores.edits.get([this.user, this.screening, number]));
        if (edit) await done(stores.edits.put({ ...edit, tried: true }));
      }
    });
  }

  settle(outcomes) {
    return this.#whole("readwrite", async (stores) => {
      for (const one of outcomes) {
        const edit = await done(stores.edits.get([this.user, this.screening, one.number]));
        if (!edit || edit.device !== one.device) continue; // told before
        await done(stores.edits.delete([this.user, this.screening, one.number]));
        const left = await done(stores.edits.getAll(this.all));
        const isLast = !left.some((other) => other.name === one.name);
        const field = judged(await this.#field(stores, one.name), one, isLast, edit.value);
        await done(stores.fields.put({ ...this.key, ...field }));
      }
    });
  }

  /* Take in what others have written up to `latest`; -> the fields that read otherwise now. */
  learn(later, latest) {
    return this.#whole("readwrite", async (stores) => {
      const names = [];
      const edits = await done(stores.edits.getAll(this.all));
      for (const one of later) {
        const name = `${one.subject}:${one.field}`;
        const field = learned(await this.#field(stores, name), one, edits.some((edit) => edit.name === name));
        if (!field) continue;
        await done(stores.fields.put({ ...this.key, ...field }));
        names.push(name);
      }
      const form = await this.#form(stores);
      await done(stores.forms.put({ ...form, since: latest })); // less than before when the service was set back
      return names;
    });
  }

  renew() {
    return this.#whole("readwrite", async (stores) => {
      const edits = await done(stores.edits.getAll(this.all));
      const fields = new Map((await done(stores.fields.getAll(this.all))).map((field) => [field.name, field]));
      const device = newKey();
      await done(stores.edits.delete(this.all));
      for (const edit of renewed(edits, fields, device)) await done(stores.edits.put(edit));
      await done(stores.forms.put({ ...(await this.#form(stores)), device, next: edits.length + 1 }));
    });
  }

  /* Photos and files that wait, in the order they were chosen. `message`: why the service did not take one. */
  async files() {
    const files = await this.#whole("readonly", (stores) => done(stores.files.getAll(this.all)));
    return files.sort((a, b) => a.at - b.at);
  }

  keepFile(file) { return this.#whole("readwrite", (stores) => done(stores.files.put({ ...this.key, ...file }))); }
  dropFile(key) { return this.#whole("readwrite", (stores) => done(stores.files.delete([this.user, this.screening, key]))); }

  /* Every field with what it shows. */
  view() {
    return this.#whole("readonly", async (stores) => {
      const waiting = new Map((await done(stores.edits.getAll(this.all))).map((edit) => [edit.name, edit]));
      const fields = new Map((await done(stores.fields.getAll(this.all))).map((field) => [field.name, field]));
      for (const name of waiting.keys()) if (!fields.has(name)) fields.set(name, { name, base: null, value: "" });
      return [...fields.values()].map((field) => ({ ...field, isWaiting: waiting.has(field.name), shown: shown(field, waiting.get(field.name)) }));
    });
  }

  /* Who else has changes waiting here for this visit: [{person, count}]. */
  others() {
    return this.#whole("readonly", async (stores) => {
      const counts = new Map();
      for (const edit of [...await done(stores.edits.getAll()), ...await done(stores.files.getAll())]) {
        if (edit.user !== this.user && edit.screening === this.screening) counts.set(edit.user, (counts.get(edit.user) || 0) + 1);
      }
      const forms = await done(stores.forms.getAll());
      return [...counts].map(([user, count]) => ({ count, person: forms.find((form) => form.user === user && form.screening === this.screening)?.person || "" }));
    });
  }
}

/* How many changes wait on this device, of anybody in any form. */
export async function countUnsent(database) {
  const read = (name) => done(database.transaction(name).objectStore(name).getAll());
  const [edits, files, fields] = [await read("edits"), await read("files"), await read("fields")];
  return edits.length + files.length + fields.filter((field) => field.problem).length;
}

/* Forget whatever the service has: every form in which nothing waits and nothing is to be chosen or put right. */
export async function dropSaved(database) {
  const transaction = database.transaction(STORES, "readwrite");
  const [forms, edits, fields, files] = STORES.map((name) => transaction.objectStore(name));
  for (const { user, screening } of await done(forms.getAll())) {
    const all = IDBKeyRange.bound([user, screening], [user, screening, []]);
    const isWaiting = (await done(edits.count(all))) || (await done(files.count(all))) || (await done(fields.getAll(all))).some((field) => field.problem);
    if (isWaiting) continue;
    await done(fields.delete(all));
    await done(forms.delete([user, screening]));
  }
}
