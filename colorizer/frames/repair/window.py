"""Sliding windows over the frames of a shot, and the smoothing over time of what was measured in them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")


@dataclass(frozen=True)
class Window(Generic[Item]):
    """Neighbouring items in the order of time, and the index of the one whose turn it is."""

    items: tuple[Item, ...]
    index: int

    @property
    def center(self) -> Item:
        return self.items[self.index]

    @property
    def before(self) -> tuple[Item, ...]:
        """The items before the center, the nearest first."""
        return self.items[: self.index][::-1]

    @property
    def after(self) -> tuple[Item, ...]:
        """The items after the center, the nearest first."""
        return self.items[self.index + 1 :]


def slide(items: Iterable[Item], radius: int) -> Iterator[Window[Item]]:
    """A window for each item in turn, with at most `radius` items before and after it: fewer at both ends.

    At most 2 * radius + 1 items are held.
    """
    held: deque[Item] = deque()
    index = 0
    for item in items:
        held.append(item)
        if len(held) - index > radius:
            yield Window(tuple(held), index)
            index = _advance(held, index, radius)
    while index < len(held):
        yield Window(tuple(held), index)
        index = _advance(held, index, radius)


def tap(items: Iterable[Item], into: deque[Item]) -> Iterator[Item]:
    """The items, each of which is also appended to `into`: for what a later stage needs besides its own values."""
    for item in items:
        into.append(item)
        yield item


def smooth_center(values: NDArray[np.float64], index: int, deviation: float) -> NDArray[np.float64]:
    """The value at `index` of a straight line through the values around it, so that steady changes stay as they are.

    Locally weighted regression with Gaussian weights. `values`: (n, d), one row a frame. `deviation`: of the Gaussian,
    in frames. Returns (d,). Source: W. S. Cleveland, Robust Locally Weighted Regression and Smoothing Scatterplots,
    Journal of the American Statistical Association 74, 1979.
    """
    offsets = np.arange(len(values), dtype=np.float64) - index
    root = np.exp(-0.25 * np.square(offsets / deviation))[:, np.newaxis]  # of the weight, as least squares need it
    line = np.column_stack([np.ones_like(offsets), offsets])
    fitted = np.linalg.lstsq(root * line, root * values, rcond=None)[0]
    return np.asarray(fitted[0], np.float64)


def _advance(held: deque[Item], index: int, radius: int) -> int:
    """The index of the next item, after dropping the one that no window needs any more."""
    if index < radius:
        return index + 1
    held.popleft()
    return index
