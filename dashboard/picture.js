/* Put before the components that show a picture, which call `decoded`. */

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

