/* Two films with a divider. Streamlit calls the default export on mount and after every change of `data`. */

const CONTROLS_HEIGHT = 52; // pixels, with the gap below the picture

export default function ({ data, parentElement }) {
  const film = controllerOf(parentElement, FilmCompare);
  return applyInOrder(film, () => {
    const stop = film.start(data);
    film.show(data);
    return stop;
  });
}

class FilmCompare {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.player = find(".player");
    this.frame = find(".frame");
    this.busy = find(".busy");
    this.clock = find(".clock");
    this.seekBar = find(".seek");
    this.failure = find(".failure");
    this.buttons = { play: find(".play"), sound: find(".sound"), full: find(".full-screen") };
    this.leader = find(".layer.after video");
    this.divider = new Divider(root);
    this.fullScreen = new FullScreen(this.player);
    this.players = new Players(this.leader, find(".layer.before video"));
  }

  start({ key, room_below }) {
    const listening = listeningAnew(this);
    const { signal } = listening;
    const listen = (type, handle) => this.frame.addEventListener(type, handle, { signal });
    listen("pointerdown", (event) => this.grip(event));
    listen("pointermove", (event) => this.divider.drag(event));
    listen("pointerup", (event) => this.divider.release(event));
    listen("pointercancel", () => this.divider.giveUp());
    // Otherwise the browser would take the focus from the handle and start to select text.
    listen("mousedown", (event) => event.preventDefault());
    this.player.addEventListener("keydown", (event) => this.press(event), { signal });
    this.seekBar.addEventListener("input", () => this.players.seek(this.seekBar.valueAsNumber), { signal });
    this.buttons.play.onclick = () => this.players.toggle();
    this.buttons.sound.onclick = () => this.toggleSound();
    this.buttons.full.onclick = () => this.fullScreen.toggle();
    this.divider.start(key, signal);
    this.fullScreen.start(() => this.tell(), signal);
    this.players.listen(
      () => this.tell(),
      () => (this.failure.textContent = this.data.words.failure),
      signal,
    );
    fitToWindow(this.frame, room_below + CONTROLS_HEIGHT, signal);
    return () => listening.abort();
  }

  show(data) {
    this.data = data;
    this.player.setAttribute("aria-label", data.words.group);
    this.seekBar.setAttribute("aria-label", data.words.seek);
    this.busy.textContent = data.words.loading;
    this.failure.textContent = "";
    this.players.load(addressOf(data.after), data.before && addressOf(data.before), data.start);
    this.divider.name(...data.labels, data.words.divider);
    this.divider.endSweep();
    this.tell();
  }

  /* Shows the state of the players. */
  tell() {
    const { players, leader, buttons, data } = this;
    const { words } = data;
    if (leader.videoWidth) this.frame.style.setProperty("--ratio", leader.videoWidth / leader.videoHeight);
    this.frame.classList.toggle("alone", players.isAlone);
    this.player.classList.toggle("playing", players.wantsToPlay);
    this.player.classList.toggle("muted", leader.muted);
    this.busy.hidden = !players.isWaiting;
    this.seekBar.max = players.duration;
    this.seekBar.value = leader.currentTime;
    const [now, end] = [leader.currentTime, players.duration].map(clockTime);
    this.seekBar.setAttribute("aria-valuetext", `${now} / ${end}`);
    this.clock.textContent = `${now} / ${end}`;
    nameButton(buttons.play, players.wantsToPlay ? words.pause : words.play, "K");
    nameButton(buttons.sound, leader.muted ? words.unmute : words.mute, "M");
    nameButton(buttons.full, this.fullScreen.isOn ? words.leave : words.full, "F");
  }

  toggleSound() {
    this.leader.muted = !this.leader.muted;
  }

  grip(event) {
    if (!event.isPrimary || event.button !== 0) return;
    this.frame.setPointerCapture(event.pointerId);
    this.divider.grip(event);
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target === this.divider.handle && this.divider.press(event)) return event.preventDefault();
    const key = event.key.toLowerCase();
    if (key === "k" || (key === " " && event.target.localName !== "button")) this.players.toggle();
    else if (key === "m") this.toggleSound();
    else if (key === "f") this.fullScreen.toggle();
    else if (key === "escape" && this.fullScreen.isOn) this.fullScreen.leave();
    else return;
    event.preventDefault();
  }
}

/* Seconds as m:ss. */
function clockTime(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
