"""The 313 colour points as classes: how often each occurs, and how much say each is given when a network learns.

Source: R. Zhang, P. Isola, A. A. Efros, Colorful Image Colorization (ECCV 2016), section 2.2.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats
from colorizer.network.zhang2016 import color_points

PRIOR_SIGMA = 5.0  # CIE units, of the Gaussian that smooths the classes' frequencies
UNIFORM_SHARE = 0.5  # what the paper chose
LIMIT = 128  # of a and b, in CIE units


def nearest_class(ab: Floats) -> NDArray[np.intp]:
    """The index of the nearest colour point for ab (H, W, 2), to the rounding of ab to whole units: (H, W)."""
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
    """How many of the colours ab (H, W, 2) are nearest to each point: (313,), sums to H * W."""
    return np.bincount(nearest_class(ab).ravel(), minlength=len(color_points()))


def smooth_prior(prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """The classes' frequencies (313,), blurred over the ab plane, so that a class that hardly occurs weighs no fortune.

    Keeps their sum.
    """
    points = color_points().astype(np.float64)
    squares = ((points[:, np.newaxis] - points) ** 2).sum(-1)
    kernel = np.exp(-squares / (2 * PRIOR_SIGMA**2))
    return np.asarray((kernel / kernel.sum(0)) @ prior, np.float64)


def rebalancing_weights(prior: NDArray[np.float64], *, uniform_share: float = UNIFORM_SHARE) -> NDArray[np.float64]:
    """The weight of each class, 1 on average over `prior` (equation 4): (313,) from frequencies (313,) that sum to 1.

    `uniform_share`: the paper's lambda, above 0 (each class has the same say) up to 1 (each pixel has). Raises
    ValueError for anything else.
    """
    if not 0 < uniform_share <= 1:
        raise ValueError(f"expected a uniform share above 0, up to 1, got {uniform_share:g}")
    weight = 1 / ((1 - uniform_share) * prior + uniform_share / len(prior))
    return np.asarray(weight / (prior * weight).sum(), np.float64)


def classes_for_half(shares: NDArray[np.float64]) -> int:
    """How many of the largest of these shares, which sum to 1, make up half: the more even, the more."""
    return int(np.searchsorted(np.sort(shares)[::-1].cumsum(), 0.5)) + 1
