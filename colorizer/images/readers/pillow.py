"""What readers share: opening files with Pillow, and the layout of decoded pixels."""

from __future__ import annotations

import io
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageFile

from colorizer.arrays import Depth, Pixels
from colorizer.images.samples import CheckSize


def open_image(data: bytes, *formats: str, check_size: CheckSize) -> ImageFile.ImageFile:
    """Open a file without decoding its pixels.

    Raises UnidentifiedImageError if it is in none of `formats`, and what `check_size` raises for its size.
    """
    _prepare_pillow()
    image = Image.open(io.BytesIO(data), formats=formats)
    check_size(image.width, image.height)
    return image


@cache
def _prepare_pillow() -> None:
    Image.MAX_IMAGE_PIXELS = None  # replaced by `check_size`, which knows the caller's limit


def read_pixels(image: Image.Image) -> tuple[Pixels, Pixels | None]:
    """Decode an image of 8 bits or less: grey (H, W) or RGB (H, W, 3), and alpha (H, W) or None, all uint8."""
    if image.has_transparency_data:
        return split_alpha(np.asarray(image.convert("RGBA")))
    return np.ascontiguousarray(image.convert("L" if image.mode in ("1", "L") else "RGB")), None


def split_alpha(channels: Pixels) -> tuple[Pixels, Pixels | None]:
    """Split (H, W) or (H, W, 1..4) into pixels and alpha, which is the last of two or four channels."""
    if channels.ndim == 2:
        return np.ascontiguousarray(channels), None
    count = channels.shape[2]
    pixels = np.ascontiguousarray(channels[..., 0] if count < 3 else channels[..., :3])
    return pixels, np.ascontiguousarray(channels[..., -1]) if count % 2 == 0 else None


def stretch(values: Pixels, bits: int) -> Pixels:
    """Values of `bits` bits, uint8 or uint16 of any shape, in the full range of their dtype."""
    table = stretch_table(bits, np.uint8 if values.dtype == np.uint8 else np.uint16)
    return values if table is None else np.asarray(cv2.LUT(values, table), values.dtype).reshape(values.shape)


def stretch_table(bits: int, dtype: Depth) -> Pixels | None:
    """Values of `bits` bits in the full range of `dtype`, for each value of the dtype; None if they are the same.

    Values that `bits` bits cannot hold get the largest.
    """
    top = int(np.iinfo(dtype).max)
    if top == (1 << bits) - 1:
        return None
    stretched = np.rint(np.arange(top + 1) * (top / ((1 << bits) - 1)))
    return np.asarray(np.minimum(stretched, top), dtype)


def unassociate(pixels: Pixels, alpha: Pixels) -> Pixels:
    """Divide colours (H, W) or (H, W, 3) that were multiplied by alpha (H, W) by it; same shape and dtype."""
    top = int(np.iinfo(pixels.dtype).max)
    share = alpha.reshape(alpha.shape + (1,) * (pixels.ndim - 2)).astype(np.uint32)
    whole = (pixels.astype(np.uint32) * top + share // 2) // np.maximum(share, 1)
    return np.asarray(np.minimum(whole, top), pixels.dtype)
