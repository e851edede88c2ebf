"""The grid of an album: one card for each photograph. A finished card shows its result and can be opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from colorizer import images
from colorizer.images import Picture
from dashboard.album.album import Album, AlbumRun
from dashboard.album.entry import THUMBNAIL, Entry, Outcome
from dashboard.navigation import open_photo
from dashboard.shared.text import capitalize, escape_markdown

PAGE = 60  # cards on one page of the grid
CARD_WIDTH = THUMBNAIL[0] // 2
_LONGEST_LABEL = 20  # characters of a file name on its card


def draw_grid(album: Album, run: AlbumRun) -> None:
    """Draw the cards of a run, one page of the grid at a time."""
    pages = -(-len(album.entries) // PAGE)
    first = PAGE * (st.pagination(pages, key="album-page") - 1) if pages > 1 else 0
    with st.container(horizontal=True, gap="small"):
        for number, entry in enumerate(album.entries[first : first + PAGE], start=first):
            with st.container(width=CARD_WIDTH, gap="xsmall", key=f"album-card-{number}"):
                outcome = run.outcomes[number] if number < len(run.outcomes) else None
                if outcome is None or outcome.error:
                    _draw_gray_card(entry, outcome)
                else:
                    _draw_card(f"{run.target.stem}/{number}", entry, outcome)


def _draw_gray_card(entry: Entry, outcome: Outcome | None) -> None:
    st.image(_draw_blank_card(), width="stretch", alt=f"{entry.name.name}, not in colour")
    st.caption(f"**{escape_markdown(_shorten_label(entry.name.name))}**", help=escape_markdown(str(entry.name)))
    if outcome is not None:
        st.caption(f":red[:material/error: {escape_markdown(capitalize(outcome.error))}]")


def _draw_card(source: str, entry: Entry, outcome: Outcome) -> None:
    name = entry.name.name
    st.image(outcome.thumbnail, width="stretch", alt=f"{name}, coloured")
    if st.button(
        escape_markdown(_shorten_label(name)),
        help="  \n".join(escape_markdown(line) for line in (str(entry.name), *outcome.notes)),
        on_click=partial(open_photo, source, name, entry.read),
        width="stretch",
        key=f"album-open-{source}",
    ):
        st.rerun()  # the whole page, because another tab opens


def _shorten_label(name: str) -> str:
    """Shorten a name that is too long for a card: its beginning, an ellipsis and its suffix."""
    if len(name) <= _LONGEST_LABEL:
        return name
    suffix = Path(name).suffix[:6]
    return f"{name[: _LONGEST_LABEL - len(suffix) - 1]}\N{HORIZONTAL ELLIPSIS}{suffix}"


@st.cache_data(show_spinner=False)
def _draw_blank_card() -> bytes:
    """A plain grey card, for a photograph that is not in colour yet."""
    gray = np.full(THUMBNAIL[::-1], 128, np.uint8)
    return images.encode(Picture(gray, gray // 2), ".png")  # half transparent, so that it is pale in either theme
