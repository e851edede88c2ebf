/* A button that copies a picture. Streamlit calls the default export on mount and after every change of `data`. */

const COPIED_MILLISECONDS = 4000; // after which the button offers to copy again, for the picture may be another one

export default function ({ data, parentElement }) {
  const button = controllerOf(parentElement, CopyButton);
  return applyInOrder(button, () => button.show(data));
}

class CopyButton {
  constructor(root) {
    this.button = root.querySelector("button");
    this.text = root.querySelector("span");
    this.status = root.querySelector("p");
    this.button.onclick = () => this.press();
  }

  show(data) {
    const isNew = this.data?.address !== data.address || this.data.words.copy !== data.words.copy;
    this.data = data;
    if (isNew) this.say("copy");
  }

  async press() {
    if (this.isCopying) return;
    this.isCopying = true;
    this.say("copying");
    this.say(await this.copy());
    this.isCopying = false;
  }

  /* Copies the picture. Returns the name of the words that tell how it went. */
  async copy() {
    if (!window.isSecureContext) return "insecure";
    if (!navigator.clipboard?.write || !window.ClipboardItem) return "unsupported";
    let loaded = false;
    const picture = fetchPng(addressOf(this.data.address)).then((png) => {
      loaded = true;
      return png;
    });
    try {
      // A promise, because the browser wants to be asked at once when the button is pressed.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
      return "copied";
    } catch (error) {
      console.error(`The picture was not copied: ${error}`);
      await picture.catch(() => undefined); // it is told below
      return loaded ? "refused" : "failed";
    }
  }

  /* What went well stands on the button, what did not below it. */
  say(name) {
    const isProblem = !["copy", "copying", "copied"].includes(name);
    this.text.textContent = this.data.words[isProblem ? "copy" : name];
    this.button.classList.toggle("copied", name === "copied");
    this.status.textContent = name === "copy" || name === "copying" ? "" : this.data.words[name];
    this.status.classList.toggle("spoken", !isProblem); // the button shows it
    clearTimeout(this.timer);
    if (name === "copied") this.timer = setTimeout(() => this.say("copy"), COPIED_MILLISECONDS);
  }
}

async function fetchPng(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`expected a picture, got status ${answer.status}`);
  const picture = await answer.blob();
  if (picture.type === "image/png") return picture;
  const bitmap = await createImageBitmap(picture);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
