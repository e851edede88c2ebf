/* Streamlit's fields for files: style sheets give their buttons' words, which not every program that reads a page sees,
   and their role contradicts their names. */

const ZONE = '[data-testid="stFileUploaderDropzone"]';

/* Mends those that stand on the page, and those that come later. Returns what ends that. */
function nameFields() {
  const ending = new AbortController();
  let frame;
  const soon = () => {
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      document.querySelectorAll(ZONE).forEach(nameField);
    });
  };
  const observer = new MutationObserver(soon);
  observer.observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", soon, { signal: ending.signal }); // the words depend on the width
  ending.signal.addEventListener("abort", () => observer.disconnect());
  soon();
  return () => ending.abort();
}

function nameField(zone) {
  zone.setAttribute("role", "group");
  const button = zone.querySelector("button:has(p)");
  const written = button && [button.querySelector("p"), button.querySelector("p").parentElement];
  const words = written
    ?.map((element) => getComputedStyle(element, "::after").content)
    .find((content) => content.startsWith('"'));
  if (words) button.setAttribute("aria-label", words.slice(1, -1));
}
