/* Copies the teacher's link for another device; see device_link.py. Streamlit calls the default export on mount and
   after every change of `data`. */

export default function ({ data, parentElement }) {
  const status = parentElement.querySelector("p");
  // The key is behind the #, which browsers send to no server.
  const link = `${location.origin}${location.pathname}?class=${data.code}#teacher=${data.key}`;
  status.textContent = "";
  parentElement.querySelector("button").onclick = async () => {
    status.textContent = (await copy(link))
      ? "Copied. Send it to yourself, and to nobody else."
      : "This browser does not let the page copy. Open the page with another browser.";
  };
}

/* Returns whether the text is on the clipboard. */
async function copy(text) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  // A page without HTTPS has no navigator.clipboard.
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = 0;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
