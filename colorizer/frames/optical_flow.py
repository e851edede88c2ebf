"""Where things were in the frame before: OpenCV's DIS optical flow at low resolution.

The method: T. Kroeger, R. Timofte, D. Dai, L. Van Gool, Fast Optical Flow using Dense Inverse Search, ECCV 2016.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Plane

_SIDE = 112  # pixels, of the square that the flow is looked for in: a millisecond, and exact enough for colours


class OpticalFlow:
    """Keeps the method's buffers: not for several threads at once."""

    def __init__(self) -> None:
        self._method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)

    def origins(self, before: Plane, after: Plane, height: int, width: int) -> Floats:
        """For each place of a picture (height, width), after, where it was before, in pixels from the left and the top.

        `before`, `after`: two frames as `flow_picture` gives them. Returns (height, width, 2) float32.
        """
        flow = cv2.resize(
            self._method.calc(after, before, np.zeros((*after.shape, 2), np.float32)),
            (width, height),
            interpolation=cv2.INTER_AREA,
        )
        scale = np.array([width / after.shape[1], height / after.shape[0]], np.float32)
        return np.asarray(_pixel_grid(height, width) + flow * scale, np.float32)


def flow_picture(luminance: Floats) -> Plane:
    """A frame's luminance (H, W) float32, 0..100, as the flow is looked for in it: small, 8 bits."""
    small = cv2.resize(luminance, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.convertScaleAbs(small, alpha=2.55), np.uint8)


def warp(picture: Floats, origins: Floats) -> Floats:
    """A picture (h, w) or (h, w, 2) with each place taken from where it was; beyond the edges the edge goes on."""
    one_map = np.empty(0, np.float32)  # both coordinates are in `origins`
    taken = cv2.remap(picture, origins, one_map, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(taken, np.float32)


def find_uncovered(origins: Floats) -> NDArray[np.bool_]:
    """(h, w): what was not in the picture before."""
    height, width = origins.shape[:2]
    last = np.array([width, height], np.float32) - np.float32(0.5)
    return np.asarray(((origins < -0.5) | (origins > last)).any(axis=2))


@cache
def _pixel_grid(height: int, width: int) -> Floats:
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    return np.dstack([columns, rows])
