"""The outline of a print that lies on a table or a scanner's lid: four long edges that end at each other's corners.

Long edges near the upright and the level are found by a Radon transform over small slopes. Every two upright and two
level ones make a quadrilateral. Of those, the one is taken whose sides are edges all along and no longer beyond the
corners, and around which there is one even surface. An ordinary photograph has no such quadrilateral.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats
from colorizer.edits.long_edges import Array, Lines, upright_edges, upright_steps
from colorizer.resize import fit_within, resize

SEARCH_SIDE = 256  # pixels: the longest side of the picture in which lines are searched
SMALLEST_SIDE = 64  # pixels; a thinner picture is not searched
EVENNESS_SIDE = 85  # pixels: of the picture in which the surroundings are looked at
MIN_EXTENT = 0.35  # of a side of the picture: of a print
GAP, CLOSE = 4, 6  # pixels: beyond a corner, from where and how far no edge is expected
FAR = 0.12  # of a side: the same, farther
MIN_AROUND = 0.015  # of the picture: the area around a print
MIN_RIM = 0.78  # of the picture's own four edges that are around it: a print lies in the picture, and not at its side
SMALLEST_ANGLE, LARGEST_ANGLE = 70.0, 110.0  # degrees, of a corner
SLACK = 0.01  # of a side: how far outside of the picture a corner may be
AREA_POWER = 1.2  # how much an area counts beside certainty
CANDIDATES = 12  # quadrilaterals whose surroundings are looked at


@dataclass(frozen=True)
class Outline:
    """A print's outline. `corners`: (4, 2), x and y in pixels, clockwise from the upper left. `confidence`: 0..1."""

    corners: Array
    confidence: float


def find_outline(lab: Floats) -> Outline | None:
    """The most likely outline of a print in a picture; None if there is no quadrilateral at all.

    `lab`: (h, w, 3) float32, CIE units; 512 pixels on the longest side are enough.
    """
    if min(lab.shape[:2]) < SMALLEST_SIDE:
        return None
    small, scale = _shrink(lab, SEARCH_SIDE)
    coarse, coarse_scale = _shrink(lab, EVENNESS_SIDE)
    upright, level = (Lines.find(upright_edges(each)) for each in (small, _transpose(small)))
    quads = _rank(upright, level, small.shape[:2])
    found = [
        Outline(quad / scale, certainty * _evenness_around(coarse, quad / scale * coarse_scale))
        for quad, certainty in quads
    ]
    if not found:
        return None
    best = max(found, key=lambda outline: _worth(outline.confidence, _area(outline.corners) / lab[..., 0].size))
    return replace(best, corners=_refine(lab, best.corners))


def _shrink(lab: Floats, longest: int) -> tuple[Floats, Array]:
    """The picture with no side longer than `longest`, and its width and height / those before."""
    height, width = lab.shape[:2]
    columns, rows = fit_within(width, height, longest)
    return resize(lab, columns, rows), np.array([columns / width, rows / height])


def _transpose(lab: Floats) -> Floats:
    """The picture with x and y exchanged: its level edges are upright."""
    return np.ascontiguousarray(lab.swapaxes(0, 1))


def _worth(certainty: Any, area: Any) -> Any:
    """To compare quadrilaterals: of two that are nearly as certain, the larger is the paper, the other its picture."""
    return certainty * area**AREA_POWER


def _rank(upright: Lines, level: Lines, shape: tuple[int, int]) -> list[tuple[Array, float]]:
    """The best quadrilaterals, (4, 2) each, and how certainly, 0..1, their sides are edges that end at the corners."""
    height, width = shape
    size = np.array([width, height])
    sideways, lengthways = upright.pairs(MIN_EXTENT * width), level.pairs(MIN_EXTENT * height)
    if not len(sideways) or not len(lengthways):
        return []
    left, right = sideways.T[:, :, np.newaxis]
    top, bottom = lengthways.T[:, np.newaxis, :]
    around = (left, top), (right, top), (right, bottom), (left, bottom)
    corners = np.stack([np.stack(_cross(upright, v, level, h), axis=-1) for v, h in around], axis=-2)
    x, y = corners[..., 0], corners[..., 1]
    sides = (
        (upright, left, y[..., 0], y[..., 3], height),
        (upright, right, y[..., 1], y[..., 2], height),
        (level, top, x[..., 0], x[..., 1], width),
        (level, bottom, x[..., 3], x[..., 2], width),
    )
    along = np.sort([lines.mean(which, start + 1, stop - 1) for lines, which, start, stop, _ in sides], axis=0)
    beyond = np.sort(np.concatenate([_beyond(*side) for side in sides]), axis=0)[-2:].mean(axis=0)
    mean = along.mean(axis=0)
    certainty = _ramp(along[0], 0.2, 0.45) * _ramp(mean, 0.3, 0.55) * _ramp(beyond / mean.clip(0.05), 0.85, 0.35)
    is_inside = (corners.min(axis=-2) > -SLACK * size).all(-1) & (corners.max(axis=-2) < (1 + SLACK) * size).all(-1)
    certainty = certainty * (is_inside & _has_right_angles(corners))
    worth = np.where(certainty > 0, _worth(certainty, _area(corners).clip(0) / (width * height)), 0)
    order = [i for i in np.argsort(-worth, axis=None)[:CANDIDATES] if worth.flat[i] > 0]
    corners = corners.reshape(-1, 4, 2) + 0.5  # from centres of pixels to places
    return [(corners[i], float(certainty.flat[i])) for i in order]


