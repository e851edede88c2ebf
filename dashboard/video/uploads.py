"""Files that a visitor adds to a film: each is read by a worker, when it is its turn, and taken once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS
from dashboard.shared.dropped import reading, small_field, take_upload
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.waiting import run_queued
from dashboard.video.film import Film

_MOST_MEGABYTES = 200


def drop_file(
    film: Film,
    label: str,
    types: Sequence[str],
    read: Callable[[str, bytes], Callable[[], None]],
    *,
    help: str,
    key: str,
) -> None:
    """Draw a field for a file.

    `read`: gets its name and content, in the queue, and returns what is to be called on the page then.
    """
    held = f"{key}-{film.upload}-{film.directing.tries}"

    def want() -> None:
        if upload := take_upload(held):
            film.directing.wanted = *upload, read

    with st.container(key=key), small_field(tr("Choose a file"), key=key):
        st.file_uploader(
            label,
            type=list(types),
            help=help,
            key=held,
            on_change=want,
            disabled=film.is_busy,
            max_upload_size=_MOST_MEGABYTES,
        )


def take_dropped(film: Film) -> None:
    """Take the file that was dropped last, if it is still to be taken. The page waits for its turn.

    To be called before the controls are drawn, which it may set.
    """
    directing = film.directing
    if directing.wanted is None:
        return
    name, content, read = directing.wanted
    directing.problem, directing.notes = None, []
    with reading(directing, name):
        with st.spinner(tr("Reading the file")):
            take = run_queued(lambda: read(name, content()))
        take()


def show_problem(film: Film) -> None:
    """Say why the last file could not be used, or what is to be known of it."""
    directing = film.directing
    if directing.problem is not None:
        name, error = directing.problem
        show_error(error, MODELS[DEFAULT_MODEL], key="video-dropped", name=name)
    for note in directing.notes:
        st.warning(note, icon=":material/warning:")
