/* Zoom of a frame's layers: by wheel, by two fingers and by keys. Components load it before their own script. */

const MOST_ZOOM = 8;
const KEY_ZOOM = 1.5;
const KEY_PAN = 0.1; // of the frame
const WHEEL_ZOOM = 0.0015; // natural logarithm of the zoom for each pixel that the wheel scrolls
const PINCH_ZOOM = 0.01; // the same for two fingers on a touchpad, which browsers tell as a wheel with the Control key
const WHEEL_UNITS = [1, 16, 400]; // pixels in a unit of WheelEvent.deltaMode: pixel, line, page
const SCROLL_MILLISECONDS = 300; // after which a further turn of the wheel is no part of a scroll any more

/* What is seen of the layers. `scale`: 1 is the whole picture. `x`, `y`: where its upper left corner is, in shares of the
   frame's width and height, 1 - scale to 0. */
class Zoom {
  constructor(frame, changed) {
    this.frame = frame;
    this.changed = changed;
    this.fingers = new Map();
    this.passed = -Infinity;
    this.show(1, 0, 0);
  }

  start(signal) {
    // Passive listeners could not keep the page from scrolling.
    this.frame.addEventListener("wheel", (event) => this.turn(event), { signal, passive: false });
    window.addEventListener("scroll", (event) => (this.passed = event.timeStamp), { signal, capture: true });
  }

  get isZoomed() {
    return this.scale > 1;
  }

  show(scale, x, y) {
    const within = (share) => Math.min(0, Math.max(1 - scale, share));
    Object.assign(this, { scale, x: within(x), y: within(y) });
    this.frame.style.setProperty("--zoom", this.scale);
    this.frame.style.setProperty("--pan-x", this.x);
    this.frame.style.setProperty("--pan-y", this.y);
    this.frame.classList.toggle("zoomed", this.isZoomed);
    this.changed();
  }

  showWhole() {
    this.show(1, 0, 0);
  }

  /* Zooms by a factor. The point `at` of the frame stays in its place. */
  zoomBy(factor, at = { x: 0.5, y: 0.5 }) {
    const wanted = Math.min(MOST_ZOOM, Math.max(1, this.scale * factor));
    const scale = wanted < 1.01 ? 1 : wanted; // rounding must not leave a zoom that nobody sees
    const share = scale / this.scale;
    this.show(scale, at.x - (at.x - this.x) * share, at.y - (at.y - this.y) * share);
  }

  panBy(across, down) {
    this.show(this.scale, this.x + across, this.y + down);
  }

  /* The wheel scrolls the page past a picture that is shown whole, and a scroll that comes past it goes on. */
  turn(event) {
    const now = event.timeStamp;
    const isScroll = now - this.passed < SCROLL_MILLISECONDS || event.deltaY >= 0;
    if (!event.ctrlKey && !this.isZoomed && isScroll && !this.frame.classList.contains("full")) {
      this.passed = now;
      return;
    }
    event.preventDefault();
    const pixels = event.deltaY * WHEEL_UNITS[event.deltaMode];
    this.zoomBy(Math.exp(-pixels * (event.ctrlKey ? PINCH_ZOOM : WHEEL_ZOOM)), this.place(event));
  }

  /* The place of a pointer in the frame, in shares of its width and height. */
  place(event) {
    const { left, top, width, height } = this.frame.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  /* Notes where a pointer is that is down. */
  touch(event) {
    this.fingers.set(event.pointerId, this.place(event));
  }

  /* Takes up a pointer that goes down on the picture, and not on a tool. Returns whether it is one to follow. */
  take(event) {
    if (event.button !== 0 || isTool(event)) return false;
    if (!event.isPrimary && event.pointerType !== "touch") return false;
    if (event.isPrimary) this.fingers.clear();
    this.frame.setPointerCapture(event.pointerId);
    this.touch(event);
    return true;
  }

  /* Follows a pointer that is down: two zoom and pan, one pans. */
  follow(event) {
    const before = this.spread();
    this.touch(event);
    const after = this.spread();
    if (after.distance) this.zoomBy(after.distance / before.distance, before.middle);
    this.panBy(after.middle.x - before.middle.x, after.middle.y - before.middle.y);
  }

  lift(event) {
    this.fingers.delete(event.pointerId);
  }

  /* The middle of the first two pointers, and their distance; 0 for one pointer. */
  spread() {
    const [one, other = one] = this.fingers.values();
    const { width, height } = this.frame.getBoundingClientRect();
    return {
      middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
      distance: Math.hypot((one.x - other.x) * width, (one.y - other.y) * height),
    };
  }

  /* Zooms by a key. Returns whether the key means anything. */
  press(event) {
    if (event.key === "+" || event.key === "=") this.zoomBy(KEY_ZOOM);
    else if (event.key === "-" || event.key === "_") this.zoomBy(1 / KEY_ZOOM);
    else if (event.key === "0") this.showWhole();
    else return false;
    return true;
  }

  /* Pans by a key that is pressed on the frame. Returns whether the key means anything. */
  pressPan(event) {
    const steps = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (!this.isZoomed || !Object.hasOwn(steps, event.key)) return false;
    const [across, down] = steps[event.key];
    this.panBy(KEY_PAN * across, KEY_PAN * down);
    return true;
  }
}

