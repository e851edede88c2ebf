"""Large pictures strip by strip, on all cores: what a strip needs in floats stays near the processor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

STRIP_PIXELS = 1 << 17  # fewer, and Python's part of the work keeps the cores waiting for each other

Result = TypeVar("Result")
Floats = NDArray[np.float32]


def strips(height: int, width: int, *, multiple: int = 1) -> list[slice]:
    """The rows of a picture in pieces of about STRIP_PIXELS, each but the last of a multiple of so many rows."""
    rows = max(1, STRIP_PIXELS // (width * multiple)) * multiple
    return [slice(top, min(top + rows, height)) for top in range(0, height, rows)]


def on_all_cores(action: Callable[[slice], Result], pieces: Iterable[slice]) -> list[Result]:
    """`action` of each piece, in order. It should spend its time in NumPy or OpenCV, which let other threads run."""
    pieces = list(pieces)
    workers = min(cv2.getNumThreads(), len(pieces))
    if workers <= 1:
        return [action(piece) for piece in pieces]
    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(action, pieces))


@dataclass(frozen=True)
class Stretched:
    """A small ab (h, w, 2) stretched linearly over a picture, its rows worked out when they are asked for.

    `wide`: (h, width, 2) float32. Row y of the picture is `wide[above[y]]` and `wide[below[y]]`, of which `share[y]`.
    """

    wide: Floats
    above: NDArray[np.intp]
    below: NDArray[np.intp]
    share: NDArray[np.float64]

    @classmethod
    def over(cls, ab: Floats, height: int, width: int) -> Stretched:
        """`ab` (h, w, 2) over a picture of `height` x `width`."""
        wide = np.asarray(cv2.resize(ab, (width, len(ab)), interpolation=cv2.INTER_LINEAR), np.float32)
        position = np.clip((np.arange(height) + 0.5) * len(ab) / height - 0.5, 0, len(ab) - 1)
        above = np.floor(position).astype(np.intp)
        return cls(wide, above, np.minimum(above + 1, len(ab) - 1), position - above)

    def rows(self, strip: slice, out: Floats) -> None:
        """Rows `strip` into the first rows of `out` (rows, width, 2)."""
        for y, row in zip(range(strip.start, strip.stop), out, strict=False):
            share = self.share[y]
            cv2.addWeighted(self.wide[self.above[y]], 1 - share, self.wide[self.below[y]], share, 0, dst=row)
