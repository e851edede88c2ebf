"""Long edges in a picture that are nearly upright, found by a Radon transform over small slopes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats

MAX_SLOPE = 0.3  # pixels aside for each along: about 17 degrees of tilt and perspective together
MOST_LINES = 16
PEAK = (17, 7)  # steps of the slope, and pixels: the surroundings in which a line is the strongest
HALF_EDGE = 2.0  # CIE units a pixel: the step of an edge that counts half

Array = NDArray[np.float64]


def upright_edges(lab: Floats) -> Floats:
    """How strong the upright edges are at each pixel, 0..1: (h, w), thin lines.

    Smoothing along the edge keeps long edges and evens out the grain of a table.
    """
    steps = upright_steps(lab)
    is_peak = steps >= cv2.dilate(steps, np.ones((1, 5), np.uint8))
    strength = np.where(is_peak, steps / (steps + HALF_EDGE), 0).astype(np.float32)
    return np.asarray(cv2.dilate(strength, np.ones((1, 3), np.uint8)), np.float32)


def upright_steps(lab: Floats) -> Floats:
    """The change of colour across, in CIE units a pixel."""
    smooth = cv2.GaussianBlur(lab, (0, 0), sigmaX=1.0, sigmaY=2.0, borderType=cv2.BORDER_REPLICATE)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=1, scale=0.5, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(np.sqrt((np.atleast_3d(across) ** 2).sum(axis=2)), np.float32)


@dataclass(frozen=True)
class Lines:
    """Lines x = place + slope * (y - middle) in a picture of `length` rows, from the left to the right.

    `sums`: (n, length + 1), of the strength of the edge along each line, from its upper end.
    """

    place: Array
    slope: Array
    middle: float
    sums: Array

    @classmethod
    def find(cls, strength: Floats) -> Lines:
        """The strongest lines that are apart from each other. `strength`: of upright edges, (h, w)."""
        height, width = strength.shape
        middle = (height - 1) / 2
        slopes = np.arange(-MAX_SLOPE, MAX_SLOPE, 2 / height)
        total = np.vstack([_project(strength, slope, middle) for slope in slopes])
        # Of one edge, lines of other slopes have a part each, but the edge itself has the most of all around.
        is_peak = (total >= cv2.dilate(total, np.ones(PEAK, np.uint8))) & (total > 0)
        strongest = np.argsort(-total[is_peak])[:MOST_LINES]
        chosen = np.argwhere(is_peak)[strongest]
        row, column = chosen[np.argsort(chosen[:, 1])].T
        slope, place = slopes[row], column.astype(np.float64)
        rows = np.arange(height)
        columns = np.rint(place[:, np.newaxis] + slope[:, np.newaxis] * (rows - middle)).astype(int)
        along = np.where((columns >= 0) & (columns < width), strength[rows, np.clip(columns, 0, width - 1)], 0)
        return cls(place, slope, middle, np.pad(np.cumsum(along, axis=1, dtype=np.float64), ((0, 0), (1, 0))))

    def pairs(self, gap: float) -> NDArray[np.intp]:
        """The numbers of every two lines whose middles are more than `gap` apart: (n, 2), the left one first."""
        every = combinations(range(len(self.place)), 2)
        return np.array([(i, j) for i, j in every if self.place[j] - self.place[i] > gap], np.intp).reshape(-1, 2)

    def mean(self, lines: NDArray[Any], start: Array, stop: Array) -> Array:
        """The mean strength of lines from one row to another; 0 where there is no row between them."""
        last = self.sums.shape[1] - 1
        first, behind = (np.clip(np.rint(each), 0, last).astype(int) for each in (start, stop))
        return np.asarray((self.sums[lines, behind] - self.sums[lines, first]) / np.maximum(behind - first, 1))


def _project(strength: Floats, slope: float, middle: float) -> Floats:
    """The mean of `strength` along all lines of one slope."""
    height, width = strength.shape
    shear = np.array([[1, slope, -slope * middle], [0, 1, 0]])
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.reduce(cv2.warpAffine(strength, shear, (width, height), flags=flags), 0, cv2.REDUCE_AVG)[0])
