"""Inpainting: places of a picture are filled from their surroundings."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Mask, Pixels
from colorizer.picture import is_gray

RADIUS = 3.0  # pixels: how far from a place the pixels are that fill it


def inpaint(pixels: Pixels, mask: Mask) -> Pixels:
    """Fill the places of a mask (H, W) from their surroundings; all other pixels stay as they are.

    `pixels`: grey (H, W) or RGB (H, W, 3), uint8 or uint16; the result has the same shape and dtype, and is the same
    array if the mask is empty. A. Telea, An Image Inpainting Technique Based on the Fast Marching Method, 2004.
    """
    if not mask.any() or mask.all():
        return pixels
    part = _surroundings(mask)
    holes, near = mask[part], pixels[part]
    result = pixels.copy()
    same_channels = near.ndim == 3 and is_gray(near)
    filled = _fill(np.ascontiguousarray(near[..., 0]) if same_channels else near, holes.astype(np.uint8))
    result[part][holes] = filled[holes][:, np.newaxis] if same_channels else filled[holes]
    return result


def _surroundings(mask: Mask) -> tuple[slice, slice]:
    """The rows and columns of a mask's places and of all that fills them."""
    rows, columns = (np.asarray(mask.any(axis=axis)) for axis in (1, 0))
    return _span(rows), _span(columns)


def _span(hits: Mask) -> slice:
    margin, places = round(2 * RADIUS) + 1, np.flatnonzero(hits)
    return slice(max(0, int(places[0]) - margin), int(places[-1]) + 1 + margin)


def _fill(pixels: Pixels, holes: NDArray[np.uint8]) -> Pixels:
    # OpenCV fills 16 bits in one channel only.
    if pixels.ndim == 3 and pixels.dtype == np.uint16:
        return np.dstack([_fill(np.ascontiguousarray(pixels[..., channel]), holes) for channel in range(3)])
    return np.asarray(cv2.inpaint(np.ascontiguousarray(pixels), holes, RADIUS, cv2.INPAINT_TELEA), pixels.dtype)
