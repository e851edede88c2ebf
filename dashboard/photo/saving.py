"""A coloured photograph to take home: the kinds of file there are, and what of the original each cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import streamlit as st

from colorizer import images
from dashboard.photo.rendering import FILE_KINDS
from dashboard.server.queues import address_in_turn
from dashboard.server.settings import escape_markdown


def draw_downloads(name: str, write: Callable[[str], bytes], lost: Iterable[str]) -> None:
    """Draw a button for each kind of file, and what is lost. `name`: the original's file.

    `write` makes the file with an ending when it is asked for: the full size takes longer than the preview.
    """
    for title, suffix in FILE_KINDS.items():
        st.link_button(
            f"Download {title}",
            address_in_turn(partial(write, suffix), images.colorized_name(name, suffix), place=f"photo{suffix}"),
            icon=":material/download:",
            type="primary" if suffix == ".png" else "secondary",
            width="stretch",
        )
    for sentence in lost:
        st.caption(f":material/info: {escape_markdown(sentence)}.")
