"""Tasks for the tests of workers. A worker imports this module, so it imports as little as the tasks need."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer import MODELS, Analysis, Colorizer, images
from colorizer.color.curves import half_encoding_table, half_lightness_table, lightness_table, linear_table
from colorizer.color.merge import merge
from colorizer.edits.print_finding import find_print
from colorizer.recipe import PhotoSettings, encode_result
from colorizer.recipe.recipe import _library_versions
from dashboard.server.workers.run import LentJob

MEGABYTE = 1_000_000
LONG = 60.0  # seconds
TABLES = (linear_table, lightness_table, half_lightness_table, half_encoding_table, _library_versions)


def take_memory(megabytes: int) -> int:
    return int(np.ones(megabytes * MEGABYTE, np.uint8)[-1])


def take_memory_in_opencv(megabytes: int) -> int:
    return int(cv2.copyMakeBorder(np.zeros((1, 1), np.uint8), megabytes, 0, MEGABYTE, 0, cv2.BORDER_CONSTANT)[0, 0])


def take_memory_in_c(megabytes: int) -> int:
    """Whether the C library had so much; a codec that does not look crashes then."""
    allocate = ctypes.CDLL(None).malloc
    allocate.restype = ctypes.c_void_p
    return ctypes.memset(allocate(megabytes * MEGABYTE), 1, 1)


def loop_forever() -> None:
    while True:
        pass


def end_by_signal(number: int) -> None:
    os.kill(os.getpid(), number)


def raise_a_bug() -> None:
    name = f"{'grand'}ma.jpg"  # the log quotes the line below, but must not quote the name
    raise KeyError(name)


def add(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return one + other


def process_id() -> int:
    return os.getpid()


def modules() -> set[str]:
    return {name.partition(".")[0] for name in sys.modules} | {str(sys.modules["__main__"].__name__)}


def report_until_told(path: Path, job: LentJob) -> str:
    number = 0
    while not job.should_stop():
        job.report(number)
        number += 1
    path.write_text("kept", encoding="ascii")
    return "stopped"


def colorize(colorizer: Colorizer, pixels: NDArray[np.uint8], vividness: float) -> NDArray[np.uint8]:
    return np.asarray(colorizer.colorize(pixels, vividness=vividness), np.uint8)


def analyze(colorizer: Colorizer, pixels: NDArray[np.uint8]) -> Analysis:
    return colorizer.analyze(pixels)


def make_file(data: bytes, suffix: str) -> tuple[list[int], set[str]]:
    """Colour a photograph and make its file. What was in the caches before, and what was imported for it."""
    before, filled = set(sys.modules), [each.cache_info().currsize for each in TABLES]
    picture = images.decode(data)
    find_print(picture)
    colors = np.full((2, 2, 2), 20, np.float32)
    colorized = replace(picture, pixels=merge(picture.pixels, colors))
    encode_result(colorized, data, MODELS["compact"], PhotoSettings(), suffix)
    return filled, sys.modules.keys() - before


def wait_at(path: Path) -> None:
    path.write_text(str(os.getpid()), encoding="ascii")
    time.sleep(LONG)


def ignore_the_wish_to_stop(_: LentJob) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    loop_forever()
