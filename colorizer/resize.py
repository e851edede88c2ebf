"""Pictures made smaller, quickly."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np

from colorizer.arrays import Floats, Pixels

ArrayT = TypeVar("ArrayT", Floats, Pixels)


def resize(plane: ArrayT, width: int, height: int) -> ArrayT:
    """(H, W) or (H, W, c) of any size -> (height, width) or (height, width, c), averaged where it shrinks."""
    # Halves are eight times quicker to average than other shares; the last odd row of many is not missed.
    while plane.shape[0] >= 4 * height and plane.shape[1] >= 4 * width:
        half_height, half_width = plane.shape[0] // 2, plane.shape[1] // 2
        even = plane[: 2 * half_height, : 2 * half_width]
        plane = np.asarray(cv2.resize(even, (half_width, half_height), interpolation=cv2.INTER_AREA), plane.dtype)
    shrinks = plane.shape[0] >= height and plane.shape[1] >= width
    small = cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(small, plane.dtype)


WORKING_SIDE = 512  # pixels, the longest side at which colours are worked out; from there on they are stretched


def shrink_to_working_size(pixels: Pixels) -> Pixels:
    """Grey (H, W) or RGB (H, W, 3) pixels, made small enough to work out their colours."""
    height, width = pixels.shape[:2]
    scale = WORKING_SIDE / max(height, width)
    if scale >= 1:
        return pixels
    return resize(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
