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

/* Makes the changes of one call of a component with `apply`, which returns its clean-up, and returns the clean-up for
   Streamlit. Streamlit loads the script anew for each call and does not see to their order: an outdated call may come
   after the newest one. It is cleaned up at once, and then the newest one is applied again. */
function applyInOrder(controller, apply) {
  const calls = (controller.calls ??= []); // that are not cleaned up, as they came
  const call = { apply };
  calls.push(call);
  call.stop = apply();
  return () => {
    const isLast = calls.at(-1) === call;
    calls.splice(calls.indexOf(call), 1);
    call.stop?.();
    const newest = calls.at(-1);
    if (!isLast || !newest) return;
    newest.stop?.();
    newest.stop = newest.apply();
  };
}

/* Returns the decoded picture for a layer. It reuses the picture shown there if the URL is the same. */
async function decoded(layer, { path, label }) {
  const address = addressOf(path);
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

/* Returns the URL of a path on this server. It is relative to the page, because the server may have a base path. */
function addressOf(path) {
  return new URL(path.startsWith("/") ? `.${path}` : path, document.baseURI).href;
}

// In pixels. A picture that would have less than this below its top is seen after scrolling, in the whole window.
const LEAST_ROOM = 240;

/* Keeps `--room` of a frame, which limits its height, at what the window has below the frame's top while the page is
   not scrolled, less `below` pixels. `signal` ends it. */
function fitToWindow(frame, below, signal) {
  const place = frame.parentElement; // has its place on the page while the frame is hidden
  const fit = () => {
    if (!place.getClientRects().length) return; // in a tab that is not shown
    let top = place.getBoundingClientRect().top;
    for (const element of ancestors(place)) top += element.scrollTop;
    const taken = Math.round(top + below);
    const fits = document.documentElement.clientHeight - taken >= LEAST_ROOM;
    frame.style.setProperty("--room", fits ? `calc(100svh - ${taken}px)` : "75svh");
  };
  // What is above the frame changes its height together with one of the ancestors.
  const resized = new ResizeObserver(fit);
  for (const element of ancestors(place)) resized.observe(element);
  window.addEventListener("resize", fit, { signal });
  signal.addEventListener("abort", () => resized.disconnect());
  fit();
}

/* Yields the elements around `element`, from the inside out, beyond the shadow root. */
function* ancestors(element) {
  while ((element = element.parentElement ?? element.getRootNode().host)) yield element;
}
