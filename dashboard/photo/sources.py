"""Which photograph the Photo tab shows: one of the album, an uploaded one or a sample. The drop area holds them all."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import images
from dashboard.navigation import SAMPLE_PARAMETER, OpenPhoto, back_to_album, close_photo, get_open_photo
from dashboard.server.streamlit_internals import read_upload
from dashboard.shared.language import tr
from dashboard.shared.samples import load_credits, offer_samples, read_sample
from dashboard.shared.text import css_string

UPLOAD_KEY = "photo-upload"


def choose_photo() -> OpenPhoto | None:
    """Draw the drop area; returns the photograph that is open. With one, the area is a single line."""
    opened, sample = get_open_photo(), _find_sample()
    with st.container(horizontal=True, vertical_alignment="center", key="photo-drop"):
        upload = st.file_uploader(
            tr("Drop a black-and-white photograph here"),
            type=[suffix.lstrip(".") for suffix in images.READABLE_SUFFIXES],
            help=tr("The photograph stays in this program's memory. It is deleted when you close the page."),
            key=UPLOAD_KEY,
            on_change=_leave_others,
        )
        st.html(_style_field(is_compact=opened is not None or upload is not None or sample is not None))
        if opened is not None:
            if opened.keep is not None:
                st.button(tr("Back to the album"), icon=":material/arrow_back:", on_click=back_to_album)
            else:
                st.button(tr("Close"), icon=":material/close:", key="photo-close", on_click=close_photo)
            return opened
        if upload is not None:
            return OpenPhoto(f"upload/{upload.file_id}", upload.name, partial(read_upload, upload.file_id))
        if sample is not None:
            st.button(tr("Other samples"), icon=":material/arrow_back:", on_click=_leave_others)
            return OpenPhoto(f"sample/{sample}", sample, partial(read_sample, sample))
    offer_samples(_choose_sample)
    return None


def _style_field(*, is_compact: bool) -> str:
    """The words on the button of the upload field, which Streamlit has in English alone; `is_compact`: and one line."""
    words = (tr("Another photo"),) * 2 if is_compact else (tr("Choose a photo"), tr("Choose or take a photo"))
    wide, narrow = map(css_string, words)
    room = "--photo-shown: none; --photo-padding: 0.25rem;" if is_compact else ""
    return f"<style>.st-key-photo-drop {{ --photo-button: {wide}; --photo-button-narrow: {narrow}; {room} }}</style>"


def _find_sample() -> str | None:
    """The sample of the page's address, if there is such a one."""
    asked = st.query_params.get(SAMPLE_PARAMETER)
    return asked if asked in {row["file"] for row in load_credits()} else None


def _choose_sample(name: str) -> None:
    st.query_params[SAMPLE_PARAMETER] = name


def _leave_others() -> None:
    close_photo()
    if SAMPLE_PARAMETER in st.query_params:
        del st.query_params[SAMPLE_PARAMETER]
