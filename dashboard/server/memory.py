"""What the program holds of memory, as far as the GNU C library can be told; elsewhere nothing happens."""

from __future__ import annotations

import ctypes
import gc
import os

_M_ARENA_MAX = -8  # of malloc.h
_ARENAS = 2


def limit_malloc_arenas() -> None:
    """Have the GNU C library's malloc keep two pools, instead of eight a core for threads that come and go.

    What lies between pieces still in use in one of many pools is not given back. A variable of the library's own goes
    before: MALLOC_ARENA_MAX.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None and "MALLOC_ARENA_MAX" not in os.environ:
        mallopt(_M_ARENA_MAX, _ARENAS)


def release_memory() -> None:
    """Have Python collect its cycles, and the GNU C library hand free pages back to the system."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
