"""A single picture of the camera, coloured in a worker. Independent of Streamlit, which a worker must not import."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from colorizer import Colorizer, Look, images
from colorizer.images import Picture
from dashboard.server.workers.limits import decode_picture
from dashboard.server.workers.run import run_isolated


def colorize_file(data: bytes, colorizer: Colorizer, look: Look, max_pixels: int, *, mirrored: bool) -> bytes:
    """A picture file -> the picture in colour as a PNG file, on request with left and right exchanged.

    Raises InvalidImage, ImageTooLarge.
    """
    return run_isolated(_colorize, data, colorizer, look, max_pixels, mirrored)


def _colorize(data: bytes, colorizer: Colorizer, look: Look, max_pixels: int, mirrored: bool) -> bytes:
    colorized = colorizer.colorize_picture(decode_picture(data, max_pixels=max_pixels), look)
    return images.encode(_mirror(colorized) if mirrored else colorized, ".png")


def _mirror(picture: Picture) -> Picture:
    alpha = None if picture.alpha is None else np.ascontiguousarray(picture.alpha[:, ::-1])
    return replace(picture, pixels=np.ascontiguousarray(picture.pixels[:, ::-1]), alpha=alpha)
