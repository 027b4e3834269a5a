/* What is typed this very moment, until it is kept in the database of the device: noted at once, so that a tab closed
   between two key strokes loses nothing. */

export class Typing {
  constructor(user, screening) {
    this.prefix = `nbe-typing:${user}:${screening}:`;
    this.values = new Map(); // field -> value, in the order they were typed
  }

  get size() { return this.values.size; }

  has(name) { return this.values.has(name); }

  first() { return this.values.entries().next().value; }

  note(name, value, seen) {
    this.values.delete(name);
    this.values.set(name, value);
    const at = performance.timeOrigin + performance.now();
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify({ name, value, seen, at }));
    } catch { /* no room: it is kept a moment later all the same, or the page says so */ }
  }

  kept(name, value) {
    if (this.values.get(name) !== value) return; // typed on meanwhile
    this.values.delete(name);
    this.forget(name);
  }

  forget(name) { localStorage.removeItem(this.prefix + name); }

  /* What a closed tab left, in order: [{name, value, seen}]. */
  left() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    return keys.map((key) => JSON.parse(localStorage.getItem(key))).sort((a, b) => a.at - b.at);
  }
}
