"""The grid of an album: one card for each photograph. A finished card shows its result and can be opened."""

from __future__ import annotations

from base64 import b64encode
from functools import cache, partial
from pathlib import Path

import numpy as np
import streamlit as st

from colorizer import images
from colorizer.images import Picture
from colorizer.recipe import PhotoSettings
from dashboard.album.album import Album
from dashboard.album.entry import THUMBNAIL, Entry, Result
from dashboard.album.run import start_grays
from dashboard.navigation import OpenPhoto, open_photo
from dashboard.server.queues import estimate_queue
from dashboard.server.settings import max_pixels
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.errors import explain
from dashboard.shared.language import tr
from dashboard.shared.models import cached_colorizer
from dashboard.shared.reference import ReferencePicture
from dashboard.shared.text import escape_markdown

PAGE = 60  # cards on one page of the grid
CARD_WIDTH = THUMBNAIL[0] // 2
_LONGEST_LABEL = 20  # characters of a file name on its card


def draw_grid(album: Album, *, was_working: bool) -> None:
    """Draw the cards, one page of the grid at a time. Redrawn every second while the album is worked on."""
    pages = -(-len(album.entries) // PAGE)
    first = PAGE * (st.pagination(pages, key="album-page") - 1) if pages > 1 else 0
    shown = album.entries[first : first + PAGE]
    start_grays(album, shown, max_pixels(), queue=estimate_queue(), owner=session_id())
    if album.is_drawing_grays and not was_working:
        st.rerun()  # the whole page, which redraws the grid from now on
    with st.container(horizontal=True, gap="small"):
        for number, entry in enumerate(shown, start=first):
            with st.container(width=CARD_WIDTH, gap="xsmall", key=f"album-card-{number}"):
                _draw_card(album, entry, album.results.get(entry.key))


def _draw_card(album: Album, entry: Entry, result: Result | None) -> None:
    label = escape_markdown(_shorten_label(entry.name))
    names = "  \n".join(escape_markdown(str(name)) for name in entry.names)
    if result is None or result.file is None:
        gray = album.grays.get(entry.key) or _blank_card()
        st.image(gray, width="stretch", alt=tr("{name}, not in colour", name=entry.name))
        st.caption(f"**{label}**", help=names)
    else:
        st.image(result.thumbnail, width="stretch", alt=tr("{name}, coloured", name=entry.name))
        if st.button(
            label,
            help="  \n".join([names, *map(escape_markdown, result.notes)]),
            on_click=partial(_open, album, entry),
            width="stretch",
            key=f"album-open-{_identify(album, entry)}",
        ):
            st.rerun()  # the whole page, because another tab opens
    if result is not None and result.error is not None:
        st.caption(f":red[:material/error: {escape_markdown(explain(result.error))}]")
    if entry.key in album.corrections:
        _draw_correction(album, entry)


def _draw_correction(album: Album, entry: Entry) -> None:
    """Draw the mark of a photograph with settings of its own, and the way back to those of the album."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="xxsmall"):
        st.badge(tr("Corrected"), color="green")
        if st.button(
            tr("Set back"),
            help=tr("Gives this photograph the settings of the album again."),
            type="tertiary",
            key=f"album-back-{_identify(album, entry)}",
        ):
            album.set_back(entry.key)  # not in a callback, after which this button would not be drawn any more
            st.rerun()  # the whole page, which starts the run


def _open(album: Album, entry: Entry) -> None:
    settings = album.wanted(entry)
    open_photo(
        OpenPhoto(
            _identify(album, entry),
            entry.photo_name,
            entry.read,
            settings=settings.photo,
            model=settings.model,
            keep=partial(_correct, album, entry),
            reference=settings.reference,
        )
    )


def _correct(
    album: Album,
    entry: Entry,
    settings: PhotoSettings,
    model: str | None = None,
    reference: ReferencePicture | None = None,
) -> None:
    if model is not None:
        album.colorizers[model] = cached_colorizer(model)
    album.correct(entry.key, settings, model, reference)


def _identify(album: Album, entry: Entry) -> str:
    size, checksum = entry.key
    return f"album/{album.number}/{size}-{checksum:08x}"


def _shorten_label(name: str) -> str:
    """Shorten a name that is too long for a card: its beginning, an ellipsis and its suffix."""
    if len(name) <= _LONGEST_LABEL:
        return name
    suffix = Path(name).suffix[:6]
    return f"{name[: _LONGEST_LABEL - len(suffix) - 1]}\N{HORIZONTAL ELLIPSIS}{suffix}"


@cache
def _blank_card() -> str:
    """A plain grey card, for a photograph of which nothing is known yet.

    An address that holds the picture itself: cards of this kind are soon replaced, and Streamlit would forget a file
    before a slow browser has fetched it.
    """
    gray = np.full(THUMBNAIL[::-1], 128, np.uint8)
    picture = images.encode(Picture(gray, gray // 2), ".png")  # half transparent, so that it is pale in either theme
    return f"data:image/png;base64,{b64encode(picture).decode()}"
