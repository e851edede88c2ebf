"""Propagate colour hints to regions: a colour spreads from a point or a stroke up to the edges in the luminance.

A point moves the colours of its region as far as its own place's, so that their differences stay. A stroke replaces
them, and what lies under it has its colour exactly. The method combines three papers:

- A. Levin, D. Lischinski and Y. Weiss, Colorization using Optimization (SIGGRAPH 2004): a quadratic form that ties
  neighbours of similar lightness strongly and other neighbours weakly. Its matrix depends on the picture only, so it is
  factorized once. Each hint is a solution of the linear system: the potential of sources at all nodes under it.
- K. Crane, C. Weischedel and M. Wardetzky, Geodesics in Heat (2013): the logarithm of the potential is a distance
  within the picture.
- L. Yatziv and G. Sapiro, Fast Image and Video Colorization Using Chrominance Blending (2006): where several hints
  reach, a power of this distance is the weight that blends them.

A hint that is `alike` goes by `likeness` in place of the distance, so it also colours what belongs together elsewhere.
Near the hint, nearness adds to that. Between hints of both kinds, the weights of the distances decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Mask
from colorizer.color.guided_filter import refine
from colorizer.edits.hint_values import Point
from colorizer.edits.hints import MAX_HINTS, AnyHint
from colorizer.edits.likeness import KEPT, Likeness, fade
from colorizer.edits.restoration import WHOLE, Part
from colorizer.edits.strokes import Stroke, footprint, paint
from colorizer.edits.surfaces import differences, factorize, shrink_to_nodes, usual_values
from colorizer.picture import point_to_pixel
from colorizer.resize import resize

if TYPE_CHECKING:  # SciPy takes longer to import than all the rest; only hints need it
    from scipy.sparse.linalg import SuperLU

GRID_SIDE = 256  # nodes along the longest side; small enough for an immediate answer to a click
SPREAD_SIDE = 128  # the same where a whole map of colours is spread: it is smooth already, and a sixth of the work
DECAY = 8.0  # nodes after which the potential falls to 1/e on an even surface
LIGHTNESS_PENALTY = 2.5  # nodes of distance per unit of L by which a node differs from what lies under the hint
COVERED = 64  # of 255: a node is under a stroke from here on, so that a thin one has no gaps
EVENNESS, MOST_SOLUTIONS = 0.8, 4  # the potential under a stroke is evened out to this share of its maximum
MIN_POTENTIAL = 1e-30  # of the potential at the hint; smaller values are the solver's rounding errors
MIN_REACH = 1e-6  # which is no node, but not 0 as a float32
SHARPNESS = 4.0  # L squared: epsilon of the guided filter that upsamples the result


class HintPropagator:
    """Propagates hints over one picture. Safe to share between threads."""

    def __init__(self, luminance: Floats, describe: Callable[[], Floats] | None = None, part: Part = WHOLE) -> None:
        """`luminance`: (h, w) float32, L 0..100.

        `describe`: called once if a hint is `alike`; returns the vectors (c, rows, columns) float32 of the places in
        `part` of the picture. None: such hints are as others.
        """
        self._luminance, self._describe, self._part = luminance, describe, part
        # Cached, because adding a hint, changing a colour and undoing ask for the same maps again.
        self._distance = lru_cache(maxsize=MAX_HINTS)(self._distance_from)

    def propagate(self, ab: Floats, hints: Sequence[AnyHint]) -> Floats:
        """Change `ab` to the hints' colours under them, and in the regions around them.

        `ab`: (h, w, 2) float32, CIE units, of the same size as the luminance. Returns the same shape and dtype, and
        `ab` itself if there are no hints.
        """
        if spreading := [hint for hint in hints if hint.reach > 0]:
            ab = self._spread_hints(ab, spreading)
        strokes = [hint for hint in hints if isinstance(hint, Stroke)]
        return paint(ab, strokes) if strokes else ab

    def _spread_hints(self, ab: Floats, hints: Sequence[AnyHint]) -> Floats:
        distances = np.stack([self._distance(hint.points, hint.radius) for hint in hints])
        reaches = np.array([max(hint.reach, MIN_REACH) for hint in hints], np.float32) * max(self._grid.shape)
        coverage = fade(distances, reaches)
        nearness = coverage / (distances**4 + np.float32(1e-3))
        shares = nearness * (coverage.max(0) / np.maximum(nearness.sum(0), np.float32(1e-9)))
        kept = np.array([0 if isinstance(hint, Stroke) else 1 for hint in hints], np.float32)
        alike = np.array([hint.alike and self._likeness.has_seen(hint.points[0]) for hint in hints])
        if alike.any():
            under = [self._nodes_under(hint.points, hint.radius) for hint, one in zip(hints, alike, strict=True) if one]
            shares[alike] = self._likeness.shares(under, distances[alike], reaches[alike])
            shares[alike] *= 1 - shares[~alike].sum(0)
            kept[alike] *= KEPT
        there = [ab[point_to_pixel(*hint.points[0], self._luminance.shape)] for hint in hints]
        wanted = np.array([hint.ab for hint in hints]) - kept[:, np.newaxis] * there
        change = np.tensordot(shares, wanted.astype(np.float32), axes=(0, 0))
        replaced = (shares * (1 - kept)[:, np.newaxis, np.newaxis]).sum(0)  # in this order: recipes give the same bytes
        fine = refine(np.dstack([change, replaced]), self._luminance, epsilon=SHARPNESS)
        return np.asarray(ab * (1 - np.clip(fine[..., 2:], 0, 1)) + fine[..., :2], np.float32)

    def spread(self, change: Floats) -> Floats:
        """Smooth a change of colour within regions: it is averaged over even surfaces and stops at edges of L.

        `change`: (h, w, 2) float32, CIE units, of any size. Returns it at the size of the luminance. Levin's quadratic
        form plus the squared distance from `change`: the hints' linear system, with sources everywhere.
        """
        (height, width), decay, solver = self._spreader
        sources = resize(change, width, height).reshape(-1, 2).astype(np.float64) / decay**2
        solved = solver.solve(sources).reshape(height, width, 2).astype(np.float32)
        return refine(np.ascontiguousarray(solved), self._luminance, epsilon=SHARPNESS)

    def _distance_from(self, points: tuple[Point, ...], radius: float) -> Floats:
        """Each node's distance from what lies under a hint, in nodes of an even surface: the grid's shape, float32.

        The sources are made stronger where the potential under the hint is low, as at the ends of a stroke and along
        its sides: so it is even there, and the distance grows from the stroke's outline.
        """
        under = self._nodes_under(points, radius)
        sources = under.astype(np.float64)
        for _ in range(MOST_SOLUTIONS):
            potential = self._solver.solve(sources.ravel()).reshape(sources.shape)
            there = potential[under]
            if there.min() >= EVENNESS * there.max():
                break
            sources[under] /= there
        distance = -DECAY * np.log(np.maximum(potential / there.max(), MIN_POTENTIAL))
        distance += LIGHTNESS_PENALTY * differences(self._grid, usual_values(self._grid[under]))
        distance[under] = 0
        return np.asarray(distance, np.float32)

    def _nodes_under(self, points: tuple[Point, ...], radius: float) -> Mask:
        under = np.zeros(self._grid.shape, bool)
        if radius > 0:
            box, covered = footprint(points, radius, self._grid.shape)
            under[box] = covered >= COVERED
        for point in points:
            under[point_to_pixel(*point, self._grid.shape)] = True
        return under

    @cached_property
    def _grid(self) -> NDArray[np.float64]:
        return shrink_to_nodes(self._luminance, GRID_SIDE)

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(self._describe, self._part, self._luminance.shape, self._grid.shape)

    @cached_property
    def _solver(self) -> SuperLU:
        return factorize(self._grid, DECAY)

    @cached_property
    def _spreader(self) -> tuple[tuple[int, int], float, SuperLU]:
        """For `spread`: the shape of its nodes, the nodes after which a change falls to 1/e, and their system."""
        nodes = shrink_to_nodes(self._luminance, SPREAD_SIDE)
        decay = DECAY * max(nodes.shape) / max(self._grid.shape)
        return (nodes.shape[0], nodes.shape[1]), decay, factorize(nodes, decay)
