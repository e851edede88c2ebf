"""The page: its header, its tabs, and the session's last results below them."""

from pathlib import Path

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, images
from colorizer.video import VIDEO_SUFFIXES
from dashboard.album import tab as album
from dashboard.album.contents import ZIP_SUFFIX
from dashboard.components.page_frame import Taker, draw_page_frame
from dashboard.game import tab as game
from dashboard.help.about import draw_about
from dashboard.help.guide import draw_guide
from dashboard.lesson import tab as lesson
from dashboard.navigation import PLACES, TAB_KEY, Tab, follow_address, tab_label
from dashboard.photo import tab as photo
from dashboard.server.memory import freeze_modules
from dashboard.server.page_runs import page_turn
from dashboard.server.refusals import NOTICES
from dashboard.server.session import current_visitor, watched_sessions
from dashboard.server.workers.run import start_host
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.language_switch import draw_language_switch
from dashboard.shared.login import require_login
from dashboard.shared.recent import draw_recent_results, has_results
from dashboard.video import tab as film
from dashboard.webcam import tab as webcam

# A local file, because the browser would fetch an icon given by name from a Google server.
ICON = Path(__file__).with_name("icon.png")
STYLES = tuple(Path(__file__).with_name(name) for name in ("contrast.css", "page.css"))
TABS = {
    Tab.PHOTO: photo,
    Tab.ALBUM: album,
    Tab.FILM: film,
    Tab.WEBCAM: webcam,
    Tab.LESSON: lesson,
    Tab.GAME: game,
}
_NUMBERS = {tab: number for number, tab in enumerate(TABS)}
TAKERS = (
    Taker(_NUMBERS[Tab.PHOTO], images.READABLE_SUFFIXES),
    Taker(_NUMBERS[Tab.ALBUM], (*images.READABLE_SUFFIXES, ZIP_SUFFIX), many=True),
    Taker(_NUMBERS[Tab.FILM], VIDEO_SUFFIXES),
)
LOST_KEY = "work-is-lost"


def draw_header() -> None:
    """Draw the line with the name, the language, Help and About. The last two lie above what stands on the page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="header"):
        st.title("AI Colouriser", anchor=False, width="content")
        st.markdown(tr("Colour for black-and-white photographs and films."), width="stretch")
        draw_language_switch()
        if st.button(tr("Help"), icon=":material/help:", type="tertiary", key="help"):
            st.dialog(tr("Help"), width="large")(draw_guide)()
        if st.button(tr("About"), icon=":material/info:", type="tertiary", key="about"):
            st.dialog(tr("About"), width="large")(draw_about)()


def draw_tabs() -> None:
    """Draw the tabs, and in each what it has.

    A tab is drawn from its first visit on, so that its work continues while another tab is open. It is not drawn
    earlier, because the camera's streamer measures its height when it is drawn, and a hidden tab has none.
    """
    follow_address()
    tabs = st.tabs([tab_label(tab) for tab in TABS], on_change="rerun", key=TAB_KEY)
    for tab, place in zip(TABS, tabs, strict=True):
        visited = f"visited-{tab}"
        if place.open:
            st.session_state[visited] = True
        if visited in st.session_state:
            with place:
                TABS[tab].render()


def draw_foot() -> None:
    """Draw the session's last results, and what sees to the whole page."""
    draw_recent_results()
    draw_page_frame(
        TAKERS,
        tabs=TAB_KEY,
        places=PLACES,
        works=has_results(),
        on_lost=lambda: st.session_state.update({LOST_KEY: True}),
    )


freeze_modules()  # all are loaded now
visitor = current_visitor()
watched_sessions().mark_alive(*visitor)
start_host()  # so that it has imported the library when the first file comes
with page_turn():
    require_login()
    st.set_page_config(page_title="AI Colouriser", page_icon=str(ICON), layout="wide")
    for style in STYLES:
        st.html(style)
    draw_header()
    if (refused := NOTICES.find(visitor.session)) is not None:
        show_error(refused, MODELS[DEFAULT_MODEL], key="page-fetch")
    if st.session_state.pop(LOST_KEY, False):
        st.info(
            tr("The page was loaded anew, so the pictures of before are gone. Drop them again to go on."),
            icon=":material/refresh:",
        )
    draw_tabs()
    draw_foot()
