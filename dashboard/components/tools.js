/* Full screen, and the names of buttons that are drawn as icons. Components load it before their own script. */

/* Shows an element on the full screen, or back in its place. */
class FullScreen {
  constructor(element) {
    this.element = element;
  }

  /* `changed` is called with whether the element fills the screen, after each change. */
  start(changed, signal) {
    this.changed = changed;
    this.element.addEventListener("fullscreenchange", () => this.mark(this.element.matches(":fullscreen")), { signal });
  }

  get isOn() {
    return this.element.classList.contains("full");
  }

  async toggle() {
    if (this.isOn) return this.leave();
    try {
      await this.element.requestFullscreen();
    } catch {
      // A telephone may have no full screen for pages, and a page shown in another one may not be allowed it. There the
      // element fills the window, above everything else.
      this.element.popover = "manual";
      this.element.showPopover();
      this.mark(true);
    }
  }

  leave() {
    if (this.element.matches(":fullscreen")) return document.exitFullscreen();
    if (!this.isOn) return;
    this.element.hidePopover();
    this.element.removeAttribute("popover");
    this.mark(false);
  }

  mark(isOn) {
    this.element.classList.toggle("full", isOn);
    this.changed(isOn);
  }
}

/* Names a button for screen readers and for the mouse. `key`: the key that does the same. */
function nameButton(button, name, key) {
  button.setAttribute("aria-label", name);
  button.title = `${name} (${key})`;
  button.setAttribute("aria-keyshortcuts", key);
}

/* Whether an event is that of a button on the picture. */
function isTool(event) {
  return event.composedPath().some((element) => element.classList?.contains("tool"));
}

