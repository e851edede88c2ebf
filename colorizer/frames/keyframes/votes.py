"""Where motion does not lead to a key frame: what it says of things alike.

The network's features of a frame are matched with those of the key frames, as for a reference picture (`reference`).
Each cell of the frame then takes the key frames' difference from the automatic colours, by the vote of the cells like
it. The vote counts as far as it agrees with itself: by Wiener's rule, signal / (signal + noise), with the square of its
mean for the signal and its variance for the noise. Where cells alike were changed alike, as by a warmer light, the
change goes on; where they were not, the automatic colours stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from colorizer.arrays import Floats, Mask
from colorizer.edits.reference import GRID, cells, softmax
from colorizer.frames.keyframes.key_frame import KeyFrame
from colorizer.resize import resize

MOST_VOTERS = 4  # key frames, the nearest in time
_NOISE = np.float32(1.0)  # CIE units squared: added to the variance, so that tiny changes do not count as sure
_TINY = np.float32(1e-6)
_EVERYWHERE: Mask = np.ones((GRID, GRID), np.bool_)  # not to be written to


@dataclass(frozen=True)
class Voter:
    """A key frame to be asked.

    `number`: of the frame in its shot. `directions`: for each map of features, its cells as directions (GRID**2, c).
    `scales`: for each map, the mean and the standard deviation of its channels, (2, c), which such directions are
    relative to. `change`: (GRID**2, 2), CIE units, of the key frame's colours against the automatic ones. `weight`:
    (GRID**2, 1), 0..1.
    """

    number: int
    directions: tuple[Floats, ...]
    scales: tuple[Floats, ...]
    change: Floats
    weight: Floats

    @classmethod
    def from_key(cls, number: int, key: KeyFrame, features: Sequence[Floats], automatic: Floats) -> Voter:
        """`features`: the network's of the key frame. `automatic`: its ab (h, w, 2) as predicted, of any size."""
        described = describe(features)
        scales = tuple(np.stack([each.mean(0), each.std(0) + np.float32(1e-3)]) for each in described)
        side = key.weight.shape[0]
        weight = resize(key.weight, GRID, GRID).reshape(-1, 1)
        change = (key.ab - resize(automatic, side, side)) * key.weight[..., np.newaxis]
        mean = np.asarray(resize(change, GRID, GRID).reshape(-1, 2) / np.maximum(weight, _TINY), np.float32)
        return cls(number, tuple(map(_direct, described, scales)), scales, mean, weight)

    def similarities(self, described: Iterable[Floats]) -> Floats:
        """The cosine similarity of cells, as `describe` returns them, and those of the key frame: (n, GRID**2).

        It is the mean over the maps. What the key frame's cells share is subtracted: it says nothing of a place.
        """
        found = [
            _direct(each, scale) @ directions.T
            for each, scale, directions in zip(described, self.scales, self.directions, strict=True)
        ]
        return np.asarray(sum(found) / np.float32(len(found)), np.float32)


def describe(features: Sequence[Floats]) -> list[Floats]:
    """The cells (GRID**2, c) of the last map (c, h, w) of each size.

    These are the ends of the decoder: as good as all maps together, and with a sixth of the channels.
    """
    return [cells(feature) for feature in {feature.shape[1:]: feature for feature in features}.values()]


def vote(number: int, features: Sequence[Floats], voters: Sequence[Voter], wanted: Mask = _EVERYWHERE) -> Floats:
    """The change (GRID, GRID, 2) of the automatic colours of frame `number`, by the key frames' vote.

    `features`: of the frame, from the same layers as those of the voters, of whom there is at least one. `wanted`:
    (GRID, GRID): for the cells that show automatic colours; the change of others is 0.
    """
    nearest = sorted(voters, key=lambda voter: abs(voter.number - number))[:MOST_VOTERS]
    described = [each[wanted.ravel()] for each in describe(features)]
    votes = softmax(np.hstack([voter.similarities(described) for voter in nearest]), axis=1)
    weight = np.concatenate([voter.weight for voter in nearest])
    change = np.concatenate([voter.change for voter in nearest])
    turnout = votes @ weight
    mean = votes @ (weight * change) / np.maximum(turnout, _TINY)
    signal = np.square(mean).sum(axis=1, keepdims=True)
    squares = votes @ (weight * np.square(change).sum(axis=1, keepdims=True)) / np.maximum(turnout, _TINY)
    variance = np.maximum(squares - signal, 0)
    result = np.zeros((GRID, GRID, 2), np.float32)
    result[wanted] = turnout * signal / (signal + variance + _NOISE) * mean
    return result


def _direct(values: Floats, scale: Floats) -> Floats:
    """Cells (n, c) as unit vectors, relative to a mean and a standard deviation of each channel, (2, c)."""
    relative = (values - scale[0]) / scale[1]
    return np.asarray(relative / np.maximum(np.linalg.norm(relative, axis=1, keepdims=True), _TINY), np.float32)
