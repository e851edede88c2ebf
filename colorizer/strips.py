"""Large pictures strip by strip, on all cores: what a strip needs in floats stays near the processor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

STRIP_PIXELS = 1 << 16

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


def widen(ab: Floats, width: int) -> Floats:
    """(h, w, 2) -> (h, width, 3), stretched linearly, with a first channel left free for L."""
    wide = cv2.resize(ab, (width, ab.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.concatenate([np.zeros((*wide.shape[:2], 1), np.float32), wide], axis=2)


def stretch_rows(wide: Floats, strip: slice, height: int) -> Floats:
    """Rows `strip` of `wide` (h, W, 3) linearly stretched to `height` rows."""
    source_height = len(wide)
    position = (np.arange(strip.start, strip.stop, dtype=np.float64) + 0.5) * source_height / height - 0.5
    position = np.clip(position, 0, source_height - 1)
    upper = np.floor(position).astype(np.intp)
    share = (position - upper).astype(np.float32)[:, np.newaxis, np.newaxis]
    stretched = np.empty((len(position), *wide.shape[1:]), np.float32)
    # Row by row of the source: each pair is blended into all the rows that lie between it.
    starts = np.flatnonzero(np.diff(upper, prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(position)], strict=True):
        above = wide[upper[start]]
        below = wide[min(upper[start] + 1, source_height - 1)]
        rows = np.multiply(share[start:stop], below - above, out=stretched[start:stop])
        rows += above
    return stretched
