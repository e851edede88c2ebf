/* Functions for the components that show pictures. They are loaded before the component's own script. */

// One controller per mounted component, by its shadow root, which Streamlit keeps as long as the component is mounted.
const controllers = new WeakMap();

/* Returns the controller of `root`. The first call creates it from the class `Kind`. */
function controllerOf(root, Kind) {
  const controller = controllers.get(root) ?? new Kind(root);
  controllers.set(root, controller);
  return controller;
}

/* Returns the AbortController for the listeners of one call, and aborts that of the call before. Streamlit may run the
   clean-up of an outdated call after the next call has started. With one controller per call, a clean-up removes only
   the listeners of its own call. */
function listeningAnew(controller) {
  controller.listening?.abort();
  controller.listening = new AbortController();
  return controller.listening;
}

/* Returns the decoded picture for a layer. It reuses the picture shown there if the URL is the same. */
async function decoded(layer, { path, label }) {
  // Relative to the page, because the server may run under a base path.
  const address = new URL(`.${path}`, document.baseURI).href;
  const shown = layer.querySelector("img");
  if (shown?.src === address) {
    shown.alt = label;
    return shown;
  }
  const image = new Image();
  image.draggable = false;
  image.alt = label;
  image.src = address;
  await image.decode();
  return image;
}

