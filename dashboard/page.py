"""The page: its head and its tabs."""

from pathlib import Path

import streamlit as st

from dashboard.album import tab as album
from dashboard.game import tab as game
from dashboard.lesson import tab as how
from dashboard.navigation import ALBUM_TAB, PHOTO_TAB, TAB_KEY
from dashboard.photo import tab as photo
from dashboard.server.housekeeping import watched_sessions
from dashboard.server.session import session_id
from dashboard.video import tab as video
from dashboard.webcam import tab as webcam

# A file of our own: for an icon by name the browser would ask a server of Google's.
ICON = Path(__file__).with_name("icon.png")

TABS = {
    PHOTO_TAB: photo,
    ALBUM_TAB: album,
    ":material/movie: Video": video,
    ":material/videocam: Webcam": webcam,
    ":material/school: How it works": how,
    game.GAME_TAB: game,
}

watched_sessions().mark_alive(session_id())
st.set_page_config(page_title="AI Colouriser", page_icon=str(ICON), layout="wide")
st.title("AI Colouriser")
st.markdown(
    "Colour for black-and-white photographs and films, and for yourself in the camera. Everything happens on the "
    "computer that runs this page. Nothing is sent anywhere else; what you bring goes when you close the page, a "
    "class's game when it ends."
)
game.open_by_link()
# Each from its first visit on, so that its work goes on while one looks at another tab. Not before: the camera's
# streamer measures itself when it is drawn, and in a hidden tab it would find no height.
for tab, module in zip(st.tabs(list(TABS), on_change="rerun", key=TAB_KEY), TABS.values(), strict=True):
    visited = f"{module.__name__}-visited"
    if tab.open:
        st.session_state[visited] = True
    if visited in st.session_state:
        with tab:
            module.render()
