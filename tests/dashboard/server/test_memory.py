"""The memory pools of the C library, counted with malloc_info."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

from tests.support.paths import ROOT

THREADS = 12

# Threads that run at the same time, each with memory from its own pool.
SCRIPT = """
    import ctypes, sys, threading
    from dashboard.server.memory import tune_malloc

    if sys.argv[1] == "tuned":
        tune_malloc()
    libc, together = ctypes.CDLL(None), threading.Barrier(THREADS + 1)
    libc.malloc.restype = libc.fdopen.restype = ctypes.c_void_p
    libc.malloc.argtypes, libc.malloc_info.argtypes = [ctypes.c_size_t], [ctypes.c_int, ctypes.c_void_p]
    libc.fflush.argtypes = [ctypes.c_void_p]

    def take():
        libc.malloc(1000)
        together.wait()
        together.wait()

    for _ in range(THREADS):
        threading.Thread(target=take).start()
    together.wait()
    output = libc.fdopen(1, b"w")
    libc.malloc_info(0, output)
    libc.fflush(output)
    together.wait()
"""


def pools(argument: str, **environment: str) -> int:
    """Number of pools in a program in which every thread allocates memory."""
    script = textwrap.dedent(SCRIPT).replace("THREADS", str(THREADS))
    done = subprocess.run(
        [sys.executable, "-c", script, argument], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.count("<heap nr=")


def test_two_pools_instead_of_one_for_each_thread() -> None:
    assert pools("tuned") <= 2 < pools("as it is")


def test_the_variable_of_the_library_goes_before() -> None:
    assert pools("tuned", MALLOC_ARENA_MAX="4") > 2


def test_large_blocks_between_others_are_given_back_when_they_are_freed() -> None:
    script = """
        import sys
        from benchmarks.timing import status_megabytes
        from dashboard.server.memory import tune_malloc

        if sys.argv[1] == "tuned":
            tune_malloc()
        largest = bytearray(20 << 20)
        del largest  # from now on, an untuned malloc maps only larger blocks
        blocks = [b"x" * (3 << 20) for _ in range(40)]
        before = status_megabytes("VmRSS")
        del blocks[::2]
        print(before - status_megabytes("VmRSS"))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    # The library's variables take precedence, and this process may have some for its own children.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    tuned, untuned = (
        float(subprocess.run([*command, name], cwd=ROOT, env=plain, capture_output=True, text=True, check=True).stdout)
        for name in ("tuned", "as it is")
    )
    assert tuned > 50
    assert untuned < 20


def test_what_lies_below_a_piece_in_use_is_given_back() -> None:
    script = """
        from benchmarks.timing import status_megabytes
        from dashboard.server.memory import release_memory

        pieces = [bytes([number % 256]) * 2000 for number in range(100_000)]
        in_use = pieces[-1]
        del pieces
        before = status_megabytes("VmRSS")
        release_memory()
        print(before - status_megabytes("VmRSS"))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) > 150


def test_garbage_collections_leave_out_what_was_there_once() -> None:
    script = """
        import gc
        from dashboard.server.memory import freeze_modules

        freeze_modules()
        first, later = gc.get_freeze_count(), [[] for _ in range(1000)]
        freeze_modules()  # of every run of the page after the first
        print(first, gc.get_freeze_count() - first, len(gc.get_objects()) >= len(later))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    frozen, more, are_watched = done.stdout.split()
    assert int(frozen) > 1000  # of Python alone
    assert int(more) <= 0
    assert are_watched == "True"
