/* The browser's history has places (which tab, which class) and no settings: Back leads to the place before, and what
   was set since then stays. Streamlit by itself makes an entry of each setting that the server changes, and lets Back
   return to the settings of that moment. */

const KEPT = Symbol.for("ai-colouriser.history");

/* Changes how this page writes its history; once. `places`: the parameters of the address that make a place. */
function keepHistory(places) {
  if (window[KEPT]) return;
  window[KEPT] = true;
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  let search = location.search; // as it is before Back or Forward change it
  const placeOf = (address) => places.map((name) => address.searchParams.get(name)).join("\n");

  const write = (method) => (state, unused, address) => {
    method(state, unused, address);
    search = location.search;
  };
  history.replaceState = write(replace);
  history.pushState = (state, unused, address) => {
    const here = new URL(location.href);
    const isPlace = placeOf(new URL(address ?? "", here)) !== placeOf(here);
    write(isPlace ? push : replace)(state, unused, address);
  };

  const keepSettings = ({ state }) => {
    const entry = new URL(location.href);
    const address = new URL(location.href);
    address.search = search;
    for (const name of places) {
      address.searchParams.delete(name);
      for (const value of entry.searchParams.getAll(name)) address.searchParams.append(name, value);
    }
    write(replace)(state, "", address);
  };
  // While it is captured: before Streamlit reads the address.
  window.addEventListener("popstate", keepSettings, { capture: true });
}
