"""A photograph of an album that is looked at by itself, in the Photo tab, whose view and controls it shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

TAB_KEY = "tab"
PHOTO_TAB, ALBUM_TAB = ":material/photo: Photo", ":material/photo_library: Album"
_KEY = "opened"


@dataclass(frozen=True)
class OpenPhoto:
    """`source`: what tells it from others. `read`: its file's content."""

    source: str
    name: str
    read: Callable[[], bytes]


def open_photo(source: str, name: str, read: Callable[[], bytes]) -> None:
    """Show a photograph in the Photo tab; to be called before the tabs are drawn, by a button's callback."""
    st.session_state[_KEY] = OpenPhoto(source, name, read)
    st.session_state[TAB_KEY] = PHOTO_TAB


def get_open_photo() -> OpenPhoto | None:
    """The one that is to be shown."""
    photo: OpenPhoto | None = st.session_state.get(_KEY)
    return photo


def close_photo() -> None:
    """Forget it."""
    st.session_state.pop(_KEY, None)


def back_to_album() -> None:
    """Forget it, and show the Album tab again; for a button's callback."""
    close_photo()
    st.session_state[TAB_KEY] = ALBUM_TAB
