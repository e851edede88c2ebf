"""Memory of the process, through calls of the GNU C library. With another C library they do nothing."""

from __future__ import annotations

import ctypes
import gc
import os
from functools import cache

# By the variable of the GNU C library, the option of mallopt (malloc.h) and its value.
_MALLOC_OPTIONS = {
    "MALLOC_ARENA_MAX": (-8, 2),
    "MALLOC_MMAP_THRESHOLD_": (-3, 2 << 20),
    "MALLOC_TRIM_THRESHOLD_": (-1, 16 << 20),
}


def tune_malloc() -> None:
    """Let malloc return memory to the system, which it cannot do with gaps between blocks in use.

    There are two arenas, because many arenas have many gaps; by default threads share up to eight per core. Blocks of
    2 MB or more are mapped one by one, so that they leave no gaps: they are visitors' pictures and predictions. By
    default that limit rises with the blocks that are freed, up to 32 MB. The library's variables take precedence.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    for variable, option in _MALLOC_OPTIONS.items():
        if mallopt is not None and variable not in os.environ:
            mallopt(*option)


@cache
def freeze_modules() -> None:
    """Leave all objects of now, once, out of Python's garbage collections: the modules' own, which are never garbage.

    While garbage is collected all threads wait, and half a million objects of modules take a tenth of a second.
    """
    gc.collect()
    gc.freeze()


def release_memory() -> None:
    """Collect Python's reference cycles, then return free pages to the system."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
