/* Names the language of the page; see language_switch.py. Streamlit calls the default export on mount and after every
   change of `data`. */

export default function ({ data }) {
  document.documentElement.lang = data.language;
}
