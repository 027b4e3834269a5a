/* What is typed in the form of a visit, on its way to the service: in order, each change once, nothing overwritten.
   Knows neither page nor database: `store` keeps (screening-store.mjs), `transport` sends; both are given. */

export const BATCH = 100;

const split = (name) => {
  const at = name.lastIndexOf(":");
  return [name.slice(0, at), name.slice(at + 1)];
};

// How the sending stands: saved, saving, offline, and those. Each has its words on the page.
// "stale": the token is of another session.
const BY_STATUS = { 400: "stale", 401: "out", 403: "denied", 404: "denied" };

export class Queue {
  /* user: who fills in; show(state): how it stands; changed(names): fields that are kept otherwise than before;
     arrived(file): a file that the service has. */
  constructor({ store, transport, user, show = () => {}, changed = () => {}, arrived = () => {} }) {
    Object.assign(this, { store, transport, user, show, changed, arrived, state: "saved", csrf: "" });
  }

  /* One field as it now reads; `seen`: {base, value}, as it was shown before. Resolves when kept on this device. */
  async type(name, value, seen) {
    await this.store.add(name, value.replaceAll("\0", ""), seen);
  }

  /* The answer to a conflict: mine goes out once more, now knowing theirs; or theirs stands. */
  async choose(name, isMine) {
    const field = await this.store.field(name);
    if (!field || field.problem !== "conflict") return;
    await this.store.put({ name, base: field.theirs.id, value: field.theirs.value });
    if (isMine) await this.store.add(name, field.mine);
    await this.changed([name]);
  }

  /* Ask what is new, and send what waits; -> the state it ended in. */
  async sync() {
    let state = "saved";
    try {
      const isWaiting = await this.#isWaiting();
      if (isWaiting) this.#tell("saving");
      // Who sent a moment ago need not ask first: the token says whose session it is.
      state = this.csrf && isWaiting ? await this.#sendAll() : "stale";
      if (state === "stale") state = await this.#askAndSend();
      if (state === "stale") state = "trouble";
    } catch (error) {
      if (error.name !== "Unreachable") throw error;
      state = "offline";
    }
    if (state !== "saved") this.csrf = "";
    return this.#tell(state);
  }

  #tell(state) {
    this.state = state;
    this.show(state);
    return state;
  }

  async #isWaiting() {
    return (await this.store.edits()).length > 0 || (await this.#files()).length > 0;
  }

  async #askAndSend() {
    const { since, device } = await this.store.form();
    const asked = await this.transport.state(since, device);
    const state = await this.#heard(asked);
    return state === "saved" ? this.#sendAll() : state;
  }

  async #sendAll() {
    const sentFiles = await this.#sendFiles();
    if (sentFiles !== "saved") return sentFiles;
    let waiting = await this.#first();
    while (waiting.length) {
      const sent = await this.#send(waiting);
      const after = await this.#heard(sent);
      if (after !== "saved") return after;
      if (!(await this.#settle(waiting, sent.body))) return "trouble";
      waiting = await this.#first();
    }
    return "saved";
  }

  async #files() {
    return (await this.store.files()).filter((file) => !file.message);
  }

  /* Files go before what is told of them. Their key makes them count once. */
  async #sendFiles() {
    for (const file of await this.#files()) {
      const { status, body } = await this.transport.file(file, this.csrf);
      if (status === 413 || status === 422) {
        await this.store.keepFile({ ...file, message: body?.message ?? body?.detail ?? "" });
      } else if (status === 200 && body?.user === this.user) {
        await this.store.dropFile(file.key);
        await this.arrived(body.file);
      } else return status === 200 ? "other" : BY_STATUS[status] || "trouble";
    }
    return "saved";
  }

  /* The next batch. */
  async #first() {
    return (await this.store.edits()).slice(0, BATCH);
  }

  async #send(waiting) {
    const { since } = await this.store.form();
    await this.store.mark(waiting.map((edit) => edit.number)); // from here on the service may have them
    const edits = waiting.map((edit) => {
      const [subject, field] = split(edit.name);
      const { device, number, value, base, seen } = edit;
      return { device, number, subject, field, value, base_id: base, seen };
    });
    return this.transport.send({ edits, since }, this.csrf);
  }

  /* What an answer says of who is signed in and of what others have written. */
  async #heard({ status, body }) {
    if (status !== 200 || !body) return BY_STATUS[status] || "trouble";
    if (body.user !== this.user) return "other";
    this.csrf = body.csrf;
    const names = await this.store.learn(body.later, body.latest);
    if (names.length) await this.changed(names);
    return "saved";
  }

  /* Note what became of a batch; -> whether something became of it. */
  async #settle(waiting, body) {
    const { device } = waiting[0];
    const mine = body.outcomes.filter((one) => one.device === device);
    await this.store.settle(mine.map((one) => ({ ...one, name: `${one.subject}:${one.field}` })));
    if (mine.length) await this.changed(mine.map((one) => `${one.subject}:${one.field}`));
    if (device in body.send_from) {
      // The service has been set back to an earlier day and does not know what went before: count anew from one.
      await this.store.renew();
      return true;
    }
    return mine.length > 0;
  }
}

export class Unreachable extends Error {
  constructor() { super("unreachable"); this.name = "Unreachable"; }
}
