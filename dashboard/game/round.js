/* A round of "Real or coloured?". Streamlit calls the default export on mount and after every change of `data`. */

const SIDES = { a: "A", arrowleft: "A", b: "B", arrowright: "B" };

// What takes letters itself, and what takes arrows. Their keys are no votes, nor are those in a dialog.
const TAKES_LETTERS = "input, textarea, select, [role=combobox], [role=listbox], [role=option], [role=application]";
const TAKES_ARROWS = `${TAKES_LETTERS}, video, audio, [role=tab], [role=slider], [role=radio], [role=menuitem]`;

// URLs of pictures whose time is over. They are not shown again when Streamlit mounts the round a second time.
const seen = new Set();

export default function ({ data, parentElement, setTriggerValue }) {
  const round = controllerOf(parentElement, Round);
  return applyInOrder(round, () => {
    const stop = round.start(setTriggerValue);
    round.update(data);
    return stop;
  });
}

class Round {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    this.game = find(".game");
    this.frames = [find(".frame.a"), find(".frame.b")];
    this.layers = this.frames.map((frame) => frame.querySelector(".layer"));
    this.showButton = find(".show");
    this.buttons = [find(".choose.a"), find(".choose.b")];
    this.nextButton = find(".next");
    this.how = find(".how");
    this.keys = find(".keys");
    this.failure = find(".failure");
  }

  start(send) {
    this.send = send;
    const listening = listeningAnew(this);
    const listen = (element, type, handle) => element.addEventListener(type, handle, { signal: listening.signal });
    listen(this.showButton, "click", () => this.show());
    listen(this.nextButton, "click", () => this.proceed());
    for (const button of this.buttons) listen(button, "click", () => this.choose(button.dataset.side));
    // On the document: the keys work before anything in the game has the focus.
    listen(document, "keydown", (event) => this.press(event));
    return () => listening.abort();
  }

  async update(data) {
    const before = this.data;
    this.data = data;
    const [{ path }] = data.pictures;
    if (before?.pictures[0].path === path) {
      if (this.images) this.refresh(before);
      return;
    }
    clearTimeout(this.timer);
    const hadFocus = this.hasFocus();
    this.clear();
    this.images = undefined;
    this.enter("loading");
    this.game.style.setProperty("--ratio", data.ratio);
    this.game.style.setProperty("--width", `${data.width}px`);
    let images;
    try {
      // Always in the same order, whichever side is real.
      images = await Promise.all(data.pictures.map((picture, side) => decoded(this.layers[side], picture)));
    } catch (error) {
      // A picture that was replaced may be gone from the server. Only a failure of the latest picture matters.
      if (this.data.pictures[0].path !== path) return;
      console.error(`The round could not load its pictures: ${error}`);
      this.failure.hidden = false;
      return;
    }
    if (this.data.pictures[0].path !== path) return;
    this.images = images;
    this.failure.hidden = true;
    this.begin();
    if (hadFocus) (this.state === "ready" ? this.showButton : this.game).focus({ preventScroll: true });
  }

  /* Follows what has changed in the same round: the answer, a vote that was refused, the language. */
  refresh(before) {
    if (this.data.answer) {
      const hadFocus = this.hasFocus();
      this.reveal("answered");
      if (hadFocus && !before.answer) this.nextButton.focus({ preventScroll: true });
    } else if (before.refused !== this.data.refused) {
      this.enter(this.layers[0].firstChild ? "shown" : "hidden");
    } else {
      this.enter(this.state);
    }
  }

  begin() {
    if (this.data.answer) this.reveal("answered");
    else if (this.data.seconds === null) this.reveal("shown");
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
    this.reveal("shown");
    const { seconds } = this.data;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.timer = setTimeout(() => this.hide(), 1000 * seconds);
      }),
    );
  }

  reveal(state) {
    this.layers.forEach((layer, side) => layer.replaceChildren(this.images[side]));
    this.enter(state);
  }

  hide() {
    if (this.state === "answered") return;
    this.clear();
    if (this.state === "shown") this.enter("hidden");
  }

  clear() {
    for (const layer of this.layers) layer.replaceChildren();
  }

  canChoose() {
    return this.state === "shown" || this.state === "hidden";
  }

  choose(side) {
    if (!this.canChoose()) return;
    // A button that gets disabled loses the focus, and Tab would start from the top of the page.
    if (this.game.matches(":focus-within")) this.game.focus({ preventScroll: true });
    this.enter("sent");
    this.send("choice", { round: this.data.round, side });
  }

  proceed() {
    if (this.state !== "answered") return;
    this.game.focus({ preventScroll: true }); // the button goes, and the focus with it
    this.enter("loading");
    this.clear();
    this.send("next", { round: this.data.round });
  }

  press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const [target] = event.composedPath();
    if (!event.key || !this.isVisible()) return;
    if (event.key === "Enter" && target === document.body) {
      // Before anything has the focus, it is for the one button that leads on.
      this.show();
      this.proceed();
      return;
    }
    const side = SIDES[event.key.toLowerCase()];
    if (side === undefined || !this.canChoose()) return;
    const takes = event.key.length === 1 ? TAKES_LETTERS : TAKES_ARROWS;
    if (target.isContentEditable || target.closest?.(`${takes}, [role=dialog]`)) return;
    event.preventDefault();
    this.choose(side);
  }

  /* Whether the game has the focus, or may take it because no other part of the page has it. */
  hasFocus() {
    return this.game.matches(":focus-within") || (document.activeElement === document.body && this.isVisible());
  }

  /* Whether the game's tab is the one that is shown. */
  isVisible() {
    return this.game.getClientRects().length > 0 && !this.root.host.closest("[inert]");
  }

  enter(state) {
    const { words, answer } = this.data;
    this.state = state;
    this.game.dataset.state = state;
    this.game.ariaLabel = words.group;
    this.failure.textContent = words.failure;
    this.showButton.textContent = words.show;
    this.showButton.hidden = state !== "ready";
    for (const button of this.buttons) {
      button.textContent = words.choose[button.dataset.side];
      button.disabled = !this.canChoose();
      button.hidden = state === "answered";
    }
    this.nextButton.hidden = state !== "answered";
    this.nextButton.textContent = answer?.next ?? "";
    this.keys.textContent = words.keys;
    this.keys.hidden = state === "answered";
    this.how.textContent = state === "answered" ? answer.text : words[state];
    for (const [number, side] of ["A", "B"].entries()) {
      const label = this.frames[number].querySelector(".label");
      label.hidden = state !== "answered";
      label.textContent = state === "answered" ? answer.captions[side] : "";
      this.frames[number].classList.toggle("real", state === "answered" && side === answer.real);
    }
  }
}
