"""A coloured photograph to take home: the kinds of file there are, and what of the original each cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from colorizer import images
from colorizer.images import EncodeOptions, Picture
from dashboard.resources import escape_markdown

_KINDS = (("PNG", ".png", "image/png"), ("JPEG", ".jpg", "image/jpeg"))


def draw_downloads(name: str, picture: Picture, colour: Callable[[], Picture], options: EncodeOptions) -> None:
    """Draw a button for each kind of file. `picture`: the original, which is called `name`.

    `colour` makes it coloured at its full size when a file is asked for: that takes longer than the preview.
    """
    for title, suffix, mime in _KINDS:
        st.download_button(
            f"Download {title}",
            data=partial(_file, colour, suffix, options),
            file_name=images.colorized_name(name, suffix),
            mime=mime,
            icon=":material/download:",
            type="primary" if suffix == ".png" else "secondary",
            on_click="ignore",
            width="stretch",
        )
    for _, suffix, _ in _KINDS:
        for sentence in images.not_kept(picture, suffix):
            st.caption(f":material/info: {escape_markdown(sentence)}.")


def _file(colour: Callable[[], Picture], suffix: str, options: EncodeOptions) -> bytes:
    return images.encode(colour(), suffix, options)
