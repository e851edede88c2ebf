"""Folds of a print: straight lines from one border of the picture to another, also where they are faint and torn."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.edits.standouts import Bits, grow, sample
from colorizer.resize import fit_within, shrink_mask

SIDE = 512  # pixels: the longest side at which straight lines are looked for
MOST_LINES = 60  # that are looked at, the longest first
SHORTEST = 0.35  # of the picture's shorter side: the least length of a fold
SHARE = 0.6  # of a fold that must have candidates
ACROSS = 0.8  # of the way from border to border that a fold takes at least
MARGIN = 0.04  # of the picture's shorter side: a line nearer to a border is the edge of the print
ALONE = 0.3  # how much more candidates a fold has than lines beside it, as a share
BESIDE = (-14, -9, 9, 14)  # pixels: the distances of those lines
MOST = 0.1  # of the picture in bands of folds: more lines are a pattern, such as a wall's
WIDTH = 0.015  # of the picture's longer side: the band in which a fold's candidates lie

Array = NDArray[np.float64]


def find_folds(candidates: Bits) -> Bits:
    """The candidates that lie along folds: (h, w), 0 or 1. `candidates`: (h, w), 0 or 1, what stands out."""
    height, width = candidates.shape
    size = fit_within(width, height, SIDE)
    small = shrink_mask(candidates > 0, *size).astype(np.uint8)
    wide = grow(small)
    band = np.zeros_like(candidates)
    scale = max(width, height) / max(size)
    for start, direction, length in _straight_lines(small):
        if part := _find_part(wide, start, direction, length):
            ends = [np.rint((start + direction * place) * scale).astype(int).tolist() for place in part]
            cv2.line(band, ends[0], ends[1], 1, max(3, round(WIDTH * max(width, height))))
    if band.mean() > MOST:
        return np.zeros_like(candidates)
    return np.asarray(band & candidates, np.uint8)


def _straight_lines(points: Bits) -> list[tuple[Array, Array, float]]:
    """The straight lines through many points, from border to border: start (x, y), direction (x, y), length."""
    height, width = points.shape
    shortest = SHORTEST * min(height, width)
    found = cv2.HoughLines(points, 1, math.pi / 360, max(1, round(SHARE * ACROSS * shortest)))
    lines = []
    for distance, angle in np.reshape([] if found is None else found, (-1, 2))[:MOST_LINES].astype(np.float64):
        normal = np.array([math.cos(angle), math.sin(angle)])
        direction = np.array([-normal[1], normal[0]])
        first, last = _clip(normal * distance, direction, (width - 1, height - 1))
        middle = normal * distance + direction * (first + last) / 2
        inside = np.minimum(middle, (width - 1, height - 1) - middle).min() >= MARGIN * min(height, width)
        if inside and last - first >= shortest:
            lines.append((normal * distance + direction * first, direction, last - first))
    return lines


def _clip(point: Array, direction: Array, corner: tuple[int, int]) -> tuple[float, float]:
    """From where to where a line through a point is within (0, 0) and `corner`, in lengths of `direction`."""
    first, last = -math.inf, math.inf
    for place, step, end in zip(point, direction, corner, strict=True):
        if abs(step) > 1e-9:
            one, other = sorted((-place / step, (end - place) / step))
            first, last = max(first, one), min(last, other)
        elif not 0 <= place <= end:
            return 0.0, 0.0
    return first, last


def _find_part(points: Bits, start: Array, direction: Array, length: float) -> tuple[int, int] | None:
    """The part of a line that is a fold, as distances from `start`; None if it is none."""
    normal = np.array([direction[1], -direction[0]])
    places = start + direction * np.arange(int(length) + 1)[:, np.newaxis]
    hits = sample(points, *places.T[::-1])
    # The part with the most hits above the least share: the maximal subarray.
    sums = np.concatenate([[0.0], np.cumsum(hits - SHARE)])
    lowest = np.minimum.accumulate(sums)
    last = int(np.argmax(sums - lowest))
    first = int(np.argmin(sums[: last + 1]))
    if last - first < ACROSS * length:
        return None
    shifted = (places[first:last] + normal * distance for distance in BESIDE)
    beside = [sample(points, *each.T[::-1]).mean() for each in shifted]
    return (first, last) if hits[first:last].mean() - max(beside) > ALONE else None