def _area(corners: Array) -> Array:
    x, y = np.moveaxis(corners, -1, 0)
    return np.asarray((x * np.roll(y, -1, axis=-1) - np.roll(x, -1, axis=-1) * y).sum(axis=-1) / 2)


def _cross(upright: Lines, v: NDArray[np.intp], level: Lines, h: NDArray[np.intp]) -> tuple[Array, Array]:
    """Where upright and level lines cross: x and y, (n, m) each."""
    slope, other = upright.slope[v], level.slope[h]
    x = (upright.place[v] + slope * (level.place[h] - other * level.middle - upright.middle)) / (1 - slope * other)
    return x, level.place[h] + other * (x - level.middle)


def _beyond(lines: Lines, which: NDArray[np.intp], start: Array, stop: Array, length: int) -> Array:
    """The mean strength of an edge beyond both its ends, close to them or farther, whichever is stronger: (2, ...)."""
    reaches = (CLOSE, FAR * length)
    before = [lines.mean(which, start - GAP - reach, start - GAP) for reach in reaches]
    behind = [lines.mean(which, stop + GAP, stop + GAP + reach) for reach in reaches]
    return np.stack([np.max(before, axis=0), np.max(behind, axis=0)])


def _has_right_angles(corners: Array) -> NDArray[np.bool_]:
    sides = np.roll(corners, -1, axis=-2) - corners
    direction = np.arctan2(sides[..., 1], sides[..., 0])
    angles = 180 - np.degrees((np.roll(direction, -1, axis=-1) - direction + np.pi) % (2 * np.pi) - np.pi)
    return np.asarray(((angles > SMALLEST_ANGLE) & (angles < LARGEST_ANGLE)).all(axis=-1))


def _evenness_around(lab: Floats, corners: Array) -> float:
    """How even the surface around a quadrilateral is, 0..1: what a plane of light and colour leaves."""
    mask = np.zeros(lab.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 1)
    outside = cv2.dilate(mask, np.ones((3, 3), np.uint8)) == 0
    rim = np.concatenate([outside[0], outside[-1], outside[:, 0], outside[:, -1]])
    if outside.mean() < MIN_AROUND or rim.mean() < MIN_RIM:
        return 0.0
    y, x = np.nonzero(outside)
    places = np.column_stack([x, y, np.ones_like(x)]).astype(np.float64)
    colors = lab[outside].astype(np.float64)
    keep = np.ones(len(x), bool)
    for _ in range(2):  # the second time without what is not the table
        plane, *_ = np.linalg.lstsq(places[keep], colors[keep], rcond=None)
        rest = np.linalg.norm(colors - places @ plane, axis=1)
        keep = rest <= np.percentile(rest, 85)
    return float(_ramp(np.percentile(rest, 80), 16.0, 8.0))


def _ramp(value: Any, low: float, high: float) -> Any:
    """0 at `low`, 1 at `high` and beyond, linear between them."""
    return np.clip((value - low) / (high - low), 0, 1)


def _refine(lab: Floats, corners: Array) -> Array:
    """The corners again, from lines that are fitted to the places of the sharpest edges at full resolution."""
    upright, level = upright_steps(lab), upright_steps(_transpose(lab))
    upper_left, upper_right, lower_right, lower_left = corners - 0.5
    left, right = (_fit(upright, *ends) for ends in ((upper_left, lower_left), (upper_right, lower_right)))
    top, bottom = (_fit(level, a[::-1], b[::-1]) for a, b in ((upper_left, upper_right), (lower_left, lower_right)))
    refined = []
    for (place, slope), (other_place, other_slope) in ((left, top), (right, top), (right, bottom), (left, bottom)):
        x = (place + slope * other_place) / (1 - slope * other_slope)
        refined.append((x, other_place + other_slope * x))
    return np.array(refined) + 0.5


def _fit(steps: Floats, start: Array, stop: Array) -> tuple[float, float]:
    """The line x = place + slope * y along the strongest steps within a few pixels of the line between two points."""
    reach = 4
    y = np.linspace(start[1], stop[1], 66)[3:-3]
    x = start[0] + (y - start[1]) * (stop[0] - start[0]) / (stop[1] - start[1])
    columns = np.rint(x).astype(int)[:, np.newaxis] + np.arange(-reach, reach + 1)
    rows = np.clip(np.rint(y), 0, len(steps) - 1).astype(int)[:, np.newaxis]
    near = np.where(
        (columns >= 0) & (columns < steps.shape[1]), steps[rows, np.clip(columns, 0, steps.shape[1] - 1)], 0
    )
    weight = near**2
    total = weight.sum(axis=1)
    found = (weight * columns).sum(axis=1) / np.maximum(total, 1e-6)
    keep = np.ones(len(y), bool)
    slope, place = 0.0, 0.0
    for _ in range(3):  # without what is off the line: dust, a shadow, a hand
        slope, place = np.polyfit(rows[keep, 0], found[keep], 1, w=np.sqrt(total[keep]) + 1e-3)
        off = np.abs(found - place - slope * rows[:, 0])
        keep = off <= max(0.5, float(np.percentile(off, 70)))
    return float(place), float(slope)
