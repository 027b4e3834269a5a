/* Photos and files of the form: made small on the device, which also takes away where they were taken; shown at once,
   with the fields that tell of them; sent before anything else that is told of them. */
import { newKey } from "./screening-records.mjs";
import { filled } from "./screening-notes.mjs";

const EDGE = 1600, SMALL = 240; // pixels

const scaled = async (blob, edge) => {
  const bitmap = await createImageBitmap(blob);
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const drawing = canvas.getContext("2d");
  drawing.fillStyle = "#fff";
  drawing.fillRect(0, 0, canvas.width, canvas.height);
  drawing.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
};

/* {blob, small} of what was chosen; as it is where it is no picture that can be read here: the service says why. */
async function prepared(file) {
  if (!file.type.startsWith("image/")) return { blob: file, small: "" };
  try {
    const [large, small] = [await scaled(file, EDGE), await scaled(file, SMALL)];
    const blob = await new Promise((resolve) => { large.toBlob(resolve, "image/jpeg", 0.85); });
    return blob ? { blob, small: small.toDataURL("image/jpeg", 0.7) } : { blob: file, small: "" };
  } catch {
    return { blob: file, small: "" };
  }
}

export class Files {
  constructor(form, store, texts, { chosen, removed }) {
    Object.assign(this, { form, store, texts, removed });
    this.html = form.querySelector("template[data-new-file]").innerHTML;
    const hasCamera = window.matchMedia("(pointer: coarse)").matches;
    form.querySelectorAll("[data-camera]").forEach((label) => { label.hidden = !hasCamera; });
    form.addEventListener("change", async (event) => {
      const theme = event.target.dataset.choose;
      if (theme === undefined) return;
      const files = [...event.target.files];
      event.target.value = ""; // they are kept, and the button sends no second time
      for (const file of files) await this.keep(theme, file);
      await chosen();
    });
  }

  async keep(theme, file) {
    const note = this.form.querySelector(`[data-note="${CSS.escape(`file:${theme}`)}"]`);
    note.hidden = true;
    try {
      const made = await prepared(file);
      await this.store.keepFile({ key: newKey(), theme, name: file.name, ...made, at: Date.now() });
    } catch {
      note.textContent = filled(this.texts.no_room, { n: file.name });
      note.hidden = false;
    }
  }

  /* Show what waits here, with its fields. */
  async render() {
    const waiting = await this.store.files();
    for (const file of waiting) this.place(file);
    const keys = new Set(waiting.map((file) => file.key));
    this.form.querySelectorAll("[data-waiting]").forEach((line) => {
      if (keys.has(line.dataset.file)) return;
      delete line.dataset.waiting;
      line.querySelector("[data-waits]").hidden = true;
    });
  }

  line(key) { return this.form.querySelector(`[data-file="${CSS.escape(key)}"]`); }

  place({ key, theme, name, small, message }) {
    const line = this.line(key) ?? this.#made(key, theme, name, small);
    if (!line) return;
    line.dataset.waiting = "1";
    const waits = line.querySelector("[data-waits]");
    waits.hidden = false;
    const words = message || this.texts.file_waits;
    if (waits.dataset.shown === words) return;
    waits.dataset.shown = words;
    waits.textContent = words;
    waits.classList.toggle("form-error-message", Boolean(message));
    if (!message) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-secondary", textContent: this.texts.file_drop });
    button.addEventListener("click", async () => { await this.store.dropFile(key); line.remove(); await this.removed(); });
    waits.append(" ", button);
  }

  #made(key, theme, name, small) {
    const gallery = this.form.querySelector(`[data-files="${CSS.escape(theme)}"] [data-gallery]`);
    if (!gallery) return null;
    const line = document.createRange().createContextualFragment(this.html.replaceAll("__key__", key)).firstElementChild;
    const picture = line.querySelector("[data-picture]");
    if (small) picture.replaceChildren(Object.assign(document.createElement("img"), { src: small, alt: name }));
    else picture.querySelector("[data-name]").textContent = name;
    gallery.append(line);
    return line;
  }

  /* Photos that could not be fetched without a connection. */
  retry() {
    for (const photo of this.form.querySelectorAll("[data-picture] img")) {
      if (photo.complete && !photo.naturalWidth) photo.src = photo.getAttribute("src");
    }
  }

  /* The service has it: it can be opened. */
  arrived({ key, href }) {
    const picture = this.line(key)?.querySelector("[data-picture]");
    if (picture) picture.href = href;
  }
}
