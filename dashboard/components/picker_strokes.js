/* Strokes over the picture of a picker: those that are placed, and those that are being painted or on their way to the
   server. The picker loads it before its own script. Places are in shares of the picture's width and height. */

const SVG = "http://www.w3.org/2000/svg";
const TOLERANCE = 0.15; // of the brush's radius, by which a simplified stroke may be beside what was painted
const DECIMALS = 1e5;
const FINGER = 12; // pixels of the screen by which one may miss what one wants to take away

class Strokes {
  constructor(root) {
    this.placed = root.querySelector(".placed svg");
    this.wet = root.querySelector(".wet svg");
    this.sent = new Map(); // by the number of the event that brought a stroke to the server
  }

  /* Sets the picture's size in pixels, and what is placed on it. */
  show({ width, height, hints }) {
    Object.assign(this, { width, height, hints, longest: Math.max(width, height) });
    for (const drawing of [this.placed, this.wet]) {
      drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
      drawing.setAttribute("preserveAspectRatio", "none");
    }
    this.placed.replaceChildren(...hints.filter((hint) => hint.radius > 0).map((hint) => this.line(hint)));
  }

  /* Removes the strokes that the shown picture has: those that the server took until `number`. */
  dry(number) {
    for (const [sent, line] of this.sent) {
      if (sent > number) continue;
      line.remove();
      this.sent.delete(sent);
    }
  }

  get isPainting() {
    return this.stroke !== undefined;
  }

  begin(at, radius, colour) {
    this.stroke = { points: [at], radius, colour };
    this.drawn = this.line(this.stroke);
    this.wet.append(this.drawn);
  }

  /* Leads the stroke on to a place, unless that is nearer than half a pixel of the screen. `scale`: see `find`. */
  lead(at, scale) {
    const last = this.stroke.points.at(-1);
    if (this.distance(at, last, last) * scale < 0.5) return;
    this.stroke.points.push(at);
    this.drawn.setAttribute("points", this.attribute(this.stroke.points));
  }

  /* Ends the stroke. Returns it with as few points as show it, at most `most`. */
  end(most) {
    const { points, radius, colour } = this.stroke;
    this.stroke = undefined;
    let tolerance = TOLERANCE * radius * this.longest;
    let simple = this.simplify(points, tolerance);
    while (simple.length > most) simple = this.simplify(points, (tolerance *= 1.5));
    const round = (share) => Math.round(share * DECIMALS) / DECIMALS;
    return { points: simple.map(({ x, y }) => [round(x), round(y)]), radius: round(radius), colour };
  }

  /* Keeps the stroke that was just ended on the picture until `dry` is called with the number of its event. */
  keep(number) {
    this.sent.set(number, this.drawn);
  }

  giveUp() {
    if (!this.isPainting) return;
    this.stroke = undefined;
    this.drawn.remove();
  }

  /* The hint on top at a place; undefined for none. `scale`: pixels of the screen for each of the picture. */
  find(at, scale) {
    const isHit = ({ points, radius }) => {
      const nearest = Math.min(
        ...points.map(([x, y], index) => {
          const [otherX, otherY] = points[Math.max(0, index - 1)];
          return this.distance(at, { x: otherX, y: otherY }, { x, y });
        }),
      );
      return nearest <= radius * this.longest + FINGER / scale;
    };
    return this.hints.findLast(isHit);
  }

  line({ points, radius, colour }) {
    const line = document.createElementNS(SVG, "polyline");
    const places = points.map((point) => (Array.isArray(point) ? { x: point[0], y: point[1] } : point));
    line.setAttribute("points", this.attribute(places));
    line.style.stroke = colour;
    line.style.strokeWidth = 2 * radius * this.longest;
    return line;
  }

  /* A line of a single place is drawn only if it leads there and back. */
  attribute(places) {
    return [...places, places.at(-1)].map(({ x, y }) => `${x * this.width},${y * this.height}`).join(" ");
  }

  /* Pixels of the picture from a place to a segment. */
  distance(at, from, to) {
    const [px, py] = [(at.x - from.x) * this.width, (at.y - from.y) * this.height];
    const [dx, dy] = [(to.x - from.x) * this.width, (to.y - from.y) * this.height];
    const along = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(px - along * dx, py - along * dy);
  }

  /* Leaves out places that are within `tolerance` of the line without them (D. Douglas and T. Peucker, 1973). */
  simplify(places, tolerance) {
    const kept = new Set([0, places.length - 1]);
    const open = [[0, places.length - 1]];
    while (open.length) {
      const [first, last] = open.pop();
      let [farthest, most] = [-1, tolerance];
      for (let index = first + 1; index < last; index++) {
        const distance = this.distance(places[index], places[first], places[last]);
        if (distance > most) [farthest, most] = [index, distance];
      }
      if (farthest < 0) continue;
      kept.add(farthest);
      open.push([first, farthest], [farthest, last]);
    }
    return places.filter((_, index) => kept.has(index));
  }
}

