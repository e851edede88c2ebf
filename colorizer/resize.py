"""Fast resizing."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np

from colorizer.arrays import Floats, Mask, Pixels

ArrayT = TypeVar("ArrayT", Floats, Pixels)


def fit_within(width: int, height: int, longest: int) -> tuple[int, int]:
    """The width and height, in pixels, of a picture that is shrunk to at most `longest`, with its aspect ratio kept.

    Nothing is enlarged, and no side gets smaller than 1.
    """
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def resize(plane: ArrayT, width: int, height: int) -> ArrayT:
    """(H, W) or (H, W, c), float32, uint8 or uint16 -> (height, width) or (height, width, c) of the same dtype.

    Area averaging if neither side grows, else bilinear.
    """
    # OpenCV averages 2 x 2 blocks eight times faster than other ratios. At four times the target size, dropping an
    # odd last row or column does not matter.
    while plane.shape[0] >= 4 * height and plane.shape[1] >= 4 * width:
        half_height, half_width = plane.shape[0] // 2, plane.shape[1] // 2
        even = plane[: 2 * half_height, : 2 * half_width]
        plane = np.asarray(cv2.resize(even, (half_width, half_height), interpolation=cv2.INTER_AREA), plane.dtype)
    shrinks = plane.shape[0] >= height and plane.shape[1] >= width
    small = cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(small, plane.dtype)


def shrink_mask(mask: Mask, width: int, height: int) -> Mask:
    """A mask (H, W) at a size that is not larger: a pixel belongs to it if any of its own does, so that lines stay."""
    if mask.shape == (height, width):
        return mask
    share = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(share > 0, np.bool_)


WORKING_SIDE = 512  # pixels: the longest side at which ab is computed; it is then upsampled to full size


def shrink_to_working_size(pixels: Pixels) -> Pixels:
    """Grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16, shrunk so that no side is longer than WORKING_SIDE."""
    height, width = pixels.shape[:2]
    size = fit_within(width, height, WORKING_SIDE)
    return pixels if size == (width, height) else resize(pixels, *size)
