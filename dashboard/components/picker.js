/* A picture to choose a point on. Streamlit calls the default export on mount and after every change of `data`. */

const SMALL_STEP = 0.01;
const LARGE_STEP = 0.1;

export default function ({ data, parentElement, setTriggerValue }) {
  const picker = controllerOf(parentElement, Picker);
  const stop = picker.start(data, setTriggerValue);
  picker.show(data);
  return stop;
}

class Picker {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.frame = find(".frame");
    this.layer = find(".shown");
    this.marks = find(".marks");
    this.crosshair = find(".crosshair");
    this.colours = find(".colours");
    this.own = find(".own");
    this.how = find(".how");
    this.spoken = find(".spoken");
    this.failure = find(".failure");
    this.at = { x: 0.5, y: 0.5 };
  }

  start({ room_below }, send) {
    this.send = send;
    const listening = listeningAnew(this);
    const listen = (element, type, handle) => element.addEventListener(type, handle, { signal: listening.signal });
    listen(this.frame, "click", (event) => this.click(event));
    listen(this.frame, "keydown", (event) => this.press(event));
    listen(this.frame, "focus", () => this.aim());
    listen(this.colours, "click", (event) => this.choose(event.target.dataset.colour));
    listen(this.colours, "change", (event) => this.choose(event.target.value));
    fitToWindow(this.frame, room_below, listening.signal);
    return () => listening.abort();
  }

  async show(data) {
    this.latest = data;
    try {
      const image = await decoded(this.layer, data.picture);
      if (this.latest !== data) return;
      this.layer.replaceChildren(image);
    } catch (error) {
      // A picture that was replaced may be gone from the server. Only a failure of the latest picture matters.
      if (this.latest !== data) return;
      console.error(`The picture to point at could not be loaded: ${error}`);
      this.failure.textContent = data.words.failure;
      return;
    }
    this.failure.textContent = "";
    this.frame.setAttribute("aria-label", data.picture.label);
    this.frame.style.setProperty("--ratio", data.ratio);
    this.marks.replaceChildren(...data.marks.map(mark));
    this.colours.setAttribute("aria-label", data.words.colours);
    this.own.querySelector("input").setAttribute("aria-label", data.words.own);
    this.own.querySelector("span").textContent = data.words.any;
    this.offer(data.swatches);
    if (data.point) this.at = { x: data.point[0], y: data.point[1] };
    this.crosshair.hidden = !data.point;
    place(this.crosshair, this.at);
    this.how.textContent = data.how;
    this.frame.hidden = false;
  }

  offer(swatches) {
    const buttons = swatches.map(({ name, colour }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "swatch";
      button.textContent = name;
      button.dataset.colour = colour;
      button.style.setProperty("--colour", colour);
      return button;
    });
    const focused = this.colours.querySelector(".swatch:focus")?.textContent;
    this.colours.replaceChildren(...buttons, this.own);
    buttons.find((button) => button.textContent === focused)?.focus();
    this.colours.hidden = buttons.length === 0;
    if (buttons.length) this.own.querySelector("input").value = swatches[0].colour;
  }

  click(event) {
    const { left, top, width, height } = this.frame.getBoundingClientRect();
    this.moveTo((event.clientX - left) / width, (event.clientY - top) / height);
    this.point();
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.shiftKey ? LARGE_STEP : SMALL_STEP;
    const steps = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (Object.hasOwn(steps, event.key)) {
      const [across, down] = steps[event.key];
      this.moveTo(this.at.x + across, this.at.y + down);
    } else if (event.key === "Enter" || event.key === " ") {
      this.point();
    } else return;
    event.preventDefault();
  }

  /* Shows the crosshair for keyboard users. A mouse has its own pointer. */
  aim() {
    if (this.frame.matches(":focus-visible")) this.crosshair.hidden = false;
  }

  moveTo(x, y) {
    const within = (share) => Math.min(1, Math.max(0, share));
    this.at = { x: within(x), y: within(y) };
    this.crosshair.hidden = false;
    place(this.crosshair, this.at);
    const percent = (share) => `${Math.round(100 * share)}%`;
    const words = this.latest.words.place;
    this.spoken.textContent = words.replace("{x}", percent(this.at.x)).replace("{y}", percent(this.at.y));
  }

  point() {
    this.send("point", this.at);
  }

  choose(colour) {
    if (colour) this.send("colour", colour);
  }
}

function mark({ x, y, colour }) {
  const element = document.createElement("div");
  element.className = "mark";
  element.style.setProperty("--colour", colour);
  place(element, { x, y });
  return element;
}

function place(element, { x, y }) {
  element.style.setProperty("--x", x);
  element.style.setProperty("--y", y);
}
