"""The colours of a key frame, and layers of colours on their way through a shot.

A layer is (SIDE, SIDE, 4) float32: a, b, weight and age of each place, where a, b and age are multiplied by the weight.
Sampled between pixels, such values never mix with the colours of places that have no weight. Source: T. Porter and
T. Duff, Compositing Digital Images (SIGGRAPH 1984).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from colorizer.arrays import Floats
from colorizer.frames.optical_flow import SIDE
from colorizer.resize import resize

WEIGHT, _AGE = 2, 3  # channels of a layer
_YOUNGEST = 0.01  # frames: the age of a key frame itself where two layers meet, so that its own colours prevail
_TINY = np.float32(1e-6)  # against division by zero where a weight is 0


@dataclass(frozen=True)
class KeyFrame:
    """Wanted colours of one frame, stretched to a square as the network's input is.

    `ab`: (SIDE, SIDE, 2) float32, CIE units. `weight`: (SIDE, SIDE) float32, 0 (no opinion) .. 1.
    """

    ab: Floats
    weight: Floats

    @classmethod
    def from_ab(cls, ab: Floats, weight: Floats | None = None) -> KeyFrame:
        """From colours of the whole frame: `ab` (h, w, 2) and `weight` (h, w), 0..1, float32, of any sizes.

        Without a weight it is 1 everywhere. Raises ValueError for other shapes, and for a weight out of range.
        """
        if ab.ndim != 3 or ab.shape[2] != 2 or not ab.size:
            raise ValueError(f"expected ab of shape (h, w, 2), got {ab.shape}")
        if weight is None:
            return cls(_to_square(ab), np.ones((SIDE, SIDE), np.float32))
        if weight.ndim != 2 or not weight.size:
            raise ValueError(f"expected a weight of shape (h, w), got {weight.shape}")
        if not (weight.min() >= 0 and weight.max() <= 1):
            raise ValueError(f"expected a weight from 0 to 1, got {weight.min():g} to {weight.max():g}")
        height, width = weight.shape
        shares = weight[..., np.newaxis]
        small = np.clip(_to_square(weight), 0, 1)
        # Averaged by weight, so that colours where there is no opinion do not mix in.
        weighted = _to_square(shares * resize(ab.astype(np.float32), width, height))
        return cls(np.asarray(weighted / np.maximum(small, _TINY)[..., np.newaxis], np.float32), small)

    def layer(self) -> Floats:
        """The key frame as a layer (SIDE, SIDE, 4) of age 0."""
        return np.dstack([self.ab * self.weight[..., np.newaxis], self.weight, np.zeros_like(self.weight)])


def no_layer() -> Floats:
    """A layer (SIDE, SIDE, 4) without weight."""
    return np.zeros((SIDE, SIDE, 4), np.float32)


def cover(above: Floats, below: Floats) -> Floats:
    """Put a layer over another: what the upper has no opinion on is the lower's."""
    return above + (1 - above[..., WEIGHT, np.newaxis]) * below


def attenuate(layer: Floats, share: Floats, frames: int) -> Floats:
    """The layer with its weights times `share` (SIDE, SIDE), and older by `frames`."""
    weaker = layer * share[..., np.newaxis]
    weaker[..., _AGE] += np.float32(frames) * weaker[..., WEIGHT]
    return weaker


def meet(one: Floats, other: Floats) -> Floats:
    """Blend two layers by weight and nearness in time: (SIDE, SIDE, 4), whose age is that of the younger in effect."""
    factors = [
        layer[..., WEIGHT, np.newaxis] / (layer[..., _AGE:] + _YOUNGEST * layer[..., WEIGHT, np.newaxis] + _TINY)
        for layer in (one, other)
    ]
    blended = factors[0] * one + factors[1] * other
    missing = (1 - one[..., WEIGHT]) * (1 - other[..., WEIGHT])
    share = (1 - missing) / np.maximum(blended[..., WEIGHT], _TINY)
    return np.asarray(blended * share[..., np.newaxis], np.float32)


def _to_square(values: Floats) -> Floats:
    return values if values.shape[:2] == (SIDE, SIDE) else resize(values, SIDE, SIDE)
