"""What stands out from a picture, small or narrow, against smoother surroundings: spots and lines.

Candidates are pixels that differ from the median around them by more than noise and texture do. They fall into lines,
which contain straight runs, and spots.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Pixels

MEDIAN = 11  # pixels: the filter's side. It removes lines of up to 5 pixels and spots of up to 7, and keeps edges
TEXTURE, TEXTURE_CLIP = 41, 24.0  # pixels: the window in which texture is measured; levels of one pixel that count
WEAK = 2.0  # times the texture around it: the least difference of a candidate
LEAST_DIFFERENCE = 6.0  # levels
NOISES = 2.5  # standard deviations of the noise
RIM = 0.7  # of the least difference of a candidate, without texture: the least one of its rim
RUN, DIRECTIONS, GROUPS = 19, 16, 4  # pixels of a straight run; directions of runs, and groups of them
NEAR, CROWD = 15, 61  # pixels: the windows of the surroundings, and of the other candidates
ROW = 9  # pixels: the height of a window as wide as CROWD, about a row of letters
GAP = 5  # pixels between the parts of one line

Bits = NDArray[np.uint8]  # 0 or 1


@dataclass(frozen=True)
class Scene:
    """What the candidates of a grey picture (h, w) uint8 are found and described with; all (h, w).

    `difference`: from the median, int16 levels. `least`: of a candidate's difference, float32 levels. `mean`, `spread`:
    mean and standard deviation of the surroundings without candidates, float32 levels. `crowd`: the share of candidates
    in a wide window, float32, and `row` in one that is as wide and low. `busyness`: their share in the picture. `low`,
    `high`: the extreme levels of wider surroundings without what is small, uint8. `floor`: the least of `least`.
    `darkest`, `lightest`: levels of the picture without candidates.
    """

    gray: Pixels
    difference: NDArray[np.int16]
    least: Floats
    mean: Floats
    spread: Floats
    crowd: Floats
    row: Floats
    busyness: float
    low: Pixels
    high: Pixels
    floor: float
    darkest: float
    lightest: float

    def candidates(self, *, light: bool) -> Bits:
        """1 where a pixel is lighter, or darker, than what is around it: (h, w)."""
        difference = self.difference if light else -self.difference
        return np.asarray(difference > self.least, np.uint8)

    def rims(self, *, light: bool) -> Bits:
        """1 where a pixel beside damage would belong to its rim, half damage and half picture: (h, w)."""
        difference = self.gray - self.mean if light else self.mean - self.gray
        return np.asarray(difference > self.floor * RIM, np.uint8)


def estimate_noise(gray: Pixels) -> float:
    """The standard deviation of the noise of (h, w) uint8, in levels.

    J. Immerkaer, Fast Noise Variance Estimation, 1996, with the median in place of the mean, which edges raise less.
    """
    if min(gray.shape) < 3:
        return 0.0
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(gray, cv2.CV_16S, kernel))
    return float(np.median(response)) / 6 / 0.6745


def study(gray: Pixels) -> Scene:
    """Prepare a grey picture, (h, w) uint8."""
    median = cv2.medianBlur(gray, MEDIAN)
    difference = cv2.subtract(gray, median, dtype=cv2.CV_16S)
    size = np.minimum(np.abs(difference), TEXTURE_CLIP).astype(np.float32)
    floor = max(LEAST_DIFFERENCE, NOISES * estimate_noise(gray))
    least = np.maximum(floor, WEAK * cv2.blur(size, (TEXTURE, TEXTURE)))
    found = np.asarray(np.abs(difference) > least, np.uint8)
    free = np.asarray(1 - grow(found), np.float32)
    levels = gray.astype(np.float32)
    share = np.maximum(cv2.blur(free, (NEAR, NEAR)), 1e-3)
    mean = cv2.blur(levels * free, (NEAR, NEAR)) / share
    square = cv2.blur(levels * levels * free, (NEAR, NEAR)) / share
    spread = np.sqrt(np.maximum(square - mean * mean, 0))
    mean = np.where(share > 0.01, mean, median)
    shares = found.astype(np.float32)
    darkest, lightest = np.percentile(median[::2, ::2], (1, 99))
    wide = np.ones((TEXTURE, TEXTURE), np.uint8)
    return Scene(
        gray=gray,
        difference=np.asarray(difference, np.int16),
        least=np.asarray(least, np.float32),
        mean=np.asarray(mean, np.float32),
        spread=np.asarray(spread, np.float32),
        crowd=np.asarray(cv2.blur(shares, (CROWD, CROWD)), np.float32),
        row=np.asarray(cv2.blur(shares, (CROWD, ROW)), np.float32),
        busyness=float(shares.mean()),
        low=np.asarray(cv2.erode(median, wide), np.uint8),
        high=np.asarray(cv2.dilate(median, wide), np.uint8),
        floor=floor,
        darkest=float(darkest),
        lightest=float(lightest),
    )


def grow(mask: Bits, side: int = 3) -> Bits:
    """A mask (h, w), 0 or 1, with all pixels in the square of this side around each of its own."""
    return np.asarray(cv2.dilate(mask, np.ones((side, side), np.uint8)), np.uint8)


def find_lines(candidates: Bits) -> list[Bits]:
    """1 where candidates (h, w) lie in a straight run, for each group of neighbouring directions.

    So, a line is apart from those that it crosses. Small gaps do not matter.
    """
    closed = grow(candidates)
    found = [np.zeros_like(candidates) for _ in range(GROUPS)]
    for number in range(DIRECTIONS):
        run = _straight_run(math.pi * number / DIRECTIONS)
        group = found[number * GROUPS // DIRECTIONS]
        cv2.max(group, cv2.morphologyEx(closed, cv2.MORPH_OPEN, run), dst=group)
    return [np.asarray(group & candidates, np.uint8) for group in found]


def split(candidates: Bits) -> tuple[list[NDArray[np.int32]], list[NDArray[np.int32]]]:
    """The labels of lines, by groups of directions, and of spots among candidates (h, w): 0 elsewhere, from 1 on."""
    groups = find_lines(candidates)
    joined = [cv2.connectedComponents(grow(lines, GAP))[1] for lines in groups]
    labels = [np.asarray(each * lines, np.int32) for each, lines in zip(joined, groups, strict=True)]
    spots = candidates & (1 - grow(np.asarray(np.maximum.reduce(groups), np.uint8)))
    return labels, [np.asarray(cv2.connectedComponents(spots)[1], np.int32)]


def sample(values: NDArray[Any], rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values (h, w) at places, (n,); those of the nearest pixel of the border outside."""
    height, width = values.shape
    down, right = np.rint(rows).astype(int).clip(0, height - 1), np.rint(columns).astype(int).clip(0, width - 1)
    return np.asarray(values[down, right], np.float64)


def _straight_run(angle: float) -> Bits:
    """The structuring element of a run of RUN pixels: (RUN, RUN)."""
    element, reach = np.zeros((RUN, RUN), np.uint8), RUN // 2
    across, down = round(reach * math.cos(angle)), round(reach * math.sin(angle))
    cv2.line(element, (reach - across, reach - down), (reach + across, reach + down), 1)
    return element
