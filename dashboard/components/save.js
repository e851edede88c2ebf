/* Buttons that save files made on request. Streamlit calls the default export on mount and after every change. */

const SHOWN_MILLISECONDS = 4000; // how long it says that a file is saved
const KEPT_MILLISECONDS = 60000; // how long the browser may take to write a file

export default function ({ data, parentElement }) {
  const saver = controllerOf(parentElement, Saver);
  return applyInOrder(saver, () => {
    const stop = saver.start();
    saver.show(data);
    return stop;
  });
}

class Saver {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    this.main = find(".main");
    this.more = find(".more");
    this.menu = find(".menu");
    this.status = find(".status");
    this.failure = find(".failure");
  }

  start() {
    const listening = listeningAnew(this);
    const listen = (target, type, handle) => target.addEventListener(type, handle, { signal: listening.signal });
    listen(this.main, "click", () => this.save(this.files[0]));
    listen(this.more, "click", () => this.open(this.menu.hidden));
    listen(this.more, "keydown", (event) => this.openByKey(event));
    listen(this.menu, "click", (event) => this.choose(event.target.closest("button")));
    listen(this.menu, "keydown", (event) => this.move(event));
    // The event's path begins outside of this component, whose own parts it does not name.
    listen(document, "pointerdown", (event) => {
      if (!event.composedPath().includes(this.more.parentElement)) this.open(false);
    });
    return () => listening.abort();
  }

  show({ files, words }) {
    this.files = files;
    this.words = words;
    this.main.disabled = files.length === 0;
    this.main.querySelector(".name").textContent = files[0]?.label ?? words.none;
    this.more.hidden = files.length < 2;
    this.more.setAttribute("aria-label", words.more);
    this.more.title = words.more;
    this.menu.setAttribute("aria-label", words.more);
    const items = files.slice(1).map(({ label }) => {
      const item = document.createElement("button");
      Object.assign(item, { type: "button", role: "menuitem", tabIndex: -1, textContent: label });
      return item;
    });
    if (this.menu.hidden) this.menu.replaceChildren(...items);
    this.failure.querySelector("summary").textContent = words.details;
  }

  open(isOpen) {
    if (this.menu.hidden === !isOpen) return;
    this.menu.hidden = !isOpen;
    this.more.setAttribute("aria-expanded", isOpen);
    if (!isOpen) return;
    this.menu.classList.remove("up");
    this.menu.classList.toggle("up", this.menu.getBoundingClientRect().bottom > window.innerHeight);
    this.menu.firstElementChild.focus();
  }

  openByKey(event) {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    this.open(true);
  }

  move(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(this.root.activeElement);
    const targets = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
    if (Object.hasOwn(targets, event.key)) {
      event.preventDefault();
      items[targets[event.key] % items.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      this.open(false);
      if (event.key === "Escape") this.more.focus();
    }
  }

  choose(item) {
    if (!item) return;
    const number = [...this.menu.children].indexOf(item) + 1;
    this.more.focus();
    this.open(false);
    this.save(this.files[number]);
  }

  /* The answer comes when the file is made. Until then the button says that work goes on. */
  async save(file) {
    if (this.isWorking || !file) return;
    this.setWorking(true);
    this.failure.hidden = true;
    try {
      const answer = await fetch(new URL(file.path, document.baseURI));
      if (!answer.ok) throw new Error(await answer.text());
      hand(await answer.blob(), file.name);
      this.say(this.words.done);
      setTimeout(() => this.isWorking || this.say(""), SHOWN_MILLISECONDS);
    } catch (error) {
      this.say("");
      const [words, details] = this.failure.querySelectorAll("p");
      words.textContent = this.words.failed;
      details.textContent = error.message;
      this.failure.hidden = false;
    } finally {
      this.setWorking(false);
    }
  }

  setWorking(isWorking) {
    this.isWorking = isWorking;
    this.main.classList.toggle("working", isWorking);
    this.main.setAttribute("aria-busy", isWorking);
    if (isWorking) this.say(this.words.working);
  }

  say(words) {
    this.status.textContent = words;
  }
}

function hand(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MILLISECONDS);
}
