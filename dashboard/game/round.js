/* A round of "Real or coloured?". Streamlit calls the default export on mount and after every change of `data`. */

// URLs of pictures whose time is over. They are not shown again when Streamlit mounts the round a second time.
const seen = new Set();

export default function ({ data, parentElement, setTriggerValue }) {
  const round = controllerOf(parentElement, Round);
  const stop = round.start(setTriggerValue);
  round.update(data);
  return stop;
}

class Round {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.game = find(".game");
    this.layers = [find(".frame.a .layer"), find(".frame.b .layer")];
    this.showButton = find(".show");
    this.buttons = [find(".choose.a"), find(".choose.b")];
    this.how = find(".how");
    this.failure = find(".failure");
  }

  start(send) {
    this.send = send;
    const listening = listeningAnew(this);
    const listen = (element, type, handle) => element.addEventListener(type, handle, { signal: listening.signal });
    listen(this.showButton, "click", () => this.show());
    for (const button of this.buttons) listen(button, "click", () => this.choose(button.dataset.side));
    listen(this.game, "keydown", (event) => this.press(event));
    return () => listening.abort();
  }

  async update(data) {
    const before = this.data;
    this.data = data;
    if (before?.pictures[0].path === data.pictures[0].path) {
      if (before.refused !== data.refused) this.enter(this.layers[0].firstChild ? "shown" : "hidden");
      return;
    }
    clearTimeout(this.timer);
    const hadFocus = this.game.matches(":focus-within");
    this.clear();
    this.enter("loading");
    this.game.style.setProperty("--ratio", data.ratio);
    this.game.style.setProperty("--width", `${data.width}px`);
    try {
      // Always in the same order, whichever side is real.
      this.images = await Promise.all(data.pictures.map((picture, side) => decoded(this.layers[side], picture)));
    } catch (error) {
      // A picture that was replaced may be gone from the server. Only a failure of the latest picture matters.
      if (this.data !== data) return;
      console.error(`The round could not load its pictures: ${error}`);
      this.failure.hidden = false;
      return;
    }
    if (this.data !== data) return;
    this.failure.hidden = true;
    this.begin();
    if (hadFocus) (this.state === "ready" ? this.showButton : this.game).focus({ preventScroll: true });
  }

  begin() {
    if (this.data.seconds === null) this.reveal();
    else this.enter(seen.has(this.data.pictures[0].path) ? "hidden" : "ready");
  }

  /* Shows the pictures for `data.seconds`, counted from when the browser has painted them. */
  show() {
    if (this.state !== "ready") return;
    seen.add(this.data.pictures[0].path);
    // The focus must not be on a button, or a second press of the same key would be a vote.
    this.game.focus({ preventScroll: true });
    // One second is too short to scroll, so both pictures are brought into view first.
    this.game.scrollIntoView({ block: "center" });
    this.reveal();
    const { seconds } = this.data;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.timer = setTimeout(() => this.hide(), 1000 * seconds);
      }),
    );
  }

  reveal() {
    this.layers.forEach((layer, side) => layer.replaceChildren(this.images[side]));
    this.enter("shown");
  }

  hide() {
    this.clear();
    if (this.state === "shown") this.enter("hidden");
  }

  clear() {
    for (const layer of this.layers) layer.replaceChildren();
    this.images = undefined;
  }

  choose(side) {
    if (this.state !== "shown" && this.state !== "hidden") return;
    // A button that gets disabled loses the focus, and Tab would start from the top of the page.
    if (this.game.matches(":focus-within")) this.game.focus({ preventScroll: true });
    this.enter("sent");
    this.send("choice", { round: this.data.round, side });
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const side = { a: "A", arrowleft: "A", b: "B", arrowright: "B" }[event.key.toLowerCase()];
    if (side === undefined) return;
    event.preventDefault();
    this.choose(side);
  }

  enter(state) {
    this.state = state;
    this.game.dataset.state = state;
    const seconds = this.data.seconds === 1 ? "1 second" : `${this.data.seconds} seconds`;
    this.showButton.textContent = `Show them for ${seconds}`;
    this.showButton.hidden = state !== "ready";
    for (const button of this.buttons) button.disabled = state !== "shown" && state !== "hidden";
    this.how.textContent = {
      loading: "The pictures are loading.",
      ready: "Look at both. They disappear by themselves, then you choose.",
      shown: "Which one has its real colours?",
      hidden: "Which one had its real colours?",
      sent: "Your vote is being saved.",
    }[state];
  }
}
