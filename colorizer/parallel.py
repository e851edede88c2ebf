"""Process large pictures in strips on all cores. A strip's float arrays are small enough for the processor's cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import cv2

STRIP_PIXELS = 1 << 17  # in smaller strips, the threads spend too much time in Python, waiting for each other

# Variables for the GNU C library in a process that works on one picture after the other: it keeps freed memory, because
# each page that is touched anew costs time.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(256 << 20)}

Result = TypeVar("Result")


def split_rows(height: int, width: int, *, multiple: int = 1) -> list[slice]:
    """Divide the rows of a picture of `height` x `width` pixels into strips of about STRIP_PIXELS.

    Each strip has a multiple of `multiple` rows, except the last one, which has the remaining rows.
    """
    rows = max(1, STRIP_PIXELS // (width * multiple)) * multiple
    return [slice(top, min(top + rows, height)) for top in range(0, height, rows)]


def map_strips(action: Callable[[slice], Result], pieces: Iterable[slice]) -> list[Result]:
    """Call `action` for each strip, in threads, and return the results in the order of `pieces`.

    This is faster than a loop only if `action` spends its time in NumPy, OpenCV or a codec, which release the GIL.
    Raises what `action` raises.
    """
    from concurrent.futures import ThreadPoolExecutor

    pieces = list(pieces)
    workers = min(cv2.getNumThreads(), len(pieces))
    if workers <= 1:
        return [action(piece) for piece in pieces]
    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(action, pieces))
