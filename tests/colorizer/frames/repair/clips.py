"""Short clips for the tests of film repair, and what they are judged by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.film_repair import changed, make_clip
from colorizer.arrays import Pixels, Plane

SIZE = (320, 240)


def moving(frames: int = 12, name: str = "cat") -> list[Plane]:
    """A grainy photograph under a moving camera, 2 to 3 pixels a frame."""
    return make_clip(name, frames, SIZE)


def resting(frames: int, draw: Callable[[Plane, int], None] | None = None) -> list[Plane]:
    """The first of these frames again and again with other grain, after `draw` has drawn into each; seeded."""
    rng = np.random.default_rng(0)
    scene = moving(1)[0]
    made = []
    for number in range(frames):
        plane = scene.copy()
        if draw is not None:
            draw(plane, number)
        made.append(np.clip(np.rint(plane + rng.normal(0, 2, plane.shape)), 16, 235).astype(np.uint8))
    return made


def deep(planes: Sequence[Plane]) -> list[Pixels]:
    """The same clip with 10 bits."""
    return [np.left_shift(plane, 2, dtype=np.uint16) for plane in planes]


def share_changed(before: Sequence[Pixels], after: Sequence[Pixels]) -> float:
    """The share of all pixels that differ."""
    return float(np.mean([mask.mean() for mask in changed(before, after)]))


def means(planes: Sequence[Pixels]) -> NDArray[np.float64]:
    return np.array([plane.mean() for plane in planes])
