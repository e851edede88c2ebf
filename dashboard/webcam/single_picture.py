"""The camera without WebRTC, for networks that let no live pictures through: one picture at a time."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from colorizer import Colorizer, ColorizerError, images
from colorizer.frames.live import LiveOptions
from dashboard.server.settings import max_pixels
from dashboard.shared.errors import show_error


def offer_single_pictures(colorizer: Colorizer, live: LiveOptions) -> None:
    """Draw a switch, and behind it a camera whose pictures travel over the page's own connection."""
    if not st.toggle("Single pictures", help="For networks that let no live pictures through.", key="webcam-single"):
        return  # drawn only when wanted: the widget asks for the camera as soon as it is there
    photo = st.camera_input("Take a picture", key="webcam-picture")
    if photo is not None:
        _show_single(photo, colorizer, live)


def _show_single(photo: UploadedFile, colorizer: Colorizer, live: LiveOptions) -> None:
    try:
        picture = images.decode(photo.getvalue(), max_pixels=max_pixels())
        colorized = colorizer.colorize_picture(picture, strength=live.strength, vividness=live.vividness)
    except ColorizerError as error:
        show_error(error, colorizer.spec)
        return
    png = images.encode(colorized, ".png")
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
