"""Notes on what differs between a file and its result."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard.shared.text import capitalize, escape_markdown

_MOST_IN_SIGHT = 3  # more notes would push the picture, or the buttons, out of sight


def show_notes(notes: Iterable[str]) -> None:
    """Show each note as a sentence; more than a few lie in an expander."""
    sentences = [capitalize(note.removesuffix(".")) + "." for note in notes]
    is_long = len(sentences) > _MOST_IN_SIGHT
    place = st.expander(f"{len(sentences)} notes on what differs from the original") if is_long else st.container()
    for sentence in sentences:
        place.caption(f":material/info: {escape_markdown(sentence)}")
