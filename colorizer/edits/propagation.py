"""From points to regions: a hint's colour spreads over the luminance until it meets an edge.

The quadratic form of A. Levin, D. Lischinski and Y. Weiss, Colorization using Optimization (SIGGRAPH 2004): neighbours
of like lightness are tied together, neighbours of unlike lightness hardly. Its matrix belongs to the picture alone, so
it is factorised once, and each hint is one solution: the potential of a source at its point. The logarithm of the
potential is a distance along the picture (K. Crane, C. Weischedel and M. Wardetzky, Geodesics in Heat, 2013), and where
hints meet, a power of that distance blends them (L. Yatziv and G. Sapiro, Fast Image and Video Colorization Using
Chrominance Blending, 2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array
from scipy.sparse.linalg import SuperLU, splu

from colorizer.arrays import Floats
from colorizer.color.guided_filter import refine
from colorizer.edits.hints import MAX_HINTS, Hint
from colorizer.picture import point_to_pixel
from colorizer.resize import resize

GRID_SIDE = 256  # nodes along the longest side: what keeps a click below the blink of an eye
LIGHTNESS_SCALE = 3.0  # L: a step of three times as much hardly lets colour through
MIN_WEIGHT = 1e-6
DECAY = 8.0  # nodes after which a potential has fallen to 1/e on a flat surface
LIGHTNESS_PENALTY = 2.5  # nodes that each L away from the hint's own counts as
MIN_POTENTIAL = 1e-30  # of the potential at the hint: beyond, the solver's rounding is larger
SHARPNESS = 4.0  # L squared, of the edges that the finished map is led along


class HintPropagator:
    """The luminance of one picture, ready to spread hints over it. Safe to share between threads."""

    def __init__(self, luminance: Floats) -> None:
        """`luminance`: (h, w) float32, L 0..100."""
        self._luminance = luminance
        scale = min(1.0, GRID_SIDE / max(luminance.shape))
        height, width = (max(1, round(side * scale)) for side in luminance.shape)
        self._grid = resize(luminance, width, height).astype(np.float64)
        # Kept, for each further hint, each change of colour and each undo asks for the same again.
        self._distance = lru_cache(maxsize=MAX_HINTS)(self._distance_from)

    def propagate(self, ab: Floats, hints: Sequence[Hint]) -> Floats:
        """ab (h, w, 2) of the luminance's size, with the hints' colours in the regions that they point at."""
        if not hints:
            return ab
        distances = np.stack([self._distance(*point_to_pixel(hint.x, hint.y, self._grid.shape)) for hint in hints])
        reaches = np.array([hint.reach for hint in hints], np.float32) * max(self._grid.shape)
        coverage = np.clip(2 - 2 * distances / reaches[:, np.newaxis, np.newaxis], 0, 1)
        coverage *= coverage * (3 - 2 * coverage)  # whole up to half of the reach, then smoothly down to nothing
        nearness = coverage / (distances**4 + np.float32(1e-3))
        shares = nearness * (coverage.max(0) / np.maximum(nearness.sum(0), np.float32(1e-9)))
        there = [ab[point_to_pixel(hint.x, hint.y, self._luminance.shape)] for hint in hints]
        wanted = np.array([hint.ab for hint in hints]) - there
        change = np.tensordot(shares, wanted.astype(np.float32), axes=(0, 0))
        return ab + refine(np.ascontiguousarray(change), self._luminance, epsilon=SHARPNESS)

    def _distance_from(self, row: int, column: int) -> Floats:
        """How far each node is from that one, in nodes of an even surface: (height, width) of the grid."""
        source = np.zeros(self._grid.shape)
        source[row, column] = 1
        potential = self._solver.solve(source.ravel()).reshape(source.shape)
        distance = -DECAY * np.log(np.maximum(potential / potential.max(), MIN_POTENTIAL))
        return np.asarray(distance + LIGHTNESS_PENALTY * np.abs(self._grid - self._grid[row, column]), np.float32)

    @cached_property
    def _solver(self) -> SuperLU:
        return splu(_system(self._grid), permc_spec="MMD_AT_PLUS_A")


def _system(luminance: NDArray[np.float64]) -> csc_array:
    """Levin's matrix with a leak of 1 / DECAY squared at every node, so that a potential fades with the way."""
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
    degree = both.sum(axis=0) + 1 / DECAY**2
    diagonal = coo_array((degree, (nodes.ravel(), nodes.ravel())), shape=shape)
    return csc_array(diagonal - both)
