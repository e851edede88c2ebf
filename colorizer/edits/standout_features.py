"""How spots and lines that stand out from a picture look: the features by which `damage` judges them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.edits.standouts import CROWD, MEDIAN, ROW, Scene, sample

FEATURES = (
    "contrast",  # log of the levels between it and its surroundings
    "outlying",  # how much more contrast, as a log, than nine of ten others have
    "prominence",  # log of the difference from the median / the least one of a candidate there
    "clarity",  # log of that contrast / the spread of the surroundings
    "crowd",  # the share of other candidates around
    "length",  # log of the diagonal of its box in pixels
    "width",  # log of its area / that length
    "parallels",  # root of the share of others of its kind and direction in a wide window: structures repeat
    "row",  # root of the share of other candidates beside it, as in a row of letters
    "busyness",  # log of the share of candidates in the whole picture
    "extremeness",  # how much lighter (or darker) than the rest of the picture, in 50 levels
    "rank",  # how much lighter (or darker) than its wider surroundings, in 50 levels
    "crossing",  # log of the spread of its surroundings' levels along it
    "evenness",  # log of the spread of its levels / its contrast
    "sharpness",  # log of the step at its edge / its contrast
    "darkness",  # 1 for what is darker than its surroundings
    "shading",  # log of the difference between its two sides / its contrast: that of an edge, or of a body in the light
    "relief",  # how much lighter (or darker) than both of its sides / its contrast
    "bend",  # log of its pixels' deviation from its axis
)
SIDES = 4.0, 1.8  # pixels from the axis to where the sides are looked at, and how many more for each of the bend
MOST_RELIEF = 2.0  # that counts
WIDE = 121, 6  # pixels: the window of parallels, and the most width of a line in it

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Standouts:
    """`labels`: (h, w) int32, 0 elsewhere, 1 .. n on the n spots or lines. `features`: (n, FEATURES) float64."""

    labels: NDArray[np.int32]
    features: Array


@dataclass(frozen=True)
class _Parts:
    """The pixels of n spots or lines: `rows`, `columns`, and the number of its own of each, 0 .. n - 1, all (p,).

    `areas`: pixels of each, (n,). `sign`: 1 for light ones, -1 for dark ones.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    owner: NDArray[np.intp]
    areas: NDArray[np.intp]
    sign: float

    def mean(self, values: NDArray[Any]) -> Array:
        """The mean of each one's pixels, (n,), of values (p,), or of (h, w) in which they lie."""
        own = values[self.rows, self.columns] if values.ndim == 2 else values
        return np.asarray(np.bincount(self.owner, own, len(self.areas)) / self.areas)

    def spread(self, values: NDArray[Any]) -> Array:
        """Their standard deviation, of values (p,)."""
        return np.asarray(np.sqrt(np.maximum(self.mean(values**2) - self.mean(values) ** 2, 0)))

    def others(self, shares: NDArray[Any], own: Array, area: int) -> Array:
        """The mean share (h, w) of a window of `area` pixels that is not its own, of which that has `own` at most."""
        return np.maximum(self.mean(shares) - own / area, 0)


