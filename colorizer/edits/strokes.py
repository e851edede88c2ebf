"""Strokes of colour, which a user paints over a picture: what lies under one, and where it is cut off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats
from colorizer.edits.hint_values import (
    DEFAULT_REACH,
    MAX_REACH,
    Color,
    Point,
    check_alike,
    check_color,
    excerpt,
    is_number,
    is_share,
    to_ab,
)
from colorizer.errors import InvalidHints
from colorizer.resize import resize

MAX_POINTS = 500  # of one stroke
MAX_RADIUS = 0.5
FINENESS, COARSE_SIDE = 4, 1024  # by which strokes are drawn larger in pictures of up to this longest side
_SHIFT = 8  # fractional bits of the coordinates that OpenCV draws

Path = NDArray[np.float64]  # (n, 2): x and y
Box = tuple[slice, slice]  # rows and columns


@dataclass(frozen=True)
class Stroke:
    """A colour for all that a round brush covers on its way, and for the region around it.

    `points`: of the way, 1 to MAX_POINTS: x and y, 0..1 of the picture's width and height, from the upper left corner.
    `radius`: of the brush, as a fraction of the picture's longest side, above 0 and up to MAX_RADIUS.
    `color`: as in a `Hint`. Under the stroke it is taken as it is.
    `reach`: how far it spreads from the stroke over an even surface, as in a `Hint`; 0: not at all. `alike`: as in a
    `Hint`.
    Raises InvalidHints, which is a ValueError, for other values.
    """

    points: tuple[Point, ...]
    radius: float
    color: Color
    reach: float = DEFAULT_REACH
    alike: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", _check_points(self.points))
        if not is_number(self.radius) or not 0 < self.radius <= MAX_RADIUS:
            raise InvalidHints(
                f"expected a stroke's radius to be a number above 0, up to {MAX_RADIUS}, "
                f"got {excerpt(self.radius, repr)}"
            )
        if not is_share(self.reach):
            raise InvalidHints(
                f"expected a stroke's reach to be a number from 0 to {MAX_REACH}, got {excerpt(self.reach, repr)}"
            )
        check_alike("stroke", self.alike)
        check_color("stroke", self.color)

    @property
    def ab(self) -> Point:
        """(a, b) of the colour, CIE units."""
        return to_ab(self.color)


def _check_points(points: object) -> tuple[Point, ...]:
    if not isinstance(points, list | tuple) or not 1 <= len(points) <= MAX_POINTS:
        got = f"{len(points)}" if isinstance(points, list | tuple) else excerpt(points, repr)
        raise InvalidHints(f"expected a stroke of 1 to {MAX_POINTS} points, got {got}")
    for point in points:
        if not isinstance(point, list | tuple) or len(point) != 2 or not all(map(is_share, point)):
            raise InvalidHints(
                f"expected a stroke's points to be two numbers from 0 to 1 each, got {excerpt(point, repr)}"
            )
    return tuple((x, y) for x, y in points)


def footprint(points: Sequence[Point], radius: float, shape: tuple[int, int]) -> tuple[Box, NDArray[np.uint8]]:
    """What a brush of `radius` covers on its way along `points`, as in a `Stroke`, in a picture of `shape` (h, w).

    Returns the box around it, and how far each of the box's pixels is covered: 0..255. The brush is one pixel wide at
    least. It is drawn larger and shrunk, unless the picture is so large that whole pixels are fine enough.
    """
    height, width = shape
    fineness = FINENESS if max(shape) <= COARSE_SIDE else 1
    path = np.array(points, np.float64) * (width, height)
    thickness = max(1, 2 * radius * max(shape))
    margin = math.ceil(thickness / 2) + 1
    left, top = (max(0, math.floor(each) - margin) for each in path.min(axis=0))
    right, bottom = (
        min(side, math.ceil(each) + margin) for side, each in zip((width, height), path.max(axis=0), strict=True)
    )
    drawn = np.zeros((fineness * (bottom - top), fineness * (right - left)), np.uint8)
    # The centre of the first pixel is at 0, 0. Of a single point, OpenCV would draw nothing.
    path = fineness * (np.concatenate([path, path[-1:]]) - (left, top)) - 0.5
    fixed = np.round(path * (1 << _SHIFT)).astype(np.int32)
    cv2.polylines(drawn, [fixed], False, (255,), round(fineness * thickness), cv2.LINE_8, _SHIFT)
    return (slice(top, bottom), slice(left, right)), resize(drawn, right - left, bottom - top)


def paint(ab: Floats, strokes: Sequence[Stroke]) -> Floats:
    """Colours with those of the strokes in their place, the last on top: (h, w, 2) float32, CIE units.

    `ab`: the same; it stays as it is.
    """
    painted = ab.copy()
    for stroke in strokes:
        box, covered = footprint(stroke.points, stroke.radius, ab.shape[:2])
        share = covered[..., np.newaxis] * np.float32(1 / 255)
        painted[box] += share * (np.array(stroke.ab, np.float32) - painted[box])
    return painted


def cut_off(path: Path) -> Iterator[Path]:
    """The parts of a way, (n, 2), that lie within 0..1. A point that is not finite lies outside."""
    run: list[Path] = []
    for start, stop in pairwise(np.concatenate([path, path[-1:]])):  # a single point is a segment, too
        part = _part_inside(start, stop - start)
        if part is None or part[0] > 0:
            yield from _finished(run)
            run = []
        if part is None:
            continue
        run += [start + share * (stop - start) for share in (part if not run else part[1:])]
        if part[1] < 1:
            yield from _finished(run)
            run = []
    yield from _finished(run)


def _finished(run: list[Path]) -> Iterator[Path]:
    if run:
        path = np.clip(run, 0, 1)  # of what rounding has left outside
        moves = np.any(np.diff(path, axis=0) != 0, axis=1)
        yield path[np.concatenate([[True], moves])]


def _part_inside(start: Path, step: Path) -> tuple[float, float] | None:
    """From which share of a segment to which it lies within 0..1 (Y.-D. Liang and B. A. Barsky, 1984)."""
    if not np.isfinite(step).all():
        return None
    first, last = 0.0, 1.0
    for place, change in zip(start.tolist(), step.tolist(), strict=True):
        if change == 0:
            if not 0 <= place <= 1:
                return None
            continue
        enters, leaves = sorted((-place / change, (1 - place) / change))
        first, last = max(first, enters), min(last, leaves)
    return (first, last) if first <= last else None
