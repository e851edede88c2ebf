/* The keys of one class in this tab of the browser; see tab_memory.py. Streamlit calls the default export on mount and
   after every change of `data`. */

export default function ({ data, setTriggerValue }) {
  const nameOf = (role) => `ai-colouriser:${data.code}:${role}`;
  const read = (role) => sessionStorage.getItem(nameOf(role)) ?? "";
  const tell = (link) =>
    setTriggerValue("keys", { link, teacher: read("teacher"), player: read("player") });

  for (const [role, key] of Object.entries(data.keys)) {
    if (key) sessionStorage.setItem(nameOf(role), key);
  }
  const link = takeLink();
  if (link || !data.known) tell(link);
  // A link that is opened in this tab while it shows the class changes the fragment only, which loads nothing.
  const listening = new AbortController();
  const listen = () => {
    const opened = takeLink();
    if (opened) tell(opened);
  };
  addEventListener("hashchange", listen, { signal: listening.signal });
  return () => listening.abort();
}

/* Returns the teacher's key in the page's address, or "", and takes it out of the address and the tab's history. */
function takeLink() {
  const search = new URLSearchParams(location.search);
  const key = new URLSearchParams(location.hash.slice(1)).get("teacher") ?? search.get("teacher");
  if (key === null) return "";
  search.delete("teacher");
  history.replaceState(history.state, "", `${location.pathname}?${search}`);
  return key;
}
