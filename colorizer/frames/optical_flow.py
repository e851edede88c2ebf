"""Optical flow between two frames, at low resolution, by OpenCV's DIS method.

Source: T. Kroeger, R. Timofte, D. Dai, L. Van Gool, Fast Optical Flow using Dense Inverse Search, ECCV 2016.
"""

from __future__ import annotations

from functools import cache
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Pixels, Plane

SIDE = 112  # pixels: side of the square that the flow is computed in; fast, and precise enough for colours

Values = TypeVar("Values", Floats, Pixels)


class OpticalFlow:
    """Computes optical flow. It reuses its buffers, so only one thread may use it at a time.

    `precise`: with the preset that takes several times as long, for flow that is followed over many frames.
    """

    def __init__(self, *, precise: bool = False) -> None:
        preset = cv2.DISOPTICAL_FLOW_PRESET_MEDIUM if precise else cv2.DISOPTICAL_FLOW_PRESET_FAST
        self._method = cv2.DISOpticalFlow.create(preset)

    def origins(self, before: Plane, after: Plane, height: int, width: int) -> Floats:
        """For each pixel of the frame `after`, its position in the frame `before`.

        `before`, `after`: two frames as `flow_picture` returns them. `height`, `width`: of the result.
        Returns (height, width, 2) float32: x and y, in pixels of a picture of that size.
        """
        flow = cv2.resize(self.displacements(after, before), (width, height), interpolation=cv2.INTER_AREA)
        scale = np.array([width / after.shape[1], height / after.shape[0]], np.float32)
        return np.asarray(pixel_grid(height, width) + flow * scale, np.float32)

    def displacements(self, frame: Plane, other: Plane, start: Floats | None = None) -> Floats:
        """For each pixel of `frame`, the way to its position in `other`: (SIDE, SIDE, 2) float32, x and y in pixels.

        `frame`, `other`: as `flow_picture` returns them. `start`: displacements of the same shape to begin with, for
        frames between which the motion is large.
        """
        start = np.zeros((*frame.shape, 2), np.float32) if start is None else start.copy()
        return np.asarray(self._method.calc(frame, other, start), np.float32)


def flow_picture(luminance: Floats) -> Plane:
    """A frame's luminance (H, W) float32, 0..100 -> the small square picture, uint8, for `OpticalFlow.origins`."""
    small = cv2.resize(luminance, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.convertScaleAbs(small, alpha=2.55), np.uint8)


def warp(picture: Values, origins: Floats) -> Values:
    """Warp a picture (h, w) or (h, w, c) by `origins` (h, w, 2), bilinearly; the borders are replicated.

    `picture`: float32, uint8 or uint16; the result has the same dtype.
    """
    no_second_map = np.empty(0, np.float32)  # `origins` holds both coordinates
    warped = cv2.remap(picture, origins, no_second_map, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, picture.dtype)


def find_uncovered(origins: Floats) -> NDArray[np.bool_]:
    """(h, w) bool: the pixels that were outside the frame before. `origins`: (h, w, 2)."""
    height, width = origins.shape[:2]
    last = np.array([width, height], np.float32) - np.float32(0.5)
    return np.asarray(((origins < -0.5) | (origins > last)).any(axis=2))


@cache
def pixel_grid(height: int, width: int) -> Floats:
    """The position of each pixel, x and y: (height, width, 2) float32. One array for all: not to be written to."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    return np.dstack([columns, rows])
