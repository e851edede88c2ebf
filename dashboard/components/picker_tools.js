/* The tools of a picker: which one is used, the size and the colour of its brush, undo and redo. Further, a picture to
   take colours from. The picker loads it before its own script. */

const SMALLEST_BRUSH = 0.002; // radius, in shares of the picture's longest side
const LARGEST_BRUSH = 0.12;
const SIZE_STEP = 5; // of 100 steps from the smallest brush to the largest
const KEYS = { point: "P", brush: "B", eraser: "E", dropper: "I" };
const SAMPLE = 5; // pixels along the side of the square whose mean colour is taken

// What was chosen, by the key of the picker. Streamlit loads this module once per page, so it is there again when the
// picker is removed and mounted again.
const choices = new Map();

class Tools {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.frame = find(".frame");
    this.bar = find(".toolbar");
    this.kinds = find(".kinds");
    this.inputs = [...this.kinds.querySelectorAll("input")];
    this.undo = find(".undo");
    this.redo = find(".redo");
    this.size = find(".size");
    this.range = find(".size input");
  }

  /* `changed` is called when another tool, size or colour is chosen, `step` with "undo" or "redo". */
  start({ key, brush }, changed, step, signal) {
    if (!choices.has(key)) choices.set(key, { tool: brush?.mask ? "brush" : "point", size: 45 });
    this.chosen = choices.get(key);
    this.changed = changed;
    this.kinds.addEventListener("change", (event) => this.choose(event.target.value), { signal });
    this.range.addEventListener("input", () => this.resize(Number(this.range.value)), { signal });
    this.undo.onclick = () => step("undo");
    this.redo.onclick = () => step("redo");
  }

  show({ brush, words }) {
    this.brush = brush;
    this.words = words;
    this.bar.hidden = !brush;
    if (!brush) return;
    this.kinds.setAttribute("aria-label", words.tools);
    this.inputs.forEach((input) => this.label(input));
    this.size.querySelector("span").textContent = words.size;
    const sets = { undo: ["Control+Z", brush.can_undo], redo: ["Control+Shift+Z", brush.can_redo] };
    for (const [name, [key, isPossible]] of Object.entries(sets)) {
      nameButton(this[name], words[name], key);
      // A button that is switched off would take the focus with it.
      if (!isPossible && this[name].matches(":focus")) this.frame.focus({ preventScroll: true });
      this[name].disabled = !isPossible;
    }
    this.chosen.colour ??= brush.palette[0]?.colour;
    this.mark();
  }

  label(input) {
    const { value } = input;
    input.parentElement.hidden = Boolean(this.brush.mask) && (value === "point" || value === "dropper");
    nameButton(input, this.words[value], KEYS[value]);
  }

  /* The tool in use: "point", "brush", "eraser" or "dropper". */
  get tool() {
    return this.brush ? this.chosen.tool : "point";
  }

  get radius() {
    return SMALLEST_BRUSH * (LARGEST_BRUSH / SMALLEST_BRUSH) ** (this.chosen.size / 100);
  }

  get colour() {
    const mask = this.brush?.mask;
    return mask ? mask[this.tool === "eraser" ? "keep" : "fill"] : this.chosen.colour;
  }

  /* Whether the tool paints strokes. The eraser does so on a mask, and takes hints away elsewhere. */
  get paints() {
    return this.tool === "brush" || (this.tool === "eraser" && Boolean(this.brush?.mask));
  }

  choose(tool) {
    if (this.tool !== "dropper") this.chosen.before = this.tool;
    this.chosen.tool = tool;
    this.mark();
    this.changed();
  }

  /* The tool that a colour is for which is taken now: the point's, if that was the last one. */
  get toolOfColour() {
    return (this.tool === "dropper" ? this.chosen.before : this.tool) === "point" ? "point" : "brush";
  }

  resize(size) {
    this.chosen.size = Math.min(100, Math.max(0, size));
    this.mark();
    this.changed();
  }

  paintWith(colour) {
    this.chosen.colour = colour;
    this.changed();
  }

  mark() {
    for (const input of this.inputs) input.checked = input.value === this.tool;
    this.size.hidden = !this.paints;
    this.range.value = this.chosen.size;
    const share = `${(200 * this.radius).toFixed(1)}%`;
    this.range.setAttribute("aria-valuetext", this.words.share.replace("{share}", share));
  }

  /* Chooses by a key that is pressed on the picture. Returns whether the key means anything. */
  press(event) {
    if (!this.brush) return false;
    const wanted = this.inputs.find((input) => KEYS[input.value] === event.key.toUpperCase());
    if (wanted && !wanted.parentElement.hidden) this.choose(wanted.value);
    else if (event.key === "[") this.resize(this.chosen.size - SIZE_STEP);
    else if (event.key === "]") this.resize(this.chosen.size + SIZE_STEP);
    else return false;
    return true;
  }
}

/* Another picture to take colours from: by a click, or by arrow keys and Enter. */
class Source {
  constructor(root) {
    this.figure = root.querySelector(".source");
    this.frame = root.querySelector(".sample");
    this.spot = root.querySelector(".spot");
    this.at = { x: 0.5, y: 0.5 };
  }

  /* `take` is called with a colour. */
  start(take, signal) {
    this.take = take;
    this.frame.addEventListener("click", (event) => this.click(event), { signal });
    this.frame.addEventListener("keydown", (event) => this.press(event), { signal });
  }

  async show(source, words) {
    this.figure.hidden = !source;
    if (!source) return;
    this.figure.querySelector("figcaption").textContent = source.label;
    this.frame.setAttribute("aria-label", `${source.label}. ${words.sample}`);
    this.image = await decoded(this.frame, { ...source, label: "" });
    this.frame.replaceChildren(this.image, this.spot);
  }

  click(event) {
    const { left, top, width, height } = this.frame.getBoundingClientRect();
    this.moveTo((event.clientX - left) / width, (event.clientY - top) / height);
    this.take(colourAt(this.image, this.at));
  }

  press(event) {
    const step = stepOf(event);
    if (step) this.moveTo(this.at.x + step[0], this.at.y + step[1]);
    else if (event.key === "Enter" || event.key === " ") this.take(colourAt(this.image, this.at));
    else return;
    event.preventDefault();
  }

  moveTo(x, y) {
    this.at = within(x, y);
    this.spot.hidden = false;
    place(this.spot, this.at);
  }
}

/* The mean colour of a picture around a place, "#rrggbb". */
function colourAt(image, { x, y }) {
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const [columns, rows] = [Math.min(SAMPLE, width), Math.min(SAMPLE, height)];
  const left = Math.min(width - columns, Math.max(0, Math.floor(x * width - columns / 2)));
  const top = Math.min(height - rows, Math.max(0, Math.floor(y * height - rows / 2)));
  const context = new OffscreenCanvas(columns, rows).getContext("2d");
  context.drawImage(image, left, top, columns, rows, 0, 0, columns, rows);
  const { data } = context.getImageData(0, 0, columns, rows);
  const mean = (channel) => {
    let sum = 0;
    for (let index = channel; index < data.length; index += 4) sum += data[index];
    return Math.round(sum / (columns * rows));
  };
  return `#${[0, 1, 2].map((channel) => mean(channel).toString(16).padStart(2, "0")).join("")}`;
}

