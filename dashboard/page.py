"""The page: its header and its tabs."""

from pathlib import Path

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS
from dashboard.album import tab as album
from dashboard.game import tab as game
from dashboard.lesson import tab as how
from dashboard.navigation import ALBUM_TAB, PHOTO_TAB, TAB_KEY
from dashboard.photo import tab as photo
from dashboard.server.refusals import NOTICES
from dashboard.server.session import current_visitor, watched_sessions
from dashboard.server.workers.run import start_host
from dashboard.shared.errors import show_error
from dashboard.shared.login import require_login
from dashboard.video import tab as video
from dashboard.webcam import tab as webcam

# A local file, because the browser would fetch an icon given by name from a Google server.
ICON = Path(__file__).with_name("icon.png")

TABS = {
    PHOTO_TAB: photo,
    ALBUM_TAB: album,
    ":material/movie: Film": video,
    ":material/videocam: Webcam": webcam,
    ":material/school: How it works": how,
    game.GAME_TAB: game,
}

visitor = current_visitor()
watched_sessions().mark_alive(*visitor)
start_host()  # so that it has imported the library when the first file comes
require_login()
st.set_page_config(page_title="AI Colouriser", page_icon=str(ICON), layout="wide")
st.title("AI Colouriser")
st.markdown(
    "Put colour into black-and-white photographs and films, or see yourself coloured live in the camera. Everything "
    "happens on the computer that runs this page, and nothing is sent anywhere else. Your files are deleted when you "
    "close the page. A class's pictures and votes are deleted when the class ends."
)
if (refused := NOTICES.find(visitor.session)) is not None:
    show_error(refused, MODELS[DEFAULT_MODEL], key="page-fetch")
game.open_by_link()
# A tab is drawn from its first visit on, so that its work continues while another tab is open. It is not drawn
# earlier, because the camera's streamer measures its height when it is drawn, and a hidden tab has none.
for tab, module in zip(st.tabs(list(TABS), on_change="rerun", key=TAB_KEY), TABS.values(), strict=True):
    visited = f"{module.__name__}-visited"
    if tab.open:
        st.session_state[visited] = True
    if visited in st.session_state:
        with tab:
            module.render()
