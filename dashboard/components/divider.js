/* The divider of a frame: left of it one layer is seen, right of it the other. Components load it before their own
   script. */

const SMALL_STEP = 5;
const LARGE_STEP = 20;
const SWEEP_MILLISECONDS = 1600;

// Position of each divider in percent from the left. Streamlit loads this module once per page, so a divider that is
// removed and mounted again (in another tab or another place on the page) gets its position back.
const positions = new Map();

class Divider {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.frame = find(".frame");
    this.handle = find(".handle");
    this.before = find(".before-label");
    this.after = find(".after-label");
  }

  start(key, signal) {
    this.key = key;
    this.position = positions.get(key) ?? 50;
    const resized = new ResizeObserver(() => this.coverLabels());
    resized.observe(this.frame);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  /* Sets the labels' words. `name`: what screen readers call the handle. */
  name(before, after, name) {
    this.before.textContent = before;
    this.after.textContent = after;
    this.handle.setAttribute("aria-label", name);
    this.tell();
  }

  moveTo(percent) {
    this.position = Math.min(100, Math.max(0, percent));
    positions.set(this.key, this.position);
    this.tell();
    this.endSweep();
  }

  tell() {
    const rounded = Math.round(this.position);
    this.handle.setAttribute("aria-valuenow", rounded);
    const [before, after] = [this.before.textContent, this.after.textContent];
    this.handle.setAttribute("aria-valuetext", `${rounded}% ${before}, ${100 - rounded}% ${after}`);
  }

  draw(percent) {
    this.drawn = percent;
    this.frame.style.setProperty("--position", `${percent}%`);
    this.coverLabels();
  }

  /* Hides a label when the divider reaches it, because the label names the picture below it. */
  coverLabels() {
    const divider = (this.drawn / 100) * this.frame.clientWidth;
    this.before.classList.toggle("covered", divider < this.before.offsetLeft + this.before.offsetWidth);
    this.after.classList.toggle("covered", divider > this.after.offsetLeft);
  }

  get isSweeping() {
    return this.frame.classList.contains("sweeping");
  }

  /* Moves over the whole picture and back to its place. Its position, as it is told, stays the same. */
  sweep() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.endSweep();
    this.frame.classList.add("sweeping");
    let begin;
    const step = (now) => {
      begin ??= now;
      const share = Math.min(1, (now - begin) / SWEEP_MILLISECONDS);
      if (share === 1) return this.endSweep();
      this.draw(sweepPosition(share, this.position));
      this.frameRequest = requestAnimationFrame(step);
    };
    this.draw(100);
    this.frameRequest = requestAnimationFrame(step);
  }

  endSweep() {
    cancelAnimationFrame(this.frameRequest);
    this.frame.classList.remove("sweeping");
    this.draw(this.position);
  }

  grip(event) {
    this.gripped = { pointer: event.pointerId, from: this.position };
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

  /* Restores the position, because the movement turns out to be a scroll or a pinch. */
  giveUp() {
    if (this.gripped) this.moveTo(this.gripped.from);
    this.gripped = undefined;
  }

  follow(event) {
    const { left, width } = this.frame.getBoundingClientRect();
    this.moveTo(((event.clientX - left) / width) * 100);
  }

  /* Moves by a key that is pressed on the handle. Returns whether the key means anything. */
  press(event) {
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
    if (!Object.hasOwn(targets, event.key)) return false;
    this.moveTo(targets[event.key]);
    return true;
  }
}

/* Where a sweep to `end` is after a share of its time: from the right edge to the left one, then back to `end`. */
function sweepPosition(share, end) {
  const smooth = (part) => part * part * (3 - 2 * part);
  return share < 0.65 ? 100 * (1 - smooth(share / 0.65)) : end * smooth((share - 0.65) / 0.35);
}

