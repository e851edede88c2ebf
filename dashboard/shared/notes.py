"""Notes on what differs between a file and its result."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard.shared.language import trn
from dashboard.shared.text import capitalize, escape_markdown


def show_notes(notes: Iterable[str]) -> None:
    """Draw an expander with each note as a sentence; nothing if there are none.

    The notes are the library's precise ones, in English, so they lie below a line in the visitor's language.
    """
    sentences = [capitalize(note.removesuffix(".")) + "." for note in notes]
    if not sentences:
        return
    with st.expander(
        trn(
            "Details: {n} note on what differs from the original",
            "Details: {n} notes on what differs from the original",
            len(sentences),
        ),
        icon=":material/info:",
    ):
        for sentence in sentences:
            st.caption(escape_markdown(sentence))
