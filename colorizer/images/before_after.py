"""A picture with both sides in one: left half grey, as it was, right half coloured, with a thin line between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from colorizer.arrays import Pixels
from colorizer.color.merge import merge
from colorizer.picture import Picture, convert_to_8_bits

_LINE = 1 / 500  # width of the line, of the picture's longest side
_THINNEST = 2  # pixels


def before_after_picture(before: Picture, after: Picture) -> Picture:
    """The left half of `before`, in grey, beside the right half of `after`, which is RGB, at full size.

    `before`: the original, grey or in colour; only its lightness is shown. Depth, alpha, metadata and notes are those
    of `after`. Raises ValueError for pictures of different sizes.
    """
    check_same_size(before, after)
    middle = after.width // 2
    pixels = put_side_by_side(gray_pixels(before, after.pixels.dtype.type), after.pixels, middle)
    alpha = after.alpha
    if alpha is not None:
        alpha = alpha.copy()
        alpha[:, _line(alpha.shape, middle)] = np.iinfo(alpha.dtype).max
    return replace(after, pixels=pixels, alpha=alpha)


def check_same_size(before: Picture, after: Picture) -> None:
    """Raises ValueError for pictures of different sizes."""
    sizes = [f"{picture.width} x {picture.height}" for picture in (before, after)]
    if sizes[0] != sizes[1]:
        raise ValueError(f"expected two pictures of one size, got {sizes[0]} and {sizes[1]} pixels")


def gray_pixels(picture: Picture, dtype: type[np.generic] = np.uint8) -> Pixels:
    """The lightness of a picture as grey RGB: (H, W, 3) of `dtype`, uint8 or uint16."""
    gray = merge(picture.pixels, np.zeros((1, 1, 2), np.float32))
    if dtype == np.uint8:
        return convert_to_8_bits(Picture(gray)).pixels
    return gray if gray.dtype == np.uint16 else gray.astype(np.uint16) * 257


def put_side_by_side(before: Pixels, after: Pixels, divider: int) -> Pixels:
    """The columns of `before` left of `divider`, those of `after` from there on, and a white line between them.

    Both (H, W, 3) of one dtype. There is no line where `divider` is 0 or W, because only one of them is shown.
    """
    result = after.copy()
    result[:, :divider] = before[:, :divider]
    if 0 < divider < after.shape[1]:
        white = int(np.iinfo(after.dtype).max)
        line = _line(after.shape, divider)
        result[:, line] = white
        result[:, [line.start, line.stop - 1]] = white // 4  # the line stands out on white, too
    return result


def _line(shape: tuple[int, ...], divider: int) -> slice:
    """The columns of the line, with its edges."""
    thickness = max(_THINNEST, round(_LINE * max(shape[:2]))) + 2
    return slice(max(0, divider - thickness // 2), min(shape[1], divider + (thickness + 1) // 2))
