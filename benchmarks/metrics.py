"""Metrics of coloured pictures that image libraries lack.

Colourfulness, the paper's AuC, the Frechet distance, and the consistency of a clip's colours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Pixels
from colorizer.network.color_classes import smooth_prior

LARGEST_ERROR = 150  # CIE units: the last threshold of the curve
STEPS_BETWEEN = (1, 2, 4)  # frames between those that CDC compares

Doubles = NDArray[np.float64]


def colorfulness(rgb: Pixels, *, absolute: bool = False) -> float:
    """Colourfulness of RGB (H, W, 3) uint8 (Hasler and Suesstrunk 2003, equation 10): 0 is grey, about 40 is typical.

    `absolute`: use absolute opponent differences, as DDColor's published evaluation does.
    """
    red, green, blue = np.moveaxis(rgb.astype(np.float64), -1, 0)
    opponents = np.stack([red - green, (red + green) / 2 - blue])
    if absolute:
        opponents = np.abs(opponents)
    spread, center = np.hypot(*opponents.std((1, 2))), np.hypot(*opponents.mean((1, 2)))
    return float(spread + 0.3 * center)


def area_under_curve(ab: Floats, truth: Floats) -> Doubles:
    """For each pixel, the share 0..1 of the thresholds 0, 1, ..., 150 that its ab error lies within.

    `ab`, `truth`: (..., 2) in CIE units; returns (...). The mean over pixels is the AuC of Zhang et al. 2016, section
    3.1: the area under the curve of the share of pixels within each threshold. A weighted mean is the rebalanced AuC.
    """
    error = np.ceil(np.hypot(*np.moveaxis((ab - truth).astype(np.float64), -1, 0)))
    return np.asarray(np.clip(1 - error / (LARGEST_ERROR + 1), 0, 1), np.float64)


def class_weights(counts: NDArray[np.intp]) -> Doubles:
    """The weight of a pixel of each class (313,) in the rebalanced AuC: its inverse frequency (equation 4, lambda 0).

    `counts`: the number of pixels of each class (313,). The weight of a class that is far from all of them is 0.
    """
    prior = smooth_prior(counts / counts.sum())
    return np.divide(1, prior, out=np.zeros_like(prior), where=prior > 0)


def frechet_distance(one: Doubles, other: Doubles, counts: NDArray[np.intp] | None = None) -> float:
    """The Frechet distance of the Gaussians fitted to two samples of N vectors each, (N, D) (Heusel et al. 2017).

    `counts`: how often each vector of both samples counts, (N,); by default once.
    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), with means m and covariances C. N may be below D: for C = X^T X, the
    trace of the root is the sum of the singular values of X1 X2^T, which is only N x N.
    """
    if counts is not None:
        drawn = counts > 0
        one, other, counts = one[drawn], other[drawn], counts[drawn]
    else:
        counts = np.ones(len(one), np.intp)
    number = counts.sum()
    means = [counts @ each / number for each in (one, other)]
    scale = np.sqrt(counts / (number - 1))[:, np.newaxis]
    roots = [scale * (each - mean) for each, mean in zip((one, other), means, strict=True)]
    trace = np.square(roots).sum() - 2 * np.linalg.svd(roots[0] @ roots[1].T, compute_uv=False).sum()
    return float(np.square(means[0] - means[1]).sum() + trace)


def color_distribution_consistency(frames: Sequence[Pixels]) -> float:
    """CDC of a clip of RGB frames (H, W, 3) uint8, more than 4 of them: 0 is best, natural logarithms.

    The Jensen-Shannon divergence of the histograms of each channel, 256 bins, of frames 1, 2 and 4 apart; the mean over
    pairs, then over channels and distances (Liu et al., arXiv:2110.04562; used by NTIRE 2023, video colourisation).
    """
    shape = (len(frames), 3, 256)
    counts = [np.bincount(channel.ravel(), minlength=256) for frame in frames for channel in np.moveaxis(frame, -1, 0)]
    histograms = np.array(counts, np.float64).reshape(shape) / (frames[0].shape[0] * frames[0].shape[1])
    pairs = ((histograms[:-step], histograms[step:]) for step in STEPS_BETWEEN)
    return float(np.mean([_jensen_shannon(one, other).mean() for one, other in pairs]))


def _jensen_shannon(one: Doubles, other: Doubles) -> Doubles:
    """The divergence of distributions along the last axis: 0 .. log 2."""
    middle = (one + other) / 2
    return np.asarray((_relative_entropy(one, middle) + _relative_entropy(other, middle)) / 2, np.float64)


def _relative_entropy(one: Doubles, other: Doubles) -> Doubles:
    ratio = np.divide(one, other, out=np.ones_like(one), where=one > 0)
    return np.asarray((one * np.log(ratio)).sum(axis=-1), np.float64)
