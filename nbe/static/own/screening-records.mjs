/* What is kept of one form on one device, as rules on plain records: numbering, what is known of a field, what waits.

   form:  {device, next, since}       device: who numbers; since: the latest edit seen of anybody
   edit:  {number, device, name, value, base, seen, tried}     waits to be sent
   field: {name, base, value[, typed, mine, problem, message, theirs]} as last known to be saved; typed: the same as it was
          written here; mine: what is typed instead, and not taken in */

/* Give a change its number. `last`: what waits last of all, `waiting`: last in this field; `seen`: {base, value}, as the
   page showed the field. -> {edit, form} to be kept, or null when nothing is new. */
export function numbered({ form, field, last, waiting, seen, name, value }) {
  const current = waiting ? waiting.value : field.value;
  if (current === value) return null;
  // What has not been on its way yet may still change; what has been keeps its number and its words.
  if (last && last.name === name && !last.tried) return { edit: { ...last, value }, form };
  const edit = { number: form.next, device: form.device, name, value, base: seen.base, seen: seen.value, tried: false };
  return { edit, form: { ...form, next: form.next + 1 } };
}

/* What is known of a field after one of its edits was judged. `isLast`: no newer one waits; `typed`: as it was sent. */
export function judged(field, outcome, isLast, typed) {
  const { outcome: what, id, value, message, theirs } = outcome;
  if (what === "applied") return { name: field.name, base: id, value, typed };
  if (what === "conflict" && theirs.value === value) return { name: field.name, base: theirs.id, value };
  if (!isLast) return field; // the newer one will be judged as well
  if (what === "conflict") return { ...field, mine: value, problem: "conflict", message: "", theirs };
  return { ...field, mine: value, problem: "refused", message, theirs: null };
}

/* What is known of a field after another device wrote in it; null: nothing is to be changed, mine comes first. */
export function learned(field, later, isWaiting) {
  if (isWaiting || later.id <= (field.base || 0)) return null;
  if (!field.problem) return { name: field.name, base: later.id, value: later.value };
  if (field.problem === "conflict") return { ...field, theirs: { id: later.id, value: later.value, who: "" } };
  return null; // refused: what was typed stays until it is put right, and is then seen as a conflict
}

/* What waits, under a new device that counts from one. Nothing of it has reached the service. */
export function renewed(edits, fields, device) {
  return edits.map((edit, index) => {
    const known = fields.get(edit.name);
    return { ...edit, device, number: index + 1, base: Math.max(edit.base || 0, known?.base || 0) || null, tried: false };
  });
}

/* What a field shows: what waits, else what was typed and not taken in, else what is saved. */
export function shown(field, waiting) {
  if (waiting) return waiting.value;
  return field.mine ?? field.value;
}

export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
