/* Pictures to choose one of. Streamlit calls the default export on mount and after every change of `data`. */

export default function ({ data, parentElement, setTriggerValue }) {
  const choices = controllerOf(parentElement, Choices);
  return applyInOrder(choices, () => {
    const stop = choices.start(setTriggerValue);
    choices.show(data);
    return stop;
  });
}

class Choices {
  constructor(root) {
    this.group = root.querySelector(".choices");
  }

  start(send) {
    const listening = listeningAnew(this);
    const choose = (event) => send("chosen", Number(event.target.value));
    this.group.addEventListener("change", choose, { signal: listening.signal });
    return () => listening.abort();
  }

  show({ label, choices, chosen, columns }) {
    this.group.setAttribute("aria-label", label);
    this.group.style.setProperty("--count", columns);
    const shown = [...this.group.children];
    shown.slice(choices.length).forEach((choice) => choice.remove());
    choices.forEach((choice, number) => {
      const element = shown[number] ?? this.group.appendChild(emptyChoice(number));
      element.querySelector("input").checked = number === chosen;
      element.querySelector(".name").textContent = choice.label;
      showPicture(element.querySelector(".picture"), choice.path);
    });
  }
}

/* A native radio button, so that the browser brings the keys and the role. */
function emptyChoice(number) {
  const element = document.createElement("label");
  element.className = "choice";
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: "choice", value: number });
  const [picture, name] = ["picture", "name"].map((kind) => {
    const part = document.createElement("span");
    part.className = kind;
    return part;
  });
  element.append(input, picture, name);
  return element;
}

/* Exchanges the picture only when the new one can be drawn, so that nothing flickers. */
async function showPicture(place, path) {
  place.dataset.path = path;
  try {
    const image = await decoded(place, { path, label: "" });
    if (place.dataset.path === path) place.replaceChildren(image);
  } catch (error) {
    // The name below says what it is. A picture that was replaced may be gone from the server.
    if (place.dataset.path === path) console.error(`A small picture could not be loaded: ${error}`);
  }
}
