/* Put before the components that show a picture, which call what is here. */

// One controller per mounted component; the root is Streamlit's shadow root, which lives exactly as long as that.
const controllers = new WeakMap();

/* The root's controller, made by `Kind` for the first call. */
function controllerOf(root, Kind) {
  const controller = controllers.get(root) ?? new Kind(root);
  controllers.set(root, controller);
  return controller;
}

/* Whose signal the listeners of this call go with. Streamlit may drop a call that it has overtaken, and then runs that
   call's clean-up after the next call has begun. So every call starts the listeners anew, and its clean-up stops no
   others. */
function listeningAnew(controller) {
  controller.listening?.abort();
  controller.listening = new AbortController();
  return controller.listening;
}

/* The decoded picture for a layer; the one on show there, where its address is the same. */
async function decoded(layer, { path, label }) {
  // Relative to the page, because the server may live under a base path.
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

