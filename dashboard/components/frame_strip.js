/* The frames of a film to choose a moment by. Streamlit calls the default export on mount and after every change. */

const PENDING_FRAMES = 10; // empty places while the frames are still to come

export default function ({ data, parentElement, setTriggerValue }) {
  const strip = controllerOf(parentElement, FrameStrip);
  return applyInOrder(strip, () => {
    const stop = strip.start(setTriggerValue);
    strip.show(data);
    return stop;
  });
}

class FrameStrip {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.group = find(".frames");
    this.range = find("input");
    this.output = find("output");
  }

  start(send) {
    this.send = send;
    const listening = listeningAnew(this);
    const listen = (target, type, handle) => target.addEventListener(type, handle, { signal: listening.signal });
    listen(this.group, "change", (event) => this.choose(Number(event.target.value)));
    listen(this.range, "input", () => this.mark(Number(this.range.value)));
    listen(this.range, "change", () => this.choose(Number(this.range.value)));
    return () => listening.abort();
  }

  show({ moment, length, pending, frames, words }) {
    this.group.setAttribute("aria-label", words.frames);
    this.range.setAttribute("aria-label", words.fine);
    this.range.max = length;
    this.length = length;
    this.drawFrames(frames, pending);
    // While the visitor goes on choosing, the answer to an earlier choice is out of date.
    if (this.sent !== undefined && this.sent !== moment) return;
    this.sent = undefined;
    this.range.value = moment;
    this.mark(moment);
  }

  drawFrames(frames, pending) {
    const path = frames?.path ?? (pending ? "pending" : "");
    if (this.path === path) return;
    this.path = path;
    this.seconds = frames?.seconds ?? [];
    this.group.hidden = !frames && !pending;
    const empty = Array.from({ length: pending ? PENDING_FRAMES : 0 }, () => labelled("", 0));
    const labels = frames ? frames.clocks.map((clock, number) => labelled(clock, frames.seconds[number])) : empty;
    if (frames) this.group.style.setProperty("--ratio", frames.ratio);
    this.group.style.setProperty("--picture", frames ? `url("${addressOf(path)}")` : "none");
    this.group.style.setProperty("--count", labels.length);
    labels.forEach((label, number) => label.style.setProperty("--number", number));
    this.group.toggleAttribute("inert", !frames);
    this.group.replaceChildren(...labels);
  }

  choose(moment) {
    this.sent = moment;
    this.range.value = moment;
    this.mark(moment);
    this.send("moment", moment);
  }

  /* Says which moment is chosen, and marks the frame that is shown then. */
  mark(moment) {
    const words = clock(moment);
    this.output.textContent = `${words} / ${clock(this.length)}`;
    this.range.setAttribute("aria-valuetext", words);
    const chosen = this.seconds.findLastIndex((seconds) => seconds <= moment + 0.05);
    this.group.querySelectorAll("input").forEach((input, number) => {
      input.checked = number === Math.max(0, chosen);
    });
  }
}

/* A native radio button, so that the browser brings the keys and the role. */
function labelled(name, seconds) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: "moment", value: seconds });
  const picture = document.createElement("span");
  picture.className = "picture";
  const time = document.createElement("span");
  time.className = "time";
  time.textContent = name;
  label.append(input, picture, time);
  return label;
}

/* A position to a tenth of a second: 0:06.5, 1:02:03.0. */
function clock(moment) {
  const tenths = Math.round(moment * 10);
  const pad = (number) => String(number).padStart(2, "0");
  const [hours, minutes, seconds] = [36000, 600, 10].map((unit) => Math.floor(tenths / unit));
  const rest = `${pad(seconds % 60)}.${tenths % 10}`;
  return hours ? `${hours}:${pad(minutes % 60)}:${rest}` : `${minutes}:${rest}`;
}
