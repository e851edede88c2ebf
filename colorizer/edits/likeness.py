"""How alike the places of a picture are to what lies under a hint, by vectors that a network gives each place.

The shares of hints are those of the network's training (`training/affinity.py`): a softmax over the hints and "none".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Mask
from colorizer.edits.hint_values import Point
from colorizer.edits.restoration import Part
from colorizer.picture import point_to_pixel
from colorizer.resize import resize

BIAS = 2.992  # the score of a place that is exactly like the hint's; 0 is that of "none"
FARNESS = 2.317  # by which the score falls over a side of the picture, for the distance squared
KEPT = 0.603  # share of the predicted colour's difference between a place and the hint's that stays
MOST_CELLS = 64  # that a place is compared to; a longer stroke is represented by so many of its cells
ALIKE_PART = 3  # a place is as alike as to the most alike third of the cells: what a stroke only touches has no say
# What nearness adds to the score, and the nodes after which that falls to 1/e: so of two things that look the same,
# each has the colour of the hint on it.
LOCAL_SCORE, LOCAL_DECAY = 8.0, 60.0
NO_SCORE = -20.0  # of what the network has not seen


class Likeness:
    """How alike the nodes of a picture are to those under hints.

    `describe`: called when it is needed; returns the vectors (c, rows, columns) float32 of the places in `part` of a
    picture of `shape` (h, w). None: the network has seen nothing. `nodes`: the shape of the grid of nodes.
    """

    def __init__(
        self, describe: Callable[[], Floats] | None, part: Part, shape: tuple[int, int], nodes: tuple[int, int]
    ) -> None:
        self._describe, self._nodes = describe, nodes
        self._rows, self._columns = (_scale(*sides) for sides in zip(part, shape, nodes, strict=True))

    def has_seen(self, point: Point) -> bool:
        """Whether the network has seen the point."""
        if self._describe is None:
            return False
        row, column = point_to_pixel(*point, self._nodes)
        return row in range(self._rows.start, self._rows.stop) and column in range(
            self._columns.start, self._columns.stop
        )

    def shares(self, under: Sequence[Mask], distances: Floats, reaches: Floats) -> Floats:
        """How much of each node each hint takes: (n, rows, columns) float32.

        `under`: for each of n hints, the nodes under it, of which the network has seen one at least. `distances`: of
        all nodes from them, (n, rows, columns) float32, in nodes of an even surface. `reaches`: (n,) in nodes.
        """
        scores = np.full(distances.shape, NO_SCORE, np.float32)
        seen = scores[:, self._rows, self._columns]
        for one, nodes in zip(seen, under, strict=True):
            found = score_map(self._vectors, self._cells(nodes[self._rows, self._columns]))
            one[:] = resize(found, one.shape[1], one.shape[0])
        scores += LOCAL_SCORE * np.exp(-distances / np.float32(LOCAL_DECAY))
        ways = np.stack([_way_from(nodes) for nodes in under])
        return shares_of(scores) * fade(ways, 2 * reaches)

    def _cells(self, under: Mask) -> NDArray[np.intp]:
        """The cells of the vectors that these nodes lie in, each once: row and column (n, 2)."""
        places = self._vectors.shape[1:]
        is_under = np.zeros(places, bool)
        is_under[tuple(((np.argwhere(under) + 0.5) * places / under.shape).astype(np.intp).T)] = True
        return np.argwhere(is_under)

    @cached_property
    def _vectors(self) -> Floats:
        assert self._describe is not None
        return self._describe()


def fade(distances: Floats, reaches: Floats) -> Floats:
    """1 up to half of the reach, then a smooth step down to 0: (n, h, w) of distances, for each its reach (n,)."""
    share = np.clip(2 - 2 * distances / reaches[:, np.newaxis, np.newaxis], 0, 1)
    return np.asarray(share * (share * (3 - 2 * share)), np.float32)


def score_map(vectors: Floats, cells: NDArray[np.intp]) -> Floats:
    """The score of each cell (h, w) float32, at most BIAS: by its vector and its way to the nearest of `cells`.

    `vectors`: (c, h, w) float32. `cells`: (n, 2), row and column of each that lies under the hint, at least one.
    """
    _, height, width = vectors.shape
    if len(cells) > MOST_CELLS:
        cells = cells[np.linspace(0, len(cells) - 1, MOST_CELLS).round().astype(np.intp)]
    under = cells[:, 0] * width + cells[:, 1]
    ways = np.asarray(np.indices((height, width)).reshape(2, -1) / [[height], [width]], np.float32)
    apart, far = (_squared_distances(each, under) for each in (vectors.reshape(len(vectors), -1), ways))
    rank = len(cells) // ALIKE_PART
    scores = BIAS - np.partition(apart, rank, 0)[rank] - FARNESS * far.min(0)
    return np.asarray(scores, np.float32).reshape(height, width)


def _squared_distances(vectors: Floats, under: NDArray[np.intp]) -> Floats:
    """Of all n vectors (c, n) from those at the indices `under` (k,): (k, n) float32."""
    there = vectors[:, under]
    squares = np.square(vectors).sum(0) + np.square(there).sum(0)[:, np.newaxis] - 2 * there.T @ vectors
    return np.asarray(np.maximum(squares, 0), np.float32)


def shares_of(scores: Floats) -> Floats:
    """How much of each place each hint takes, from the scores of n hints: (n, h, w) float32. The sum is below 1."""
    highest = np.maximum(scores.max(0), 0)
    weights = np.exp(scores - highest)
    return np.asarray(weights / (weights.sum(0) + np.exp(-highest)), np.float32)


def _way_from(under: Mask) -> Floats:
    """The straight way of each node from the nearest that is under a hint, in nodes: float32."""
    return np.asarray(cv2.distanceTransform((~under).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)


def _scale(part: slice, size: int, nodes: int) -> slice:
    """The nodes of a side that lie in `part` of its `size` pixels: one at least."""
    start, stop, _ = part.indices(size)
    first = start * nodes // size
    return slice(first, max(first + 1, stop * nodes // size))
