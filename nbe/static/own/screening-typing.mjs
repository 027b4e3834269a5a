/* What is typed this very moment, until it is kept in the database of the device: noted at once, so that a tab closed
   between two key strokes loses nothing. Counts the strokes as well, so that a field is never set back to what was
   read before one of them. */

const HANDS = 3000; // milliseconds: somebody is at it

export class Typing {
  constructor(user, screening) {
    this.prefix = `nbe-typing:${user}:${screening}:`;
    this.values = new Map(); // field -> value, in the order they were typed
    this.stroke = 0; // how many so far
    this.strokes = new Map(); // field -> its latest, and when
  }

  get size() { return this.values.size; }

  has(name) { return this.values.has(name); }

  /* Whether a field was typed in after so many strokes; what was read then is too old for it. */
  isAfter(name, stroke) { return this.has(name) || (this.strokes.get(name)?.stroke ?? 0) > stroke; }

  isUnderHands(name) { return performance.now() - (this.strokes.get(name)?.at ?? -HANDS) < HANDS; }

  first() { return this.values.entries().next().value; }

  note(name, value, seen) {
    this.values.delete(name);
    this.values.set(name, value);
    this.stroke += 1;
    this.strokes.set(name, { stroke: this.stroke, at: performance.now() });
    const at = performance.timeOrigin + performance.now();
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify({ name, value, seen, at }));
    } catch { /* no room: it is kept a moment later all the same, or the page says so */ }
  }

  kept(name, value) {
    if (this.values.get(name) !== value) return; // typed on meanwhile
    this.values.delete(name);
    this.strokes.get(name).stroke = this.stroke += 1; // what was read before it was kept is too old as well
    this.forget(name);
  }

  forget(name) { localStorage.removeItem(this.prefix + name); }

  /* What a closed tab left, in order: [{name, value, seen}]. */
  left() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    return keys.map((key) => JSON.parse(localStorage.getItem(key))).sort((a, b) => a.at - b.at);
  }
}
