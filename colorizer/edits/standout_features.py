"""How spots and lines that stand out from a picture look: the features by which `damage` judges them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.edits.standouts import CROWD, MEDIAN, Scene

FEATURES = (
    "contrast",  # log of the levels between it and its surroundings
    "outlying",  # how much more contrast, as a log, than nine of ten others have
    "prominence",  # log of the difference from the median / the least one of a candidate there
    "clarity",  # log of that contrast / the spread of the surroundings
    "crowd",  # the share of other candidates around
    "length",  # log of the diagonal of its box in pixels
    "width",  # log of its area / that length
    "extremeness",  # how much lighter (or darker) than the rest of the picture, in 50 levels
    "rank",  # how much lighter (or darker) than its wider surroundings, in 50 levels
    "crossing",  # log of the spread of its surroundings' levels along it
    "evenness",  # log of the spread of its levels / its contrast
    "sharpness",  # the step at its edge / its contrast
    "darkness",  # 1 for what is darker than its surroundings
)


@dataclass(frozen=True)
class Standouts:
    """`labels`: (h, w) int32, 0 elsewhere, 1 .. n on the n spots or lines. `features`: (n, FEATURES) float64."""

    labels: NDArray[np.int32]
    features: NDArray[np.float64]


def describe(scene: Scene, labels: NDArray[np.int32], *, light: bool) -> Standouts:
    """The features of the spots or lines with these labels (h, w); numbers that are not used are left out."""
    rows, columns = np.nonzero(labels)
    numbers, owner, areas = np.unique(labels[rows, columns], return_inverse=True, return_counts=True)
    compact = np.zeros_like(labels)
    compact[rows, columns] = owner + 1
    if not len(numbers):
        return Standouts(compact, np.empty((0, len(FEATURES))))

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(owner, values, len(numbers)) / areas)

    def spread(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.sqrt(np.maximum(mean(values**2) - mean(values) ** 2, 0)))

    sign = 1.0 if light else -1.0
    level = scene.gray[rows, columns].astype(np.float64)
    around = scene.mean[rows, columns].astype(np.float64)
    contrast = np.maximum(mean(sign * (level - around)), 1.0)
    length = np.hypot(_extent(rows, owner, len(numbers)), _extent(columns, owner, len(numbers)))
    own = np.minimum(areas * np.minimum(1, CROWD / length), CROWD * (MEDIAN // 2))  # of its pixels in one window
    step = cv2.morphologyEx(scene.gray, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))[rows, columns]
    features = (
        np.log(contrast),
        np.log(contrast) - np.quantile(np.log(contrast), 0.9),
        np.log(mean(np.abs(scene.difference[rows, columns]) / scene.least[rows, columns])),
        np.log(contrast / (mean(scene.spread[rows, columns]) + 2)),
        np.maximum(mean(scene.crowd[rows, columns]) - own / CROWD**2, 0),
        np.log(length),
        np.log(areas / length),
        (sign * mean(level) - (scene.lightest if light else -scene.darkest)) / 50,
        sign * mean(level - (scene.high if light else scene.low)[rows, columns]) / 50,
        np.log(1 + spread(around)),
        np.log((1 + spread(level)) / contrast),
        mean(step.astype(np.float64)) / contrast,
        np.full(len(numbers), float(not light)),
    )
    return Standouts(compact, np.stack(features, axis=1))


def _extent(places: NDArray[np.intp], owner: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    """The number of rows, or columns, that each of `count` spots or lines takes."""
    first, last = np.full(count, np.iinfo(np.intp).max), np.full(count, -1)
    np.minimum.at(first, owner, places)
    np.maximum.at(last, owner, places)
    return np.asarray(last - first + 1, np.float64)
