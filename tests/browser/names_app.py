"""Names that visitors may give their files, shown as the page shows them; a browser test runs it."""

import streamlit as st

from dashboard.shared.text import escape_markdown
from tests.browser.telling_names import NAMES

for number, name in enumerate(NAMES):
    with st.container(key=f"text-{number}"):
        st.markdown(f"**{escape_markdown(name)}:** first")
    with st.container(key=f"start-{number}"):
        st.markdown(escape_markdown(name))
    with st.container(key=f"button-{number}"):
        st.button(escape_markdown(name), key=name)
st.table({"Name": ["end"]})
