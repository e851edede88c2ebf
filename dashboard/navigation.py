"""Open a photograph of an album in the Photo tab, with that tab's view and controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

TAB_KEY = "tab"
PHOTO_TAB, ALBUM_TAB = ":material/photo: Photo", ":material/photo_library: Album"
_KEY = "opened"


@dataclass(frozen=True)
class OpenPhoto:
    """A photograph to open. `source`: its unique identifier. `read`: returns the content of its file."""

    source: str
    name: str
    read: Callable[[], bytes]


def open_photo(source: str, name: str, read: Callable[[], bytes]) -> None:
    """Show a photograph in the Photo tab. Call it from a button's callback, which runs before the tabs are drawn."""
    st.session_state[_KEY] = OpenPhoto(source, name, read)
    st.session_state[TAB_KEY] = PHOTO_TAB


def get_open_photo() -> OpenPhoto | None:
    """The photograph that the Photo tab shows for the album, or None."""
    photo: OpenPhoto | None = st.session_state.get(_KEY)
    return photo


def close_photo() -> None:
    """Forget the open photograph."""
    st.session_state.pop(_KEY, None)


def back_to_album() -> None:
    """Forget the open photograph and show the Album tab. Call it from a button's callback."""
    close_photo()
    st.session_state[TAB_KEY] = ALBUM_TAB
