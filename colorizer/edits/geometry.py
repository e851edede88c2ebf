"""Which part of a picture is taken, and how it is turned: perspective, quarter turns, a tilt, and a crop.

All four are one map from the result's places to the original's, so that a picture is resampled once at most: see
`warping`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.edits.hints import AnyHint
from colorizer.edits.strokes import MAX_RADIUS, Path, Stroke, cut_off
from colorizer.errors import InvalidSetting

MAX_ANGLE = 45.0  # degrees to either side; more is a quarter turn
MIN_SHARE = 0.01  # of a side that a crop keeps at least
_DECIMALS = 6  # of a crop that was turned, so that four turns give the same crop again
_ROUNDING = 10**-_DECIMALS
_WHOLE = (0.0, 0.0, 1.0, 1.0)

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
Box = tuple[float, float, float, float]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Geometry:
    """The part of a picture that is taken, and its turns, in the order of the fields. None of them by default.

    `corners`: of a print in the picture, which becomes a rectangle that fills the result: x and y, 0..1 of width and
    height; upper left, upper right, lower right, lower left. None for the whole picture.
    `quarter_turns`: 0..3, each by 90 degrees clockwise.
    `angle`: degrees clockwise, -45..45. Of the turned picture, the largest part of its aspect ratio without empty
    corners is kept.
    `crop`: left, top, right and bottom, 0..1 of the width and height that the steps before give.
    Raises InvalidSetting, which is a ValueError, for other values.
    """

    corners: Corners | None = None
    quarter_turns: int = 0
    angle: float = 0.0
    crop: Box = _WHOLE

    def __post_init__(self) -> None:
        if self.corners is not None:
            _check_corners(self.corners)
        if self.quarter_turns not in range(4):
            raise InvalidSetting(f"expected 0 to 3 quarter turns, got {self.quarter_turns}")
        check_angle(self.angle)
        check_crop(self.crop)

    def turned(self, quarters: int) -> Geometry:
        """The same part of the picture, turned by further quarters: 1 to the right, -1 to the left."""
        crop = self.crop
        for _ in range(quarters % 4):
            left, top, right, bottom = crop
            crop = (round(1 - bottom, _DECIMALS), left, round(1 - top, _DECIMALS), right)
        return replace(self, quarter_turns=(self.quarter_turns + quarters) % 4, crop=crop)


def check_angle(angle: float) -> None:
    """Raises InvalidSetting for an angle that `Geometry` does not take."""
    if not -MAX_ANGLE <= angle <= MAX_ANGLE:
        raise InvalidSetting(f"expected an angle of {-MAX_ANGLE:g} to {MAX_ANGLE:g} degrees, got {angle:g}")


def check_crop(crop: Box) -> None:
    """Raises InvalidSetting for a crop that `Geometry` does not take."""
    left, top, right, bottom = crop
    is_inside = all(0 <= edge <= 1 for edge in crop)
    if not (is_inside and all(side >= MIN_SHARE - _ROUNDING for side in (right - left, bottom - top))):
        raise InvalidSetting(
            "expected a crop's left, top, right and bottom from 0 to 1, left before right and top before bottom, "
            f"got {', '.join(f'{each:g}' for each in crop)}"
        )


def _check_corners(corners: Corners) -> None:
    """Raises InvalidSetting for corners that are not clockwise, from the upper left, of a convex quadrilateral."""
    inside = all(0 <= each <= 1 for corner in corners for each in corner)
    sides = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]])]
    turns = [x1 * y2 - y1 * x2 for (x1, y1), (x2, y2) in pairwise([*sides, sides[0]])]
    if not inside or min(turns) < MIN_SHARE**2:
        raise InvalidSetting(
            "expected four corners from 0 to 1, clockwise from the upper left and not in one line, "
            f"got {'; '.join(f'{x:g}, {y:g}' for x, y in corners)}"
        )


def move_hints(hints: Sequence[AnyHint], old: Geometry, new: Geometry, size: tuple[int, int]) -> tuple[AnyHint, ...]:
    """Hints that were set in the result of `old`, at the same places of the result of `new`.

    `size`: width and height of the picture before. Points outside of the new result are left out, and strokes are cut
    off at its border: one that leaves and comes back becomes two.
    """
    if old == new:
        return tuple(hints)
    there, old_width, old_height = plan_geometry(old, *size)
    back, new_width, new_height = plan_geometry(new, *size)
    matrix = np.linalg.inv(back) @ there
    moved: list[AnyHint] = []
    for hint in hints:
        path, scales = _project(np.array(hint.points) * (old_width, old_height), matrix)
        ways = [[(x, y) for x, y in way.tolist()] for way in cut_off(path / (new_width, new_height))]
        for way in ways:
            if isinstance(hint, Stroke):
                growth = float(np.nanmedian(scales)) * max(old_width, old_height) / max(new_width, new_height)
                moved.append(replace(hint, points=tuple(way), radius=min(MAX_RADIUS, hint.radius * growth)))
            else:
                moved.append(replace(hint, x=way[0][0], y=way[0][1]))
    return tuple(moved)


def _project(points: Path, matrix: Matrix) -> tuple[Path, NDArray[np.float64]]:
    """Points (n, 2) under a homography, and by how much lengths grow at each, (n,): the root of the area's growth.

    Both are not a number beyond the homography's horizon.
    """
    x, y, w = matrix @ np.column_stack([points, np.ones(len(points))]).T
    w = np.where(w > 0, w, np.nan)
    return np.column_stack([x / w, y / w]), np.sqrt(abs(np.linalg.det(matrix)) / w**3)


def plan_geometry(geometry: Geometry, width: int, height: int) -> tuple[Matrix, int, int]:
    """The homography (3, 3) from places in the result to places in the picture, and the result's width and height.

    Places are in pixels from the upper left corner of the upper left pixel, whose centre is at (0.5, 0.5).
    """
    matrix: Matrix = np.eye(3)
    if geometry.corners is not None:
        matrix, width, height = _rectify(geometry.corners, width, height)
    for _ in range(geometry.quarter_turns):
        matrix = matrix @ np.array([[0, 1, 0], [-1, 0, height], [0, 0, 1.0]])
        width, height = height, width
    if geometry.angle:
        turn, width, height = _straighten(math.radians(geometry.angle), width, height)
        matrix = matrix @ turn
    left, top, right, bottom = crop_pixels(geometry.crop, width, height)
    matrix = matrix @ np.array([[1, 0, left], [0, 1, top], [0, 0, 1.0]])
    return matrix, right - left, bottom - top


def _rectify(corners: Corners, width: int, height: int) -> tuple[Matrix, int, int]:
    """The map from a rectangle to the quadrilateral, and its size: each side as long as the longer of the two."""
    points = np.array(corners) * (width, height)
    top, right, bottom, left = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    across, down = max(top, bottom), max(left, right)
    scale = min(1.0, math.sqrt(width * height / (across * down)))
    columns, rows = max(1, math.floor(across * scale + 0.5)), max(1, math.floor(down * scale + 0.5))
    if columns * rows > width * height:  # by rounding
        columns = max(1, width * height // rows)
    rectangle = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)])
    matrix = cv2.getPerspectiveTransform(rectangle.astype(np.float32), points.astype(np.float32))
    return np.asarray(matrix, np.float64), columns, rows


def _straighten(angle: float, width: int, height: int) -> tuple[Matrix, int, int]:
    """The map from a picture that is turned clockwise by `angle`, in radians, to the picture, and its size."""
    sine, cosine = abs(math.sin(angle)), math.cos(angle)
    scale = 1 / (cosine + sine * max(width, height) / min(width, height))  # of the part without empty corners
    columns, rows = max(1, math.floor(scale * width)), max(1, math.floor(scale * height))
    sine = math.sin(angle)
    matrix = np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]])
    matrix[:2, 2] = np.array([width, height]) / 2 - matrix[:2, :2] @ (columns / 2, rows / 2)
    return matrix, columns, rows


def crop_pixels(crop: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """The first column and row of a crop, and those behind its last ones; one pixel at least."""
    left, top = min(round(crop[0] * width), width - 1), min(round(crop[1] * height), height - 1)
    return left, top, max(left + 1, round(crop[2] * width)), max(top + 1, round(crop[3] * height))
