"""AI Colouriser: the page. `streamlit run streamlit_app.py`."""

import streamlit as st

from dashboard import photo

st.set_page_config(page_title="AI Colouriser", page_icon=":material/palette:", layout="wide")
st.title("AI Colouriser")
st.markdown(
    "Colour for black-and-white photographs. Everything happens in the memory of the computer that runs this page: "
    "nothing is stored, nothing is sent anywhere else."
)
photo.render()