def describe(scene: Scene, labels: NDArray[np.int32], *, light: bool) -> Standouts:
    """The features of the spots or lines with these labels (h, w); numbers that are not used are left out."""
    rows, columns = np.nonzero(labels)
    numbers, owner, areas = np.unique(labels[rows, columns], return_inverse=True, return_counts=True)
    compact = np.zeros_like(labels)
    compact[rows, columns] = owner + 1
    if not len(numbers):
        return Standouts(compact, np.empty((0, len(FEATURES))))
    parts = _Parts(rows, columns, owner, areas, 1.0 if light else -1.0)
    level = scene.gray[rows, columns].astype(np.float64)
    around = scene.mean[rows, columns].astype(np.float64)
    contrast = np.maximum(parts.sign * parts.mean(level - around), 1.0)
    step = cv2.morphologyEx(scene.gray, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    limits = (scene.lightest, scene.high) if light else (scene.darkest, scene.low)
    features = (
        np.log(contrast),
        np.log(contrast) - np.quantile(np.log(contrast), 0.9),
        np.log(parts.mean(np.abs(scene.difference[rows, columns]) / scene.least[rows, columns])),
        np.log(contrast / (parts.mean(scene.spread) + 2)),
        *_describe_company(scene, parts, labels),
        parts.sign * (parts.mean(level) - limits[0]) / 50,
        parts.sign * parts.mean(level - limits[1][rows, columns]) / 50,
        np.log(1 + parts.spread(around)),
        np.log((1 + parts.spread(level)) / contrast),
        np.log(0.1 + parts.mean(step) / contrast),
        np.full(len(numbers), float(not light)),
        *_describe_sides(scene, parts, level, contrast),
    )
    return Standouts(compact, np.stack(features, axis=1))


def _describe_company(scene: Scene, parts: _Parts, labels: NDArray[np.int32]) -> tuple[Array, ...]:
    """Length and width, and from "crowd" to "busyness" what else is around."""
    count, areas = len(parts.areas), parts.areas
    length = np.hypot(_extent(parts.rows, parts.owner, count), _extent(parts.columns, parts.owner, count))
    wide, thick = WIDE
    kin = cv2.blur((labels > 0).astype(np.float32), (wide, wide))

    def own(side: int, width: int) -> Array:
        return np.asarray(np.minimum(areas * np.minimum(1, side / length), side * width))

    return (
        parts.others(scene.crowd, own(CROWD, MEDIAN // 2), CROWD**2),
        np.log(length),
        np.log(areas / length),
        np.sqrt(parts.others(kin, own(wide, thick), wide**2)),
        np.sqrt(parts.others(scene.row, np.minimum(areas, CROWD * ROW).astype(np.float64), CROWD * ROW)),
        np.full(count, np.log(scene.busyness + 1e-3)),
    )


def _describe_sides(scene: Scene, parts: _Parts, level: Array, contrast: Array) -> tuple[Array, ...]:
    """From "shading" to "bend", by what lies on both sides of the axis. `level`: of each pixel."""
    (down, right), deviation = _find_axes(parts)
    reach = (SIDES[0] + SIDES[1] * deviation)[parts.owner]
    one, other = (
        sample(scene.gray, parts.rows + way * down[parts.owner], parts.columns + way * right[parts.owner])
        for way in (reach, -reach)
    )
    relief = np.minimum(parts.sign * (level - one), parts.sign * (level - other))
    shading = np.log(0.1 + np.abs(parts.mean(one - other)) / contrast)
    return shading, np.clip(parts.mean(relief) / contrast, -MOST_RELIEF, MOST_RELIEF), np.log(0.3 + deviation)


def _extent(places: NDArray[np.intp], owner: NDArray[np.intp], count: int) -> Array:
    """The number of rows, or columns, that each of `count` spots or lines takes."""
    first, last = np.full(count, np.iinfo(np.intp).max), np.full(count, -1)
    np.minimum.at(first, owner, places)
    np.maximum.at(last, owner, places)
    return np.asarray(last - first + 1, np.float64)


def _find_axes(parts: _Parts) -> tuple[Array, Array]:
    """The direction across each spot or line, (2, n): down and right, and its pixels' deviation in it, (n,).

    It is the minor axis of the second moments.
    """
    down, right = (each - parts.mean(each)[parts.owner] for each in (parts.rows, parts.columns))
    rows, columns, both = (parts.mean(each) for each in (down * down, right * right, down * right))
    angle = np.arctan2(2 * both, columns - rows) / 2
    least = (rows + columns - np.hypot(2 * both, columns - rows)) / 2
    pixel = 1 / 12  # the moment of a pixel itself
    return np.stack([np.cos(angle), -np.sin(angle)]), np.asarray(np.sqrt(np.maximum(least, 0) + pixel))
