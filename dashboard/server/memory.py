"""Memory of the process, through calls of the GNU C library. With another C library they do nothing."""

from __future__ import annotations

import ctypes
import gc
import os
from functools import cache

_M_ARENA_MAX = -8  # of malloc.h
_ARENAS = 2


def limit_malloc_arenas() -> None:
    """Limit malloc to two arenas; by default threads share up to eight per core.

    Memory between blocks in use cannot be returned to the system, and many arenas have many such gaps. The variable
    MALLOC_ARENA_MAX of the GNU C library takes precedence.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None and "MALLOC_ARENA_MAX" not in os.environ:
        mallopt(_M_ARENA_MAX, _ARENAS)


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
