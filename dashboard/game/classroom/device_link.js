/* Copies the teacher's link for another device; see device_link.py. Streamlit calls the default export on mount and
   after every change of `data`. */

export default function ({ data, parentElement }) {
  const [button, status] = parentElement.querySelectorAll("button, p");
  // The key is behind the #, which browsers send to no server.
  const link = `${data.address}?class=${data.code}#teacher=${data.key}`;
  button.textContent = data.words.copy;
  status.textContent = "";
  button.onclick = async () => {
    status.textContent = (await copy(link)) ? data.words.copied : data.words.failed;
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
