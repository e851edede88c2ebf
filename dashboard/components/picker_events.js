/* What a picker has told the server, its colours, and small helpers. The picker loads it before its own script. */

const SMALL_STEP = 0.01; // of the picture's width or height, by an arrow key
const LARGE_STEP = 0.1;

/* What the user did, in its order. Streamlit keeps only the last value that is sent while a script runs, so everything
   that the server has not taken yet is sent each time, with numbers. */
class Outbox {
  constructor() {
    this.events = [];
    this.number = 0;
  }

  /* Adds an event and sends it. Returns its number. */
  add(event) {
    this.number += 1;
    this.events.push({ ...event, number: this.number });
    this.send("events", [...this.events]);
    return this.number;
  }

  /* Forgets what the server has taken: all up to a number. */
  forget(number) {
    this.events = this.events.filter((event) => event.number > number);
    this.number = Math.max(this.number, number);
  }
}

/* The colours to choose from: swatches, and a field for any other. */
class Colours {
  constructor(root) {
    this.group = root.querySelector(".colours");
    this.own = root.querySelector(".own");
    this.field = root.querySelector(".own input");
  }

  /* `choose` is called with a colour. */
  start(choose, signal) {
    const listen = (type, handle) => this.group.addEventListener(type, handle, { signal });
    listen("click", ({ target }) => target.dataset.colour && choose(target.dataset.colour));
    listen("change", ({ target }) => choose(target.value));
  }

  /* Offers the colours for a tool. `chosen`: the brush's. */
  show({ swatches, brush, words }, tool, chosen) {
    const paints = tool !== "point";
    const offered = paints ? brush.palette : swatches;
    this.group.hidden = offered.length === 0 || tool === "eraser" || Boolean(brush?.mask);
    this.group.setAttribute("aria-label", paints ? words.paints : words.colours);
    this.field.setAttribute("aria-label", words.own);
    this.own.querySelector("span").textContent = words.any;
    const buttons = offered.map((swatch) => this.button(swatch, paints ? swatch.colour === chosen : null));
    const focused = this.group.querySelector(".swatch:focus")?.textContent;
    this.group.replaceChildren(...buttons, this.own);
    buttons.find((button) => button.textContent === focused)?.focus();
    const isOwn = paints && !offered.some(({ colour }) => colour === chosen);
    this.own.classList.toggle("chosen", isOwn);
    if (offered.length) this.field.value = paints ? chosen : offered[0].colour;
  }

  /* `isChosen`: null where none is, because a click takes effect at once. */
  button({ name, colour }, isChosen) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "swatch";
    button.textContent = name;
    button.dataset.colour = colour;
    button.style.setProperty("--colour", colour);
    if (isChosen !== null) button.setAttribute("aria-pressed", isChosen);
    return button;
  }
}

/* A hint's dot, where it begins. */
function mark({ points: [[x, y]], colour }) {
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

/* The place nearest to `x`, `y` that lies in the picture. */
function within(x, y) {
  const inside = (share) => Math.min(1, Math.max(0, share));
  return { x: inside(x), y: inside(y) };
}

/* By which an arrow key moves a crosshair: across and down, in shares of the picture; undefined for any other key. */
function stepOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const step = event.shiftKey ? LARGE_STEP : SMALL_STEP;
  const steps = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  return Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
}

/* All moves of a pointer since the last event, which a browser joins into one. */
function coalesced(event) {
  const events = event.getCoalescedEvents?.() ?? [];
  return events.length ? events : [event];
}

