"""The page: its head and its tabs."""

from pathlib import Path

import streamlit as st

from dashboard import album, photo, video, webcam
from dashboard.housekeeping import watched_sessions
from dashboard.opened import ALBUM_TAB, PHOTO_TAB, TAB_KEY
from dashboard.session import session_id

# A file of our own: for an icon by name the browser would ask a server of Google's.
ICON = Path(__file__).with_name("icon.png")

watched_sessions().see(session_id())
st.set_page_config(page_title="AI Colouriser", page_icon=str(ICON), layout="wide")
st.title("AI Colouriser")
st.markdown(
    "Colour for black-and-white photographs and films, and for yourself in the camera. Everything happens on the "
    "computer that runs this page: nothing is kept when you close it, nothing is sent anywhere else."
)
photo_tab, album_tab, video_tab, webcam_tab = st.tabs(
    [PHOTO_TAB, ALBUM_TAB, ":material/movie: Video", ":material/videocam: Webcam"], on_change="rerun", key=TAB_KEY
)
with photo_tab:
    photo.render()
# The others from their first visit on, so that their work goes on while one looks at another tab. Not before: the
# camera's streamer measures itself when it is drawn, and in a hidden tab it would find no height.
for tab, module in ((album_tab, album), (video_tab, video), (webcam_tab, webcam)):
    visited = f"{module.__name__}-visited"
    if tab.open:
        st.session_state[visited] = True
    if visited in st.session_state:
        with tab:
            module.render()
