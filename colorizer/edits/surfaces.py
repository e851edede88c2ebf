"""Even surfaces of a picture: nodes, the ties between neighbours of similar lightness, and what is usual under a hint.

A. Levin, D. Lischinski and Y. Weiss, Colorization using Optimization (SIGGRAPH 2004).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats
from colorizer.resize import fit_within, resize

if TYPE_CHECKING:  # SciPy takes longer to import than all the rest; only hints need it
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import SuperLU

LIGHTNESS_SCALE = 3.0  # L: the standard deviation of the Gaussian that weights a step in lightness
MIN_WEIGHT = 1e-6  # the minimum weight of a connection between two nodes
ALIKE, OFTEN = 3.0, 0.025  # L that counts under a stroke: this share of its nodes at least is within so much of it

Doubles = NDArray[np.float64]


def shrink_to_nodes(luminance: Floats, longest: int) -> Doubles:
    """L of the nodes of a picture: at most `longest` along each side."""
    height, width = luminance.shape
    return resize(luminance, *fit_within(width, height, longest)).astype(np.float64)


def usual_values(lightness: Doubles) -> Doubles:
    """The values, sorted, without those that hardly any others are like: one remains at least, of L 0..100."""
    values = np.sort(lightness)
    alike = np.searchsorted(values, values + ALIKE, side="right") - np.searchsorted(values, values - ALIKE)
    return values[alike >= OFTEN * values.size]


def differences(lightness: Doubles, levels: Doubles) -> Doubles:
    """How far each value is from the nearest of the levels, which are sorted."""
    above = np.searchsorted(levels, lightness)
    below = levels[np.maximum(above - 1, 0)]
    return np.minimum(np.abs(lightness - below), np.abs(lightness - levels[np.minimum(above, levels.size - 1)]))


def factorize(luminance: Doubles, decay: float) -> SuperLU:
    """Levin's system for these nodes, ready to solve. `decay`: nodes after which a potential falls to 1/e."""
    from scipy.sparse.linalg import splu

    return splu(_system(luminance, decay), permc_spec="MMD_AT_PLUS_A")


def _system(luminance: Doubles, decay: float) -> csc_array:
    """Levin's matrix plus 1 / decay squared on the diagonal, so that the potential decays with the distance."""
    from scipy.sparse import coo_array, csc_array

    nodes = np.arange(luminance.size).reshape(luminance.shape)
    left, right, ties = [], [], []
    for axis in (0, 1):
        step = np.diff(luminance, axis=axis)
        ties.append(np.maximum(np.exp(-((step / LIGHTNESS_SCALE) ** 2) / 2), MIN_WEIGHT).ravel())
        left.append(np.delete(nodes, -1, axis).ravel())
        right.append(np.delete(nodes, 0, axis).ravel())
    rows, columns, weights = np.concatenate(left), np.concatenate(right), np.concatenate(ties)
    shape = (luminance.size, luminance.size)
    one_way = coo_array((weights, (rows, columns)), shape=shape)
    both = (one_way + one_way.T).tocsc()
    degree = both.sum(axis=0) + 1 / decay**2
    diagonal = coo_array((degree, (nodes.ravel(), nodes.ravel())), shape=shape)
    return csc_array(diagonal - both)
