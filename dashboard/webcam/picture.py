"""A single picture of the camera, coloured in a worker. Independent of Streamlit, which a worker must not import."""

from __future__ import annotations

from colorizer import Colorizer, Look, images
from dashboard.server.workers.limits import decode_picture
from dashboard.server.workers.run import run_isolated


def colorize_file(data: bytes, colorizer: Colorizer, look: Look, max_pixels: int) -> bytes:
    """A picture file -> the picture in colour as a PNG file. Raises InvalidImage, ImageTooLarge."""
    return run_isolated(_colorize, data, colorizer, look, max_pixels)


def _colorize(data: bytes, colorizer: Colorizer, look: Look, max_pixels: int) -> bytes:
    picture = decode_picture(data, max_pixels=max_pixels)
    return images.encode(colorizer.colorize_picture(picture, look), ".png")
