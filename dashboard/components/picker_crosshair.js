/* The crosshair of a picker's picture, which keys move, and the tip of the brush, which follows a mouse or a pen. The
   picker loads it before its own script. */

const EDGE = 0.05; // of the frame, within which a crosshair in a zoomed picture is not left

class Crosshair {
  constructor(root, zoom) {
    this.frame = root.querySelector(".frame");
    this.element = root.querySelector(".crosshair");
    this.tip = root.querySelector(".tip");
    this.zoom = zoom;
    this.at = { x: 0.5, y: 0.5 };
  }

  /* Whether the user works with keys. A mouse has its own pointer. */
  get isWanted() {
    return this.frame.matches(":focus-visible");
  }

  show(isShown) {
    this.element.hidden = !isShown;
    place(this.element, this.at);
  }

  /* Moves by shares of the picture. */
  moveBy([across, down]) {
    this.at = within(this.at.x + across, this.at.y + down);
    this.show(true);
    const { x, y, scale } = this.zoom;
    const beyond = (share) => Math.min(0, 1 - EDGE - share) + Math.max(0, EDGE - share);
    this.zoom.panBy(beyond(this.at.x * scale + x), beyond(this.at.y * scale + y));
  }

  /* The place of a pointer in the picture. */
  placeOf(event) {
    const { x, y } = this.zoom.place(event);
    return within((x - this.zoom.x) / this.zoom.scale, (y - this.zoom.y) / this.zoom.scale);
  }

  moveTip(event, isBrush) {
    this.tip.hidden = !isBrush || event.pointerType === "touch" || isTool(event);
    place(this.tip, this.placeOf(event));
  }

  hideTip() {
    this.tip.hidden = true;
  }

  /* `width`: in pixels of the screen. */
  sizeTip(width) {
    this.tip.style.width = `${width}px`;
  }
}

