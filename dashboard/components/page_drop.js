/* Files that are dropped or pasted anywhere on the page go to a field for files, and phones offer their camera. */

const UPLOADER = '[data-testid="stFileUploader"]';
const FIELD = 'input[type="file"]:not([webkitdirectory])';
const EDITABLE = "input, textarea, [contenteditable]"; // where pasted text belongs
const PATIENCE = 10000; // milliseconds until an opened tab has its field

class PageDrop {
  constructor(root) {
    this.overlay = root.querySelector(".overlay");
    this.spoken = root.querySelector(".spoken");
    this.isInner = false; // whether something of the page itself is dragged
  }

  start() {
    const listening = listeningAnew(this);
    // While they are captured: before Streamlit's fields, which take files on themselves alone.
    const listen = (type, handle) =>
      window.addEventListener(type, handle, { signal: listening.signal, capture: true });
    listen("dragstart", () => (this.isInner = true));
    listen("dragend", () => (this.isInner = false));
    for (const type of ["dragenter", "dragover"]) listen(type, (event) => this.drag(event));
    listen("dragleave", (event) => this.leave(event));
    listen("pointermove", () => this.cover(false)); // there is none while something is dragged
    listen("drop", (event) => this.drop(event));
    listen("paste", (event) => this.paste(event));
    listen("click", (event) => offerCamera(event));
    return () => listening.abort();
  }

  show({ takers, tabs, words }) {
    this.takers = takers;
    this.tabs = tabs;
    this.words = words;
    this.overlay.querySelector("p").textContent = words.drop;
  }

  hasFiles(event) {
    return !this.isInner && event.dataTransfer !== null && event.dataTransfer.types.includes("Files");
  }

  drag(event) {
    if (!this.hasFiles(event)) return;
    take(event);
    event.dataTransfer.dropEffect = "copy";
    this.cover(true);
  }

  leave(event) {
    if (!this.hasFiles(event)) return;
    take(event);
    // Out of the sheet there is only the way out of the window, or the end of the drag.
    if (event.target === this.overlay.getRootNode().host) this.cover(false);
  }

  async drop(event) {
    if (!this.hasFiles(event)) return;
    take(event);
    this.cover(false);
    const aimed = fieldAround(document.elementsFromPoint(event.clientX, event.clientY));
    const { files, isFolder } = await filesOf(event.dataTransfer);
    const named = files.filter((file) => this.takers.some((taker) => isNamed(file, taker)));
    this.give(isFolder && named.length ? named : files, aimed); // a folder has files of the system's, too
  }

  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    const isText = event.clipboardData?.types.includes("text/plain");
    if (!files.length || (isText && event.composedPath().some((element) => element.matches?.(EDITABLE)))) return;
    take(event);
    this.give(files, null);
  }

  cover(isCovered) {
    if (isCovered !== this.overlay.matches(":popover-open")) this.overlay.togglePopover(isCovered);
  }

  /* Puts the files into the field `aimed` at, the open tab's, or that of the tab that takes them. */
  async give(files, aimed) {
    if (!files.length) return;
    const near = aimed ?? this.fieldOf(this.openTab());
    if (near && takes(near, files)) {
      put(near, files);
      return;
    }
    const isMany = files.length > 1;
    const wanted = this.takers.find((taker) => (taker.many || !isMany) && files.every((file) => isNamed(file, taker)));
    const usual = this.takers.find((taker) => taker.many || !isMany); // its field says which files it does not take
    const tab = this.tabElements()[(wanted ?? usual).tab];
    tab.click();
    put(await this.waitForField(tab), files);
    this.spoken.textContent = this.words.moved.replace("{tab}", nameOf(tab));
  }

  tabElements() {
    return [...document.querySelector(`.st-key-${this.tabs} [role="tablist"]`).querySelectorAll('[role="tab"]')];
  }

  openTab() {
    return this.tabElements().find((tab) => tab.getAttribute("aria-selected") === "true");
  }

  fieldOf(tab) {
    const panel = document.querySelector(`[role="tabpanel"][aria-labelledby="${CSS.escape(tab.id)}"]`);
    return panel?.querySelector(`${UPLOADER} ${FIELD}:enabled`);
  }

  waitForField(tab) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const field = this.fieldOf(tab);
        if (field) finish(() => resolve(field));
      };
      const observer = new MutationObserver(look);
      const late = setTimeout(() => finish(() => reject(new Error("the tab has no field for files"))), PATIENCE);
      const finish = (settle) => {
        observer.disconnect();
        clearTimeout(late);
        settle();
      };
      observer.observe(document.body, { childList: true, subtree: true, attributes: true });
      look();
    });
  }
}

/* Keeps an event from the page's fields and from the browser, which would leave the page for a dropped file. */
function take(event) {
  event.preventDefault();
  event.stopPropagation();
}

/* The field for files that one of these elements lies in or is. */
function fieldAround(elements) {
  const uploader = elements.find((element) => element.matches?.(UPLOADER));
  return uploader?.querySelector('input[type="file"]:enabled');
}

function put(field, files) {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  field.files = transfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function takes(field, files) {
  const kinds = field.accept.split(",").map((kind) => kind.trim().toLowerCase());
  const isTaken = (file) => !field.accept || kinds.includes(suffixOf(file)) || kinds.includes(file.type);
  return (field.multiple || files.length === 1) && files.every(isTaken);
}

function isNamed(file, taker) {
  return taker.suffixes.includes(suffixOf(file));
}

function suffixOf(file) {
  return file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
}

/* The words of a tab, without the name of its icon's glyph. */
function nameOf(tab) {
  const copy = tab.cloneNode(true);
  copy.querySelectorAll('[data-testid="stIconMaterial"], [role="img"]').forEach((icon) => icon.remove());
  return copy.textContent.trim();
}

/* The dropped files, also those in dropped folders. */
async function filesOf(transfer) {
  // Before the first await, because the browser forgets the dropped items then.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...transfer.files];
  const isFolder = entries.some((entry) => entry.isDirectory);
  return { files: isFolder ? (await Promise.all(entries.map(filesBelow))).flat() : files, isFolder };
}

async function filesBelow(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  // Browsers hand out a folder in parts; the last one is empty.
  for (let part; (part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length; ) {
    found.push(...(await Promise.all(part.map(filesBelow))));
  }
  return found.flat();
}

/* Lets a phone offer its camera beside its pictures: a list of suffixes alone makes some offer files only. */
function offerCamera(event) {
  const field = fieldAround(event.composedPath());
  if (!field || field.multiple || !matchMedia("(pointer: coarse)").matches) return;
  const kinds = field.accept.split(",");
  if (kinds.includes(".jpg") && !kinds.includes("image/*")) field.accept = `image/*,${field.accept}`;
}
