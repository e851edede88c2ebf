"""AI Colouriser: the page. `streamlit run streamlit_app.py`."""

from pathlib import Path

import streamlit as st

from dashboard import photo

# A file of our own: for an icon by name the browser would ask a server of Google's.
ICON = Path(__file__).parent / "dashboard" / "icon.png"

st.set_page_config(page_title="AI Colouriser", page_icon=str(ICON), layout="wide")
st.title("AI Colouriser")
st.markdown(
    "Colour for black-and-white photographs. Everything happens in the memory of the computer that runs this page: "
    "nothing is stored, nothing is sent anywhere else."
)
photo.render()
