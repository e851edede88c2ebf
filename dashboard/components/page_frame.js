/* What belongs to the whole page. Streamlit calls the default export on mount and after every change of `data`. */

const WORKED = "ai-colouriser:works"; // in sessionStorage: this tab of the browser has had work

export default function ({ data, parentElement, setTriggerValue }) {
  keepHistory(data.places);
  const drop = controllerOf(parentElement, PageDrop);
  return applyInOrder(drop, () => {
    const endings = [drop.start(), nameFields()];
    drop.show(data);
    noteWork(data.works, () => setTriggerValue("lost", true));
    return () => endings.forEach((end) => end());
  });
}

/* Remembers that there is work. Calls `tell` if there was some which the session does not have: it is a new one. */
function noteWork(works, tell) {
  if (works) {
    sessionStorage.setItem(WORKED, "1");
  } else if (sessionStorage.getItem(WORKED)) {
    sessionStorage.removeItem(WORKED);
    tell();
  }
}
