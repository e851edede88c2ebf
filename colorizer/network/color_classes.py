"""The 313 colour points as classes: their frequencies, and their weights in the training loss.

Source: R. Zhang, P. Isola, A. A. Efros, Colorful Image Colorization (ECCV 2016), section 2.2.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats
from colorizer.network.zhang2016 import color_points

PRIOR_SIGMA = 5.0  # CIE units: standard deviation of the Gaussian that smooths the class frequencies
UNIFORM_SHARE = 0.5  # lambda, the value in the paper
LIMIT = 128  # the largest |a| and |b|, CIE units


def nearest_class(ab: Floats) -> NDArray[np.intp]:
    """The index of the colour point nearest to each ab of (H, W, 2), rounded to whole CIE units: (H, W) intp."""
    a, b = np.clip(np.rint(np.moveaxis(ab, -1, 0)), -LIMIT, LIMIT).astype(np.intp) + LIMIT
    return np.asarray(_class_table()[a, b], np.intp)


@cache
def _class_table() -> NDArray[np.intp]:
    axis = np.arange(-LIMIT, LIMIT + 1, dtype=np.float32)
    colors = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    points = color_points()
    nearest = ((points**2).sum(1) - 2 * colors @ points.T).argmin(1)
    return np.asarray(nearest.reshape(len(axis), len(axis)), np.intp)


def class_counts(ab: Floats) -> NDArray[np.intp]:
    """The number of colours in ab (H, W, 2) that are nearest to each colour point: (313,) intp, sums to H * W."""
    return np.bincount(nearest_class(ab).ravel(), minlength=len(color_points()))


def smooth_prior(prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smooth the class frequencies (313,) over the ab plane with a Gaussian: (313,) float64 with the same sum.

    Without this, rare classes would get extreme weights.
    """
    points = color_points().astype(np.float64)
    squares = ((points[:, np.newaxis] - points) ** 2).sum(-1)
    kernel = np.exp(-squares / (2 * PRIOR_SIGMA**2))
    return np.asarray((kernel / kernel.sum(0)) @ prior, np.float64)


def rebalancing_weights(prior: NDArray[np.float64], *, uniform_share: float = UNIFORM_SHARE) -> NDArray[np.float64]:
    """The weight of each class in the training loss (equation 4): (313,) float64, with an average of 1 over `prior`.

    `prior`: the class frequencies (313,), which sum to 1. `uniform_share`: the paper's lambda, above 0 (all classes
    count equally) and up to 1 (all pixels count equally). Raises ValueError for other values.
    """
    if not 0 < uniform_share <= 1:
        raise ValueError(f"expected a uniform share above 0, up to 1, got {uniform_share:g}")
    weight = 1 / ((1 - uniform_share) * prior + uniform_share / len(prior))
    return np.asarray(weight / (prior * weight).sum(), np.float64)


def classes_for_half(shares: NDArray[np.float64]) -> int:
    """The number of largest shares that add up to one half. `shares` sum to 1; the more even, the larger the number."""
    return int(np.searchsorted(np.sort(shares)[::-1].cumsum(), 0.5)) + 1
