"""Files that a visitor drops into a field: each is held until it is this visitor's turn to have it read, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

import streamlit as st

from colorizer.errors import FAILURES
from dashboard.server.streamlit_internals import UploadedFile, release_upload
from dashboard.shared.text import css_string

_STYLES = Path(__file__).with_name("small_field.css")

W = TypeVar("W")


class Taker(Protocol[W]):
    """What takes files.

    `wanted`: the one that is still to be read. `problem`: the name of the last one and why it could not be used.
    `tries`: how many were read. With it in its key, a field that has been read is replaced by an empty one.
    """

    wanted: W | None
    problem: tuple[str, Exception] | None
    tries: int


def take_upload(key: str) -> tuple[str, Callable[[], bytes]] | None:
    """The name of the upload in the field with this key, and what gives its content. Streamlit keeps it no longer.

    To be called when the field changes. None where a file was taken away, also by this.
    """
    upload = st.session_state[key]
    if not isinstance(upload, UploadedFile):
        return None
    release_upload(upload.file_id)
    return upload.name, upload.getvalue


@contextmanager
def small_field(words: str, *, key: str) -> Iterator[None]:
    """A place in which a field for files is a button alone, with these words, which Streamlit has in English only.

    `key`: unique in the app.
    """
    st.html(_STYLES)
    with st.container(key=f"{key}-small-field"):
        st.html(f"<style>.st-key-{key}-small-field {{ --field-button: {css_string(words)} }}</style>")
        yield


@contextmanager
def reading(taker: Taker[W], name: str) -> Iterator[None]:
    """The file of this name, which is wanted, is read within. If the page runs anew meanwhile, it stays wanted."""
    try:
        yield
    except FAILURES as error:
        taker.problem = name, error
    except Exception:
        taker.wanted = None  # or every run of the page would fail
        raise
    taker.wanted, taker.tries = None, taker.tries + 1
