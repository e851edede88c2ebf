"""Prepare a photograph for the page and encode it at full size on request. Independent of Streamlit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from colorizer import Analysis, Colorizer, Hint, Look, Restoration, images
from colorizer.color import lab
from colorizer.edits.restoration import restore
from colorizer.images import EncodeOptions, Picture

PREVIEW_SIDE = 1280  # pixels, longest side of the preview that is sent to the page at each move of a slider
FILE_KINDS = {"PNG": ".png", "JPEG": ".jpg"}  # offered for download


@dataclass(frozen=True)
class PreparedPhoto:
    """What the page keeps of a photograph after the network has run; the full-size pixels are not among it.

    `gray`: the preview in grey, not restored, as JPEG. `analysis`: of the restored photograph, with the preview as its
    picture. `seconds`: time for the restoration and the network. `notes`: what was lost while the file was read.
    `losses`: what each kind of file cannot store.
    """

    width: int
    height: int
    gray: bytes
    analysis: Analysis
    seconds: float
    notes: tuple[str, ...]
    losses: tuple[str, ...]


def prepare(data: bytes, restoration: Restoration, colorizer: Colorizer, max_pixels: int) -> PreparedPhoto:
    """Read the file of a photograph, restore it and run the network. Raises InvalidImage, ImageTooLarge."""
    picture = images.decode(data, max_pixels=max_pixels)
    small = images.shrink(picture, PREVIEW_SIDE)
    gray = Picture(lab.luminance_to_rgb(lab.luminance(small.pixels)), small.alpha)
    started = time.perf_counter()
    analysis = colorizer.analyze_picture(picture, restoration=restoration)
    seconds = time.perf_counter() - started
    return PreparedPhoto(
        picture.width,
        picture.height,
        images.encode(gray, ".jpg"),
        replace(analysis, picture=images.shrink(analysis.picture, PREVIEW_SIDE)),
        seconds,
        picture.notes,
        tuple(sentence for suffix in FILE_KINDS.values() for sentence in images.describe_losses(picture, suffix)),
    )


def encode_colorized(
    data: bytes,
    restoration: Restoration,
    analysis: Analysis,
    look: Look,
    hints: Sequence[Hint],
    encoding: EncodeOptions,
    max_pixels: int,
    suffix: str,
) -> bytes:
    """Read the file again, colour it at full size and encode it in the format of `suffix`.

    Raises InvalidImage, ImageTooLarge.
    """
    picture = images.decode(data, max_pixels=max_pixels)
    restored = replace(picture, pixels=restore(picture.pixels, restoration))
    return images.encode(replace(analysis, picture=restored).colorize_picture(look, hints), suffix, encoding)
