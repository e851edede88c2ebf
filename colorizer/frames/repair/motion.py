"""The motion between neighbouring frames of a shot, dense and robust to dust."""

from __future__ import annotations

import cv2
import numpy as np

from colorizer.arrays import Floats, Pixels, Plane
from colorizer.frames.optical_flow import OpticalFlow, pixel_grid, warp

SIDE = 256  # pixels: side of the squares that the motion is computed in
_DESPECKLED, _SMOOTHED = 3, 5  # pixels: sides of the medians over the pictures and over the motion


def motion_picture(view: Plane) -> Plane:
    """A view (h, w) uint8 as a square for `Motion`: (SIDE, SIDE) uint8. Specks are taken out, for nothing moves so."""
    square = cv2.resize(view, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.medianBlur(square, _DESPECKLED), np.uint8)


class Motion:
    """Computes the motion between frames. It reuses its buffers, so only one thread may use it at a time."""

    def __init__(self) -> None:
        self._flow = OpticalFlow()

    def ways(self, frame: Plane, other: Plane, shape: tuple[int, int]) -> Floats:
        """The way from each pixel of `frame` to its position in `other`: (SIDE, SIDE, 2) float32, x and y.

        `frame`, `other`: motion pictures. `shape`: height and width of the picture in whose pixels the ways are.
        """
        ways = self._flow.displacements(frame, other)
        height, width = shape
        smooth = [
            cv2.medianBlur(np.ascontiguousarray(ways[..., axis]), _SMOOTHED) * np.float32(side / SIDE)
            for axis, side in enumerate((width, height))
        ]
        return np.asarray(cv2.merge(smooth), np.float32)


def fetch(picture: Plane, ways: Floats) -> Plane:
    """A picture (h, w) uint8 moved onto another one, whose pixels lie at the end of `ways` (SIDE, SIDE, 2) in it."""
    height, width = picture.shape
    origins = cv2.resize(ways, (width, height), interpolation=cv2.INTER_LINEAR)
    cv2.add(origins, pixel_grid(height, width), dst=origins)
    return np.asarray(warp(picture, np.asarray(origins, np.float32)), np.uint8)


def fetch_part(picture: Pixels, rows: slice, columns: slice, way: tuple[float, float]) -> Floats:
    """A part of a picture (H, W), uint8 or uint16, from `way` (x and y, in pixels) beside it: float32, same levels."""
    grid = pixel_grid(rows.stop - rows.start, columns.stop - columns.start)
    begin = np.array([columns.start + way[0], rows.start + way[1]], np.float32)
    return np.asarray(warp(picture, grid + begin), np.float32)
