"""AI Colouriser: the page. `streamlit run streamlit_app.py`."""

from pathlib import Path

import streamlit as st

from dashboard import photo, webcam

# A file of our own: for an icon by name the browser would ask a server of Google's.
ICON = Path(__file__).with_name("icon.png")

st.set_page_config(page_title="AI Colouriser", page_icon=str(ICON), layout="wide")
st.title("AI Colouriser")
st.markdown(
    "Colour for black-and-white photographs, and for yourself in the camera. Everything happens in the memory of the "
    "computer that runs this page: nothing is stored, nothing is sent anywhere else."
)
photo_tab, webcam_tab = st.tabs([":material/photo: Photo", ":material/videocam: Webcam"], on_change="rerun", key="tab")
with photo_tab:
    photo.render()
with webcam_tab:
    # From its first visit on, so that a stream goes on while one looks at another tab. Not before: the streamer
    # measures itself when it is drawn, and in a hidden tab it would find no height.
    if webcam_tab.open:
        st.session_state["webcam-visited"] = True
    if "webcam-visited" in st.session_state:
        webcam.render()
