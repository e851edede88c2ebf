"""The tabs, the one that is open, and the photograph that another tab opens in the Photo tab.

The open tab is in the page's address (`?tab=album`), so that links, reload, Back and Forward lead to it. Each is a
place of its own in the browser's history; `dashboard.components.page_frame` keeps settings from being places too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import streamlit as st

from colorizer.recipe import PhotoSettings
from dashboard.server.streamlit_internals import is_history_navigation
from dashboard.shared.language import LANGUAGE_PARAMETER, mark, tr
from dashboard.shared.reference import ReferencePicture

TAB_KEY = "tab"  # of the tabs' widget, and in the address
CLASS_PARAMETER = "class"  # in the link to a class, which leads to the game without naming the tab
SAMPLE_PARAMETER = "sample"  # so that a sample has a link, and Back leaves it
# What in the address says where the visitor is, also as which player of the class, and in which language.
PLACES = (TAB_KEY, CLASS_PARAMETER, "player", SAMPLE_PARAMETER, LANGUAGE_PARAMETER)
_SHOWN, _OPENED = "tab-shown", "opened"


class Tab(StrEnum):
    """The tabs in their order. The value is in the address."""

    PHOTO = "photo"
    ALBUM = "album"
    FILM = "film"
    WEBCAM = "webcam"
    LESSON = "lesson"
    GAME = "game"


_LABELS = {  # icon and words
    Tab.PHOTO: ("photo", mark("Photo")),
    Tab.ALBUM: ("photo_library", mark("Album")),
    Tab.FILM: ("movie", mark("Film")),
    Tab.WEBCAM: ("videocam", mark("Webcam")),
    Tab.LESSON: ("school", mark("How it works")),
    Tab.GAME: ("quiz", mark("Real or coloured?")),
}


def tab_label(tab: Tab) -> str:
    """The label of a tab in the visitor's language, which is also the value of the tabs' widget."""
    icon, words = _LABELS[tab]
    return f":material/{icon}: {tr(words)}"


def open_tab(tab: Tab) -> None:
    """Show a tab. Call it from a callback, which runs before the tabs are drawn."""
    st.session_state[TAB_KEY] = tab_label(tab)


def follow_address() -> None:
    """Open the tab that the address names when it was loaded, or reached by Back or Forward; else name the open tab.

    Call it before the tabs are drawn.
    """
    shown: Tab | None = st.session_state.get(_SHOWN)
    named = _tab_of_address()
    if shown is None or is_history_navigation():
        shown = named
    else:  # in another language the label of before is unknown
        shown = {tab_label(tab): tab for tab in Tab}.get(st.session_state.get(TAB_KEY, ""), shown)
    st.session_state[_SHOWN] = shown
    if st.session_state.get(TAB_KEY) != tab_label(shown):
        open_tab(shown)
    if shown == named:
        return
    if shown == _default_tab():
        del st.query_params[TAB_KEY]
    else:
        st.query_params[TAB_KEY] = shown.value


def _tab_of_address() -> Tab:
    named = st.query_params.get(TAB_KEY, "")
    return Tab(named) if named in set(Tab) else _default_tab()


def _default_tab() -> Tab:
    """The tab of an address that names none."""
    return Tab.GAME if CLASS_PARAMETER in st.query_params else Tab.PHOTO


class Keep(Protocol):
    """Takes the settings that a photograph has got in the Photo tab.

    `model`: its name; None: the one from before. `reference`: the picture that the settings name.
    """

    def __call__(
        self, settings: PhotoSettings, model: str | None = None, reference: ReferencePicture | None = None
    ) -> None: ...


@dataclass(frozen=True)
class OpenPhoto:
    """A photograph to open.

    `source`: its unique identifier. `read`: returns the content of its file. `settings`, `model`: what the Photo tab
    begins with; None: its own. `reference`: the picture that the settings name. `keep`: called with the settings, and
    the model where it is another, when they change.
    """

    source: str
    name: str
    read: Callable[[], bytes]
    settings: PhotoSettings | None = None
    model: str | None = None
    keep: Keep | None = None
    reference: ReferencePicture | None = None

    def goes_on(self, before: OpenPhoto) -> bool:
        """Whether this is what was open before. If it is opened anew and brings settings, these are to be taken."""
        return self is before or (self.settings is None and self.source == before.source)


def open_photo(photo: OpenPhoto) -> None:
    """Show a photograph in the Photo tab. Call it from a button's callback, which runs before the tabs are drawn."""
    st.session_state[_OPENED] = photo
    open_tab(Tab.PHOTO)


def get_open_photo() -> OpenPhoto | None:
    """The photograph that the Photo tab shows for the album, or None."""
    photo: OpenPhoto | None = st.session_state.get(_OPENED)
    return photo


def close_photo() -> None:
    """Forget the open photograph."""
    st.session_state.pop(_OPENED, None)


def back_to_album() -> None:
    """Forget the open photograph and show the Album tab. Call it from a button's callback."""
    close_photo()
    open_tab(Tab.ALBUM)
