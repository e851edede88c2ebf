/* A picture to point at and to paint on. Streamlit calls the default export on mount and after every change of `data`. */

const TREMOR = 8; // pixels of the screen that a pointer may move in a click

export default function ({ data, parentElement, setTriggerValue }) {
  const picker = controllerOf(parentElement, Picker);
  return applyInOrder(picker, () => {
    const stop = picker.start(data, setTriggerValue);
    picker.show(data);
    return stop;
  });
}

class Picker {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    this.frame = find(".frame");
    this.layer = find(".shown");
    this.places = find(".places");
    this.marks = find(".marks");
    this.how = find(".how");
    this.spoken = find(".spoken");
    this.failure = find(".failure");
    this.buttons = { zoom: find(".zoom-in"), whole: find(".whole") };
    this.outbox = new Outbox();
    this.tools = new Tools(root);
    this.colours = new Colours(root);
    this.strokes = new Strokes(root);
    this.source = new Source(root);
    this.zoom = new Zoom(this.frame, () => this.showZoom());
    this.crosshair = new Crosshair(root, this.zoom);
  }

  start(data, send) {
    this.outbox.send = send;
    const listening = listeningAnew(this);
    const { signal } = listening;
    const listen = (target, type, handle) => target.addEventListener(type, handle, { signal });
    listen(this.frame, "pointerdown", (event) => this.grip(event));
    listen(this.frame, "pointermove", (event) => this.move(event));
    listen(this.frame, "pointerup", (event) => this.release(event));
    listen(this.frame, "pointercancel", (event) => this.cancel(event));
    listen(this.frame, "pointerleave", () => this.crosshair.hideTip());
    listen(this.frame, "keydown", (event) => this.press(event));
    listen(this.frame, "focus", () => this.crosshair.isWanted && this.crosshair.show(true));
    listen(this.root, "keydown", (event) => this.pressAnywhere(event));
    this.buttons.zoom.onclick = () => this.zoom.zoomBy(2);
    this.buttons.whole.onclick = () => this.showWhole();
    this.tools.start(
      data,
      () => this.showTool(),
      (name) => this.step(name),
      signal,
    );
    this.colours.start((colour) => this.choose(colour), signal);
    this.source.start((colour) => this.take(colour), signal);
    this.zoom.start(signal);
    fitToWindow(this.frame, data.room_below, signal);
    return () => listening.abort();
  }

  async show(data) {
    const before = this.latest;
    this.latest = data;
    this.outbox.forget(data.taken);
    try {
      const { mask, source } = data.brush ?? {};
      const [image, places] = await Promise.all([
        decoded(this.layer, data.picture),
        mask?.places && decoded(this.places, mask.places),
        this.source.show(source, data.words),
      ]);
      if (this.latest !== data) return;
      this.layer.replaceChildren(image);
      this.places.replaceChildren(...(places ? [places] : []));
    } catch (error) {
      // A picture that was replaced may be gone from the server. Only a failure of the latest picture matters.
      if (this.latest !== data) return;
      console.error(`The picture to point at could not be loaded: ${error}`);
      this.failure.textContent = data.words.failure;
      return;
    }
    this.failure.textContent = "";
    this.frame.setAttribute("aria-label", data.picture.label);
    this.frame.style.setProperty("--ratio", data.width / data.height);
    this.frame.classList.toggle("mask", Boolean(data.brush?.mask));
    this.marks.replaceChildren(...(data.brush?.mask ? [] : data.hints.map(mark)));
    this.strokes.show(data);
    this.strokes.dry(data.taken);
    const [x, y] = data.point ?? [];
    if (data.point && String(data.point) !== String(before?.point)) this.crosshair.at = { x, y };
    nameButton(this.buttons.zoom, data.words.zoom, "+");
    nameButton(this.buttons.whole, data.words.whole, "0");
    this.tools.show(data);
    this.frame.hidden = false;
    this.showTool();
  }

  showTool() {
    const { latest, crosshair } = this;
    const { tool } = this.tools;
    if (tool !== this.frame.dataset.tool) this.strokes.giveUp();
    this.frame.dataset.tool = tool;
    this.how.textContent = this.describe(tool);
    this.colours.show(latest, tool, this.tools.colour);
    crosshair.show((latest.point && tool === "point") || crosshair.isWanted);
    this.showZoom();
  }

  /* What can be done with a tool, in words. */
  describe(tool) {
    const { how, words, brush } = this.latest;
    if (tool === "point") return how;
    if (!this.tools.paints) return words[`how_${tool}`];
    return `${tool === "eraser" ? words.how_keep : brush.mask ? how : words.how_brush} ${words.how_keys}`;
  }

  /* Pixels of the screen for each of the picture, at the size that it is seen in. */
  get scale() {
    return (this.frame.clientWidth * this.zoom.scale) / this.latest.width;
  }

  /* One pointer uses the tool. Two zoom and pan, and so does one that drags a zoomed picture and does not paint. */
  grip(event) {
    if (!this.zoom.take(event)) return;
    this.gripped = undefined;
    this.strokes.giveUp(); // also one that was begun by a key
    if (this.zoom.fingers.size > 1) return;
    this.gripped = { x: event.clientX, y: event.clientY, isClick: true };
    this.crosshair.show(false);
    if (this.tools.paints) this.beginStroke(this.crosshair.placeOf(event));
  }

  move(event) {
    this.crosshair.moveTip(event, this.tools.paints);
    if (!this.zoom.fingers.has(event.pointerId)) return;
    const { gripped } = this;
    if (gripped && Math.hypot(event.clientX - gripped.x, event.clientY - gripped.y) > TREMOR) gripped.isClick = false;
    if (gripped && this.strokes.isPainting) {
      for (const each of coalesced(event)) this.strokes.lead(this.crosshair.placeOf(each), this.scale);
    } else if (!gripped || (this.zoom.isZoomed && !gripped.isClick)) this.zoom.follow(event);
    this.zoom.touch(event);
  }

  release(event) {
    this.zoom.lift(event);
    const { gripped } = this;
    this.gripped = undefined;
    if (!gripped) return;
    this.crosshair.at = this.crosshair.placeOf(event);
    if (this.strokes.isPainting) {
      this.strokes.lead(this.crosshair.at, this.scale);
      this.endStroke();
    } else if (gripped.isClick || (event.pointerType === "mouse" && !this.zoom.isZoomed)) this.use();
  }

  cancel(event) {
    this.zoom.lift(event);
    this.gripped = undefined;
    this.strokes.giveUp();
  }

  /* Uses the tool at the crosshair. */
  use() {
    const { tool } = this.tools;
    if (tool === "point") this.point();
    else if (tool === "dropper") this.take(colourAt(this.layer.querySelector("img"), this.crosshair.at));
    else if (!this.tools.paints) this.erase();
    else if (this.strokes.isPainting) this.endStroke();
    else {
      this.beginStroke(this.crosshair.at);
      this.say("begun");
    }
  }

  point() {
    this.crosshair.show(true);
    this.outbox.add({ kind: "point", ...this.crosshair.at });
  }

  beginStroke(at) {
    this.strokes.begin(at, this.tools.radius, this.tools.colour);
  }

  endStroke() {
    const stroke = this.strokes.end(this.latest.brush.most_points);
    this.strokes.keep(this.outbox.add({ kind: "stroke", ...stroke }));
    this.say("painted");
  }

  erase() {
    const found = this.strokes.find(this.crosshair.at, this.scale);
    if (found) this.outbox.add({ kind: "erase", name: found.name });
    this.say(found ? "erased" : "nothing");
  }

  step(name) {
    this.strokes.giveUp();
    this.outbox.add({ kind: name });
  }

  /* A colour of the list is for the point, or for the brush. */
  choose(colour) {
    if (this.tools.tool === "point") this.outbox.add({ kind: "colour", colour });
    else this.tools.paintWith(colour);
  }

  /* A colour of a picture is for the point that has been chosen, or else for the brush. */
  take(colour) {
    const isForPoint = this.latest.point && this.tools.toolOfColour === "point";
    this.tools.choose(isForPoint ? "point" : "brush");
    this.choose(colour);
    this.say("picked", { colour });
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== this.frame) return;
    const step = stepOf(event);
    if (step) this.moveBy(step);
    else if (event.key === "Enter" || event.key === " ") this.use();
    else if (event.key === "Escape" && this.strokes.isPainting) {
      this.strokes.giveUp();
      this.say("given_up");
    } else if (!this.zoom.press(event) && !this.tools.press(event)) return;
    event.preventDefault();
  }

  /* Undo and redo, wherever in the component the focus is. */
  pressAnywhere(event) {
    const key = event.key.toLowerCase();
    if (!this.latest?.brush || !(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return;
    event.preventDefault();
    this.step(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  moveBy(step) {
    this.crosshair.moveBy(step);
    const { at } = this.crosshair;
    if (this.strokes.isPainting) this.strokes.lead(at, this.scale);
    const percent = (share) => `${Math.round(100 * share)}%`;
    this.say("place", { x: percent(at.x), y: percent(at.y) });
  }

  say(name, values = {}) {
    const put = (words, [key, value]) => words.replace(`{${key}}`, value);
    this.spoken.textContent = Object.entries(values).reduce(put, this.latest.words[name]);
  }

  showZoom() {
    if (!this.latest) return; // the picture is still to come
    this.buttons.whole.hidden = !this.zoom.isZoomed;
    this.crosshair.sizeTip(2 * this.tools.radius * Math.max(this.latest.width, this.latest.height) * this.scale);
  }

  /* Shows the whole picture, and gives the focus to a button that stays. */
  showWhole() {
    this.zoom.showWhole();
    this.buttons.zoom.focus();
  }
}
