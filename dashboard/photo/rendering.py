"""Prepare a photograph for the page and encode it at full size on request. Independent of Streamlit."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from colorizer import Analysis, Colorizer, ModelSpec, Restoration, images
from colorizer.arrays import Floats
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.edits.restoration import restore
from colorizer.images import Picture
from colorizer.recipe import PhotoSettings, encode_result
from dashboard.server.workers.limits import decode_picture
from dashboard.server.workers.run import run_isolated

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
    """Read the file of a photograph in a worker, restore it and run the network. Raises InvalidImage, ImageTooLarge."""
    return run_isolated(_prepare, data, restoration, colorizer, max_pixels)


def _prepare(data: bytes, restoration: Restoration, colorizer: Colorizer, max_pixels: int) -> PreparedPhoto:
    picture = decode_picture(data, max_pixels=max_pixels)
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
    data: bytes, analysis: Analysis, settings: PhotoSettings, label: bool, max_pixels: int, suffix: str
) -> bytes:
    """Read the file again in a worker, colour it at full size and encode it in the format of `suffix`.

    `analysis`: of the photograph restored as `settings` say. `label`: whether the file tells how it was made.
    Raises InvalidImage, ImageTooLarge.
    """
    ab = analysis.ab(settings.look, settings.hints)
    return run_isolated(_encode, data, ab, analysis.prediction.spec, settings, label, max_pixels, suffix)


def _encode(
    data: bytes, ab: Floats, model: ModelSpec, settings: PhotoSettings, label: bool, max_pixels: int, suffix: str
) -> bytes:
    picture = decode_picture(data, max_pixels=max_pixels)
    colorized = replace(picture, pixels=merge(restore(picture.pixels, settings.restoration), ab))
    return encode_result(colorized, data, model, settings, suffix, label=label).data
