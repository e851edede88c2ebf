"""Large pictures strip by strip, on all cores: what a strip needs in floats stays near the processor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

STRIP_PIXELS = 1 << 17  # fewer, and Python's part of the work keeps the cores waiting for each other

Result = TypeVar("Result")
Floats = NDArray[np.float32]


def split_rows(height: int, width: int, *, multiple: int = 1) -> list[slice]:
    """The rows of a picture in pieces of about STRIP_PIXELS, each but the last of a multiple of so many rows."""
    rows = max(1, STRIP_PIXELS // (width * multiple)) * multiple
    return [slice(top, min(top + rows, height)) for top in range(0, height, rows)]


def map_strips(action: Callable[[slice], Result], pieces: Iterable[slice]) -> list[Result]:
    """`action` of each piece, in order. It should spend its time in NumPy or OpenCV, which let other threads run."""
    pieces = list(pieces)
    workers = min(cv2.getNumThreads(), len(pieces))
    if workers <= 1:
        return [action(piece) for piece in pieces]
    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(action, pieces))
