"""The pixels of a picture after its geometry, strip by strip."""

from __future__ import annotations

import math

import cv2
import numpy as np

from colorizer.arrays import Pixels
from colorizer.edits.geometry import Geometry, Matrix, crop_pixels, plan_geometry
from colorizer.parallel import map_strips, split_rows

_LONGEST = 32766  # pixels, of a picture and of a map, for OpenCV's remap
_MARGIN = 3  # pixels around a place of the original that cubic interpolation reads, at most


def transform_pixels(pixels: Pixels, geometry: Geometry) -> Pixels:
    """Turn, straighten and crop (H, W) or (H, W, c) pixels, uint8 or uint16: C-contiguous, of the same dtype.

    Without corners and angle, the result's pixels are the original's; with them, they are resampled once, by cubic
    interpolation, strip by strip. There are never more of them than the original has. The identity copies nothing.
    """
    height, width = pixels.shape[:2]
    if geometry.corners is not None or geometry.angle:
        return _warp(pixels, *plan_geometry(geometry, width, height))
    if geometry.quarter_turns:
        # OpenCV's constants are 0, 1 and 2 for a turn by 90, 180 and 270 degrees.
        pixels = np.asarray(cv2.rotate(pixels, geometry.quarter_turns - 1), pixels.dtype)
    left, top, right, bottom = crop_pixels(geometry.crop, pixels.shape[1], pixels.shape[0])
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def _warp(pixels: Pixels, matrix: Matrix, width: int, height: int) -> Pixels:
    result = np.empty((height, width, *pixels.shape[2:]), pixels.dtype)

    def warp_strip(rows: slice) -> None:
        y, x = np.ogrid[rows.start + 0.5 : rows.stop, 0.5:width]
        across, down, scale = (row[0] * x + row[1] * y + row[2] for row in matrix)
        result[rows] = _sample(pixels, across / scale - 0.5, down / scale - 0.5)

    map_strips(warp_strip, split_rows(height, width))
    return result


def _sample(pixels: Pixels, x: Matrix, y: Matrix) -> Pixels:
    """The pixels at `x`, `y` (h, w), in pixels from the centre of the upper left one; outside, those of the edge."""
    rows, columns = _span(y, pixels.shape[0]), _span(x, pixels.shape[1])
    near = pixels[rows, columns]
    if max(*near.shape[:2], *x.shape) > _LONGEST:
        axis = 1 if x.shape[1] > 1 else 0
        halves = zip(np.array_split(x, 2, axis), np.array_split(y, 2, axis), strict=True)
        return np.concatenate([_sample(pixels, *half) for half in halves], axis)
    maps = (np.asarray(x - columns.start, np.float32), np.asarray(y - rows.start, np.float32))
    found = cv2.remap(near, *maps, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, pixels.dtype)


def _span(places: Matrix, length: int) -> slice:
    """The rows or columns, of `length`, that the interpolation at these places reads; one at least."""
    start = min(max(0, math.floor(places.min()) - _MARGIN), length - 1)
    return slice(start, max(start + 1, min(length, math.ceil(places.max()) + _MARGIN + 1)))
