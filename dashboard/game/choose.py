"""The photographs that "Real or coloured?" is played with: our samples, or one's own."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from colorizer import ColorizerError, images
from colorizer.images import Picture
from dashboard.game.pairs import prepare_picture
from dashboard.server.session import release_upload
from dashboard.server.settings import max_pixels
from dashboard.shared.samples import COLOR_FOLDER, load_credits
from dashboard.shared.text import capitalize, escape_markdown

Pictures = dict[str, Picture]  # by name, at the work size
_Read = tuple[str, Picture | ColorizerError]

MAX_PICTURES = 20  # of one game
_UPLOAD_KEY, _OWN_KEY = "game-upload", "game-own"
_SAMPLES, _OWN = "Our samples", "My photographs"


def choose_set() -> Pictures:
    """Draw the choice; returns what was chosen, which may be nothing yet."""
    chosen = st.radio("Pictures", (_SAMPLES, _OWN), horizontal=True, key="game-set", persist_state="page")
    if chosen == _SAMPLES:
        st.markdown(f"{len(_load_samples())} photographs: {', '.join(_load_samples())}.")
        return _load_samples()
    st.file_uploader(
        "Drop your colour photographs here",
        type=[suffix.lstrip(".") for suffix in images.READABLE_SUFFIXES],
        accept_multiple_files=True,
        help=f"Up to {MAX_PICTURES}. They stay in this program's memory, made small; those of a class are kept in a "
        "file until the class ends.",
        key=_UPLOAD_KEY,
    )
    return _draw_own_pictures()


@st.cache_resource(show_spinner=False)
def _load_samples() -> Pictures:
    """Those with colours of their own."""
    rows = [(credit["title"], COLOR_FOLDER / credit["file"]) for credit in load_credits()]
    limit = images.DEFAULT_MAX_PIXELS
    return {title: prepare_picture(path.read_bytes(), max_pixels=limit) for title, path in rows if path.exists()}


def _draw_own_pictures() -> Pictures:
    """The uploads that can be played with; of the others it is said why not."""
    before: dict[str, _Read] = st.session_state.get(_OWN_KEY, {})
    # By the field's state, which goes on to name the files that were released.
    held = st.session_state[_UPLOAD_KEY] or ()
    read = {upload.file_id: before.get(upload.file_id) or _read_upload(upload) for upload in held}
    st.session_state[_OWN_KEY] = read
    pictures: Pictures = {}
    for name, found in read.values():
        if isinstance(found, ColorizerError):
            st.warning(f"**{escape_markdown(name)}:** {escape_markdown(capitalize(str(found)))}.")
        elif len(pictures) < MAX_PICTURES:
            pictures[_free_name(name, pictures)] = found
        else:
            st.warning(f"**{escape_markdown(name)}** is left out: a game has {MAX_PICTURES} pictures at most.")
    return pictures


def _read_upload(upload: UploadedFile) -> _Read:
    """Its name, and the picture or what is wrong with it; the upload's memory is given back."""
    try:
        with st.spinner("Reading the pictures"):
            return upload.name, prepare_picture(upload.getvalue(), max_pixels=max_pixels())
    except ColorizerError as error:
        return upload.name, error
    finally:
        release_upload(upload.file_id)


def _free_name(name: str, taken: Pictures) -> str:
    """The name, with a number where another picture has it."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free
