"""Single pictures from the camera without WebRTC, for networks that block live video."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import Colorizer, ColorizerError, Look
from dashboard.server.settings import max_pixels
from dashboard.server.streamlit_internals import UploadedFile
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.waiting import run_queued
from dashboard.webcam.picture import colorize_file

# Streamlit's camera field shows what the camera sees, and cannot mirror it.
_MIRROR = "<style>[data-testid=stCameraInput] video, [data-testid=stCameraInput] img { transform: scaleX(-1); }</style>"


def offer_single_pictures(colorizer: Colorizer, look: Look, *, mirrored: bool) -> None:
    """Draw a switch for a camera that sends single pictures over the page's own connection."""
    text = tr("Takes one picture at a time. Works in networks that block live video.")
    if not st.toggle(tr("Single pictures"), help=text, key="webcam-single"):
        return  # the camera widget asks for permission as soon as it is drawn
    if mirrored:
        st.html(_MIRROR)
    photo = st.camera_input(tr("Take a picture"), key="webcam-picture")
    if photo is not None:
        _show_single(photo, colorizer, look, mirrored=mirrored)


def _show_single(photo: UploadedFile, colorizer: Colorizer, look: Look, *, mirrored: bool) -> None:
    colorize = partial(colorize_file, photo.getvalue(), colorizer, look, max_pixels(), mirrored=mirrored)
    try:
        png = run_queued(colorize)
    except ColorizerError as error:
        show_error(error, colorizer.spec)
        return
    st.image(png, width="stretch", alt=tr("Your picture, coloured"))
    st.download_button(
        tr("Download picture"),
        png,
        "picture_colorized.png",
        "image/png",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="webcam-picture-download",
    )
