/* The before/after slider. Streamlit calls the default export on mount and after every change of `data`. */

const SMALL_STEP = 5;
const LARGE_STEP = 20;

// Position of each divider in percent from the left. Streamlit loads this module once per page, so a slider that is
// removed and mounted again (in another tab or another place on the page) gets its position back.
const positions = new Map();

export default function ({ data, parentElement }) {
  const slider = controllerOf(parentElement, Slider);
  const stop = slider.start(data.key);
  slider.show(data);
  return stop;
}

class Slider {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.frame = find(".frame");
    this.handle = find(".handle");
    this.failure = find(".failure");
    this.before = { layer: find(".layer.before"), label: find(".before-label") };
    this.after = { layer: find(".layer.after"), label: find(".after-label") };
  }

  start(key) {
    this.key = key;
    this.position = positions.get(key) ?? 50;
    const listening = listeningAnew(this);
    const listen = (type, handle) => this.frame.addEventListener(type, handle, { signal: listening.signal });
    listen("pointerdown", (event) => this.grip(event));
    listen("pointermove", (event) => this.drag(event));
    listen("pointerup", (event) => this.release(event));
    listen("pointercancel", () => this.giveUp());
    // Otherwise the browser would take the focus from the handle and start to select text.
    listen("mousedown", (event) => event.preventDefault());
    listen("keydown", (event) => this.press(event));
    const resized = new ResizeObserver(() => this.coverLabels());
    resized.observe(this.frame);
    listening.signal.addEventListener("abort", () => resized.disconnect());
    return () => listening.abort();
  }

  /* Decodes both new pictures before it shows either, so that nothing flickers and old and new are never mixed. */
  async show(data) {
    this.latest = data;
    try {
      const [before, after] = await Promise.all([
        decoded(this.before.layer, data.before),
        decoded(this.after.layer, data.after),
      ]);
      if (this.latest !== data) return;
      this.before.layer.replaceChildren(before);
      this.after.layer.replaceChildren(after);
    } catch (error) {
      // A picture that was replaced may be gone from the server. Only a failure of the latest picture matters.
      if (this.latest !== data) return;
      console.error(`The compare slider could not load its pictures: ${error}`);
      this.failure.hidden = false;
      return;
    }
    this.failure.hidden = true;
    this.before.label.textContent = data.before.label;
    this.after.label.textContent = data.after.label;
    this.handle.setAttribute("aria-label", `Divider between ${data.before.label} and ${data.after.label}`);
    this.frame.style.setProperty("--ratio", data.width / data.height);
    this.frame.hidden = false;
    this.moveTo(this.position);
  }

  moveTo(percent) {
    this.position = Math.min(100, Math.max(0, percent));
    positions.set(this.key, this.position);
    const rounded = Math.round(this.position);
    this.frame.style.setProperty("--position", `${this.position}%`);
    this.handle.setAttribute("aria-valuenow", rounded);
    const [before, after] = [this.before.label.textContent, this.after.label.textContent];
    this.handle.setAttribute("aria-valuetext", `${rounded}% ${before}, ${100 - rounded}% ${after}`);
    this.coverLabels();
  }

  /* Hides a label when the divider reaches it, because the label names the picture below it. */
  coverLabels() {
    const divider = (this.position / 100) * this.frame.clientWidth;
    const [before, after] = [this.before.label, this.after.label];
    before.classList.toggle("covered", divider < before.offsetLeft + before.offsetWidth);
    after.classList.toggle("covered", divider > after.offsetLeft);
  }

  grip(event) {
    if (!event.isPrimary || event.button !== 0) return;
    this.gripped = { pointer: event.pointerId, from: this.position };
    this.frame.setPointerCapture(event.pointerId);
    this.handle.focus({ preventScroll: true });
    // A finger may be about to scroll the page, so it moves the divider only after a sideways move or a tap.
    if (event.pointerType !== "touch") this.follow(event);
  }

  drag(event) {
    if (this.gripped?.pointer === event.pointerId) this.follow(event);
  }

  release(event) {
    this.drag(event);
    this.gripped = undefined;
  }

  /* Restores the position, because the browser treats the finger's movement as a scroll. */
  giveUp() {
    if (this.gripped) this.moveTo(this.gripped.from);
    this.gripped = undefined;
  }

  follow(event) {
    const { left, width } = this.frame.getBoundingClientRect();
    this.moveTo(((event.clientX - left) / width) * 100);
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.shiftKey ? LARGE_STEP : SMALL_STEP;
    const targets = {
      ArrowLeft: this.position - step,
      ArrowDown: this.position - step,
      ArrowRight: this.position + step,
      ArrowUp: this.position + step,
      PageDown: this.position - LARGE_STEP,
      PageUp: this.position + LARGE_STEP,
      Home: 0,
      End: 100,
    };
    if (!Object.hasOwn(targets, event.key)) return;
    event.preventDefault();
    this.moveTo(targets[event.key]);
  }
}
