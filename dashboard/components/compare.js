/* The before/after picture. Streamlit calls the default export on mount and after every change of `data`. */

// Keys of the pictures whose divider has swept, see Compare.show.
const swept = new Set();

export default function ({ data, parentElement }) {
  const compare = controllerOf(parentElement, Compare);
  return applyInOrder(compare, () => {
    const stop = compare.start(data);
    compare.show(data);
    return stop;
  });
}

class Compare {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.frame = find(".frame");
    this.before = find(".layer.before");
    this.after = find(".layer.after");
    this.busy = find(".busy");
    this.failure = find(".failure");
    this.buttons = { zoom: find(".zoom-in"), whole: find(".whole"), full: find(".full-screen") };
    this.divider = new Divider(root);
    this.fullScreen = new FullScreen(this.frame);
    this.zoom = new Zoom(this.frame, () => this.tellZoom());
  }

  start({ key, room_below }) {
    const listening = listeningAnew(this);
    const { signal } = listening;
    const listen = (type, handle) => this.frame.addEventListener(type, handle, { signal });
    listen("pointerdown", (event) => this.grip(event));
    listen("pointermove", (event) => this.drag(event));
    listen("pointerup", (event) => this.release(event));
    listen("pointercancel", (event) => this.giveUp(event));
    // Otherwise the browser would take the focus from the handle and start to select text.
    listen("mousedown", (event) => isTool(event) || event.preventDefault());
    listen("keydown", (event) => this.press(event));
    this.buttons.zoom.onclick = () => this.zoom.zoomBy(2);
    this.buttons.whole.onclick = () => this.showWhole();
    this.buttons.full.onclick = () => this.fullScreen.toggle();
    this.divider.start(key, signal);
    this.zoom.start(signal);
    this.fullScreen.start(() => this.nameButtons(), signal);
    fitToWindow(this.frame, room_below, signal);
    return () => listening.abort();
  }

  /* Decodes all new pictures before it shows any, so that nothing flickers and old and new are never mixed. */
  async show(data) {
    this.latest = data;
    try {
      const [before, after] = await Promise.all([
        decoded(this.before, data.before),
        data.after && decoded(this.after, data.after),
      ]);
      if (this.latest !== data) return;
      this.before.replaceChildren(before);
      this.after.replaceChildren(...(after ? [after] : []));
    } catch (error) {
      // A picture that was replaced may be gone from the server. Only a failure of the latest picture matters.
      if (this.latest !== data) return;
      console.error(`The compared pictures could not be loaded: ${error}`);
      this.failure.textContent = data.words.failure;
      return;
    }
    this.failure.textContent = "";
    this.busy.textContent = data.busy;
    this.busy.hidden = !data.busy;
    this.frame.setAttribute("aria-busy", Boolean(data.busy));
    this.frame.style.setProperty("--ratio", data.width / data.height);
    this.frame.hidden = false;
    this.nameButtons();
    this.place(data);
  }

  /* Puts the divider in its place. It sweeps over the picture first if that has just got its colours. */
  place(data) {
    const wasAlone = this.isAlone;
    this.isAlone = !data.after;
    this.frame.classList.toggle("alone", this.isAlone);
    this.divider.name(data.before.label, data.after?.label ?? "", data.words.divider);
    if (this.isAlone) {
      this.divider.endSweep();
      this.divider.draw(100);
    } else if (data.sweep && (wasAlone || !swept.has(data.key))) {
      this.divider.sweep();
    } else if (!this.divider.isSweeping) {
      this.divider.endSweep();
    }
    if (!this.isAlone) swept.add(data.key);
  }

  nameButtons() {
    const { words } = this.latest;
    nameButton(this.buttons.zoom, words.zoom, "+");
    nameButton(this.buttons.whole, words.whole, "0");
    nameButton(this.buttons.full, this.fullScreen.isOn ? words.leave : words.full, "F");
  }

  /* Shows the whole picture, and gives the focus to a button that stays. */
  showWhole() {
    this.zoom.showWhole();
    this.buttons.zoom.focus();
  }

  /* A zoomed picture can have the focus, so that keys can pan it. */
  tellZoom() {
    const { zoom, frame } = this;
    if (!zoom || frame.classList.contains("zoomed") === this.isTold) return;
    this.isTold = zoom.isZoomed;
    this.buttons.whole.hidden = !zoom.isZoomed;
    if (zoom.isZoomed) {
      frame.tabIndex = 0;
      frame.setAttribute("aria-label", this.latest.words.zoomed);
      // After a turn of the wheel the keys work, too, unless they are wanted elsewhere.
      if (document.activeElement === document.body) frame.focus({ preventScroll: true });
    } else {
      if (frame.matches(":focus")) this.divider.handle.focus({ preventScroll: true });
      frame.removeAttribute("tabindex");
      frame.removeAttribute("aria-label");
    }
  }

  /* One pointer moves the divider, or pans a zoomed picture unless it begins on the handle. Two zoom. */
  grip(event) {
    if (!this.zoom.take(event)) return;
    if (this.zoom.fingers.size > 1) this.divider.giveUp();
    else if (this.zoom.isZoomed && !event.composedPath().includes(this.divider.handle)) this.frame.focus();
    else if (!this.isAlone) this.divider.grip(event);
  }

  drag(event) {
    if (!this.zoom.fingers.has(event.pointerId)) return;
    if (!this.divider.gripped) return this.zoom.follow(event);
    this.zoom.touch(event);
    this.divider.drag(event);
  }

  release(event) {
    this.zoom.lift(event);
    this.divider.release(event);
  }

  giveUp(event) {
    this.zoom.lift(event);
    this.divider.giveUp();
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isUsed =
      this.zoom.press(event) ||
      (event.target === this.divider.handle && this.divider.press(event)) ||
      (event.target === this.frame && this.zoom.pressPan(event)) ||
      this.pressFullScreen(event);
    if (isUsed) event.preventDefault();
  }

  pressFullScreen(event) {
    if (event.key.toLowerCase() === "f") this.fullScreen.toggle();
    else if (event.key === "Escape" && this.fullScreen.isOn) this.fullScreen.leave();
    else return false;
    return true;
  }
}
