"""The credited sample photographs that a visitor without one of their own can colour with one click."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from colorizer import images
from dashboard import program_folder
from dashboard.shared.language import tr

FOLDER = program_folder() / "samples"
COLOR_FOLDER = FOLDER / "colour"  # the same files with their colours, where there were any
SAMPLE_THUMBNAIL = (112, 75)  # pixels on the page; drawn with twice as many
_CARDS = Path(__file__).with_name("cards.css")


def offer_samples(choose: Callable[[str], None]) -> None:
    """Draw the row of samples; `choose` is called with the file name of the one that is pressed."""
    st.html(_CARDS)
    st.markdown(tr("**No photograph at hand?** Colour one of these:"))
    with st.container(horizontal=True, gap="small", key="samples"):
        for number, credit in enumerate(load_credits()):
            with st.container(width=SAMPLE_THUMBNAIL[0], gap="xsmall", key=f"card-{number}"):
                st.image(_thumbnail(credit["file"]), width="stretch", alt=credit["title"])
                st.button(
                    credit["title"],
                    key=f"sample-{number}",
                    type="tertiary",
                    width="stretch",
                    on_click=partial(choose, credit["file"]),
                )
    draw_credits()


def draw_credits() -> None:
    """Draw the line that says who took the samples, for each place that shows them."""
    sources = (f"[{row['title']}, {row['credit']} ({row['licence']})]({row['source']})" for row in load_credits())
    # Small text and no caption, in which Streamlit makes links too pale to read.
    st.markdown(f":small[{tr('Photographs')}: {'; '.join(sources)}]")


def read_sample(name: str) -> bytes:
    """The bytes of a sample's file."""
    return (FOLDER / name).read_bytes()


def read_color_sample(name: str) -> bytes:
    """The same with its colours, where it had any."""
    path = COLOR_FOLDER / name
    return path.read_bytes() if path.is_file() else read_sample(name)


@st.cache_data(show_spinner=False)
def load_credits() -> list[dict[str, Any]]:
    """A row for each sample: file, title, credit, licence, source."""
    rows: list[dict[str, Any]] = json.loads((FOLDER / "credits.json").read_text(encoding="utf-8"))
    return rows


@st.cache_data(show_spinner=False)
def _thumbnail(name: str) -> bytes:
    picture = images.decode(read_sample(name))
    return images.encode(images.crop_to_fill(picture, 2 * SAMPLE_THUMBNAIL[0], 2 * SAMPLE_THUMBNAIL[1]), ".jpg")
