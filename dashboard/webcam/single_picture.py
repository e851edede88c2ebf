"""Single pictures from the camera without WebRTC, for networks that block live video."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import Colorizer, ColorizerError
from colorizer.frames.live import LiveOptions
from dashboard.server.queues import run_queued
from dashboard.server.settings import max_pixels
from dashboard.server.streamlit_internals import UploadedFile
from dashboard.shared.errors import show_error
from dashboard.webcam.picture import colorize_file


def offer_single_pictures(colorizer: Colorizer, live: LiveOptions) -> None:
    """Draw a switch for a camera that sends single pictures over the page's own connection."""
    text = "Takes one picture at a time. Works in networks that block live video."
    if not st.toggle("Single pictures", help=text, key="webcam-single"):
        return  # the camera widget asks for permission as soon as it is drawn
    photo = st.camera_input("Take a picture", key="webcam-picture")
    if photo is not None:
        _show_single(photo, colorizer, live)


def _show_single(photo: UploadedFile, colorizer: Colorizer, live: LiveOptions) -> None:
    try:
        png = run_queued(partial(colorize_file, photo.getvalue(), colorizer, live.look, max_pixels()))
    except ColorizerError as error:
        show_error(error, colorizer.spec)
        return
    st.image(png, width="stretch", alt="Your picture, coloured")
    st.download_button(
        "Download picture",
        png,
        "picture_colorized.png",
        "image/png",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="webcam-picture-download",
    )
