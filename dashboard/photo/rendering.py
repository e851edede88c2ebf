"""A photograph looked at once, at its full size, and written again when it is wanted. Knows nothing of Streamlit."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from colorizer import Analysis, Colorizer, Look, Restoration, images
from colorizer.arrays import Floats
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.edits.restoration import restore
from colorizer.images import EncodeOptions, Picture

PREVIEW_SIDE = 1280  # pixels, the longest of what travels to the page while the strength moves
FILE_KINDS = {"PNG": ".png", "JPEG": ".jpg"}  # that it can be taken home as


@dataclass(frozen=True)
class PreparedPhoto:
    """What one look at a whole photograph gives; after it the photograph itself is not held any more.

    `grey`: the preview without colour or care, as JPEG: the same however the controls stand. `preview`: with care.
    `seconds`: of the care and the network. `notes`: what became of the file in reading; `losses`: what is lost in
    which kind of file.
    """

    width: int
    height: int
    gray: bytes
    preview: Picture
    analysis: Analysis
    seconds: float
    notes: tuple[str, ...]
    losses: tuple[str, ...]


def prepare(data: bytes, restoration: Restoration, colorizer: Colorizer, max_pixels: int) -> PreparedPhoto:
    """Read a photograph's file and run the network. Raises InvalidImage, ImageTooLarge."""
    picture = images.decode(data, max_pixels=max_pixels)
    small = images.shrink(picture, PREVIEW_SIDE)
    gray = Picture(lab.luminance_to_rgb(lab.luminance(small.pixels)), small.alpha)
    started = time.perf_counter()
    pixels = restore(picture.pixels, restoration)
    analysis = colorizer.analyze(pixels, crop_border=restoration.crop_border)
    seconds = time.perf_counter() - started
    preview = images.shrink(replace(picture, pixels=pixels), PREVIEW_SIDE)
    return PreparedPhoto(
        picture.width,
        picture.height,
        images.encode(gray, ".jpg"),
        preview,
        analysis,
        seconds,
        picture.notes,
        tuple(sentence for suffix in FILE_KINDS.values() for sentence in images.describe_losses(picture, suffix)),
    )


def encode_colorized(
    data: bytes, restoration: Restoration, ab: Floats, look: Look, encoding: EncodeOptions, max_pixels: int, suffix: str
) -> bytes:
    """Read the file again, and write it at its full size with the colours `ab` as one with that ending.

    Raises InvalidImage, ImageTooLarge.
    """
    picture = images.decode(data, max_pixels=max_pixels)
    restored_picture = replace(picture, pixels=restore(picture.pixels, restoration))
    return images.encode(merge_picture(restored_picture, ab, look), suffix, encoding)


def merge_picture(picture: Picture, ab: Floats, look: Look) -> Picture:
    """The picture in colours `ab`, of any size, as strong as the look says."""
    return replace(picture, pixels=merge(picture.pixels, ab, strength=look.strength))
