/* Plays a script of typing, sending with faults and closing on the queue of the form; ends with a good connection. */
async ({ screening, script, modules, photo }) => {
  const { Queue, Unreachable } = await import(modules.queue);
  const { Store, openDatabase } = await import(modules.store);
  const { makeTransport } = await import(modules.transport);
  const address = `/screeninger/${screening}/rettelser`;
  const database = await openDatabase();
  const user = (await (await fetch(address, { headers: { Accept: "application/json" } })).json()).user;
  const real = makeTransport(address, `/screeninger/${screening}/filer`);
  const picture = new Blob([Uint8Array.from(photo)], { type: "image/jpeg" });
  let faults = [];
  const late = [];

  const deliver = async (request) => {
    for (const one of late.splice(0)) await one(); // what was thought lost arrives before the next
    return request();
  };
  const faulty = (request) => async (...given) => {
    const fault = faults.shift() ?? "ok";
    if (fault === "lost") throw new Unreachable();
    if (fault === "signed out") return { status: 401, body: null };
    if (fault === "other session") return { status: 400, body: null };
    if (fault === "late") { late.push(() => request(...given)); throw new Unreachable(); }
    if (fault === "twice") await deliver(() => request(...given));
    const answer = await deliver(() => request(...given));
    if (fault === "answer lost") throw new Unreachable();
    if (fault === "cut in reading") return { status: 502, body: null };
    return answer;
  };
  const transport = { state: real.state, send: faulty(real.send), file: faulty(real.file) };
  const open = () => {
    const store = new Store(database, user, screening, "Prøve");
    return { store, queue: new Queue({ store, transport, user }) };
  };

  let { store, queue } = open();
  let theirs = 0;
  const device = crypto.randomUUID();
  const other = async (name, value) => {
    const at = name.lastIndexOf(":");
    const { body } = await real.state(0, "nobody");
    const last = body.later.findLast((edit) => `${edit.subject}:${edit.field}` === name);
    theirs += 1;
    const edit = { device, number: theirs, subject: name.slice(0, at), field: name.slice(at + 1), value, base_id: last?.id ?? null };
    await real.send({ edits: [edit], since: 0 }, body.csrf);
  };

  for (const [what, ...given] of script) {
    if (what === "type") await queue.type(...given);
    if (what === "photo") {
      const key = crypto.randomUUID();
      await store.keepFile({ key, theme: "energy", name: "hal.jpg", blob: picture, small: "", at: performance.now() });
      await queue.type(`file:${key}:caption`, given[0]);
    }
    if (what === "other") await other(...given);
    if (what === "forget") await window.forget(screening);
    if (what === "close") ({ store, queue } = open());
    if (what === "send") { faults = [...given[0]]; await queue.sync(); }
  }
  faults = [];
  for (let i = 0; i < 3; i += 1) await queue.sync();
  for (const one of late.splice(0)) await one();
  const view = await store.view();
  return {
    state: queue.state, waiting: (await store.edits()).length + (await store.files()).length,
    shown: Object.fromEntries(view.map((field) => [field.name, field.shown])),
    problems: view.filter((field) => field.problem).map((field) => field.name),
  };
}
