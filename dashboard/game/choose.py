"""Choose the photographs for "Real or coloured?": our samples or uploaded ones."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError, images
from colorizer.images import Picture
from dashboard.game.pairs import prepare_picture
from dashboard.server.settings import max_pixels
from dashboard.server.streamlit_internals import UploadedFile, release_upload
from dashboard.server.workers.run import run_isolated
from dashboard.shared.errors import show_error
from dashboard.shared.language import mark, tr
from dashboard.shared.samples import COLOR_FOLDER, load_credits
from dashboard.shared.text import escape_markdown
from dashboard.shared.waiting import run_queued

Pictures = dict[str, Picture]  # by name, at the size of the game
_Read = tuple[str, Picture | ColorizerError]

MAX_PICTURES = 20  # in one game
_UPLOAD_KEY, _OWN_KEY = "game-upload", "game-own"
_SAMPLES, _OWN = mark("Our samples"), mark("My photographs")


def choose_set() -> Pictures:
    """Draw the choice. Returns the chosen pictures, possibly none yet."""
    chosen = st.radio(
        tr("Pictures"), (_SAMPLES, _OWN), format_func=tr, horizontal=True, key="game-set", persist_state="page"
    )
    if chosen == _SAMPLES:
        samples = _load_samples()
        st.markdown(tr("{count} photographs: {names}.", count=len(samples), names=", ".join(samples)))
        return samples
    st.file_uploader(
        tr("Drop your colour photographs here"),
        type=[suffix.lstrip(".") for suffix in images.READABLE_SUFFIXES],
        accept_multiple_files=True,
        help=tr(
            "Up to {count} photographs. The program keeps small copies of them in its memory. If you start a class, "
            "its pictures are kept in a file until the class ends.",
            count=MAX_PICTURES,
        ),
        key=_UPLOAD_KEY,
    )
    with st.container():  # has its place always, so that nothing below is drawn anew
        return _draw_own_pictures()


@st.cache_resource(show_spinner=False)
def _load_samples() -> Pictures:
    """The samples that are colour photographs."""
    rows = [(credit["title"], COLOR_FOLDER / credit["file"]) for credit in load_credits()]
    limit = images.DEFAULT_MAX_PIXELS
    return {title: prepare_picture(path.read_bytes(), max_pixels=limit) for title, path in rows if path.exists()}


def _draw_own_pictures() -> Pictures:
    """Return the uploads that are suitable, and say on the page why the others are not."""
    before: dict[str, _Read] = st.session_state.get(_OWN_KEY, {})
    # From the field's state, which still lists the files after their memory was released.
    held = st.session_state[_UPLOAD_KEY] or ()
    read = {upload.file_id: before.get(upload.file_id) or _read_upload(upload) for upload in held}
    st.session_state[_OWN_KEY] = read
    pictures: Pictures = {}
    for name, found in read.values():
        if isinstance(found, ColorizerError):
            show_error(found, MODELS[DEFAULT_MODEL], name=name)
        elif len(pictures) < MAX_PICTURES:
            pictures[_free_name(name, pictures)] = found
        else:
            left_out = tr("was left out: a game has at most {count} pictures.", count=MAX_PICTURES)
            st.warning(f"**{escape_markdown(name)}** {left_out}")
    return pictures


def _read_upload(upload: UploadedFile) -> _Read:
    """The upload's name, and its picture or the error. Releases the memory of the upload."""
    try:
        read = partial(prepare_picture, upload.getvalue(), max_pixels=max_pixels())
        with st.spinner(tr("Reading the pictures")):
            return upload.name, run_queued(partial(run_isolated, read))
    except ColorizerError as error:
        return upload.name, error
    finally:
        release_upload(upload.file_id)


def _free_name(name: str, taken: Pictures) -> str:
    """The name, with a number if another picture has the same name."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free
