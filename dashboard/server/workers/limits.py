"""What one task may take of memory and time. The kernel holds a worker to it, whatever library does the work."""

from __future__ import annotations

import math
import os
import resource
import signal
from dataclasses import dataclass, replace
from pathlib import Path

from colorizer import ColorizerError, InvalidArchive, InvalidImage, InvalidVideo, images
from colorizer.errors import Problem
from colorizer.images import Picture
from dashboard.server.settings import (
    FILM_MEGABYTES,
    FILM_SECONDS,
    PATIENCE,
    PHOTO_MEGABYTES,
    PHOTO_SECONDS,
    longest_run_seconds,
)

_MEGABYTE = 1_000_000
# A picture of 16 bits in four channels has 8 bytes a pixel, and is there up to four times: read, turned, in colour, and
# on its way to a file. A film's decoder holds up to 20 frames of 10 bits, its encoder about 60, each in 3 versions.
_PICTURE_BYTES, _PICTURE_SECONDS = 32, 0.5e-6  # a pixel
_DECODER_BYTES, _ENCODER_BYTES, _REPAIR_BYTES = 60, 250, 150  # repair: its windows of frames, and what it computes
# Hints and references are spread by a sparse solver, which reserves address space for the worst case: 400 MB for a
# square picture, of which it touches 90.
_SOLVER_BYTES = 500 * _MEGABYTE
_RUN_GRACE = 60.0  # seconds
_THREADS_A_CORE, _STACK = 4, 8 << 20  # of the codecs and of OpenCV; a stack takes address space before it is used


@dataclass(frozen=True)
class Limits:
    """What a task may take.

    `error`, `noun`: what is raised about a task that takes more, and what it reads. `memory`: bytes beyond those that
    an idle worker has. `seconds`: of the processor, of all threads together; None: any. `clock`: seconds by the clock,
    a safeguard against a task that waits forever. `pixel_memory`, `pixel_seconds`: in addition, for each pixel that the
    file declares (see `decode_picture`).
    """

    error: type[ColorizerError]
    noun: str
    memory: int
    seconds: float | None
    clock: float
    pixel_memory: int = 0
    pixel_seconds: float = 0.0

    def exceeded(self) -> ColorizerError:
        """The error about a task that took more, or that ended its process."""
        time = "" if self.seconds is None else f" and {self.seconds:g} seconds"
        return self.error(
            f"expected a {self.noun} that can be read with {self.memory / _MEGABYTE:.0f} MB of memory{time}, got one "
            "that takes more or that ends the program that reads it",
            problem=Problem.NO_MEMORY,
        )


def picture_limits(error: type[ColorizerError] = InvalidImage) -> Limits:
    """The limits for a picture, or with InvalidArchive for a look into an archive of them."""
    seconds = PHOTO_SECONDS.read()
    noun = "ZIP file" if error is InvalidArchive else "picture"
    memory = int(_MEGABYTE * PHOTO_MEGABYTES.read())
    return Limits(error, noun, memory, seconds, seconds * PATIENCE.read(), _PICTURE_BYTES, _PICTURE_SECONDS)


def coloring_limits() -> Limits:
    """The limits for colouring a picture in every way that there is, with hints and with a reference."""
    return with_solver(picture_limits())


def film_limits(pixels: int, *, looks: int = 1, encodes: bool = False, repairs: bool = False) -> Limits:
    """The limits for a look into a film whose frames have so many pixels, or for several, one after the other.

    `encodes`, `repairs`: whether frames are written, and repaired, too.
    """
    seconds = looks * FILM_SECONDS.read()
    frame = (_ENCODER_BYTES if encodes else _DECODER_BYTES) + (_REPAIR_BYTES if repairs else 0)
    memory = int(_MEGABYTE * FILM_MEGABYTES.read()) + frame * pixels
    return Limits(InvalidVideo, "film", memory, seconds, seconds * PATIENCE.read())


def run_limits(pixels: int, *, repairs: bool = False) -> Limits:
    """The limits for colouring all of a film. The job stops it after its longest run, and this a little later."""
    limits = film_limits(pixels, encodes=True, repairs=repairs)
    return replace(limits, seconds=None, clock=longest_run_seconds() + _RUN_GRACE)


def with_solver(limits: Limits, pixels: int = 0) -> Limits:
    """The limits for work that also spreads the colours of hints, stills or a reference.

    `pixels`: of the largest still that it reads.
    """
    return replace(limits, memory=limits.memory + _SOLVER_BYTES + _PICTURE_BYTES * pixels)


def decode_picture(data: bytes, *, max_pixels: int) -> Picture:
    """`images.decode` in a worker: its limits grow with the number of pixels that the file declares."""
    return images.decode(data, max_pixels=max_pixels, on_size=_allow_pixels)


@dataclass
class _Enforced:
    """In a worker: its limits, the address space that it had before, and the largest size that its file declares."""

    limits: Limits
    base: int
    pixels: int = 0


_enforced: _Enforced | None = None


def enforce(limits: Limits) -> None:
    """Hold this process to the limits from now on. Beyond a limit of time the kernel ends it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would put a visitor's file on the disk
    # Where memory runs out, this process goes first.
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    stacks = _THREADS_A_CORE * _STACK * (os.cpu_count() or 1)
    global _enforced
    _enforced = _Enforced(limits, _address_space() + stacks)
    _apply(_enforced)


def lift_memory_limit() -> None:
    """Allow this process any amount of memory again, to send its result."""
    _set_soft_limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _allow_pixels(width: int, height: int) -> None:
    """Raise the limits of a worker to those for a picture of this size. Elsewhere it does nothing."""
    if _enforced is not None and width * height > _enforced.pixels:
        _enforced.pixels = width * height
        _apply(_enforced)


def _apply(enforced: _Enforced) -> None:
    limits, pixels = enforced.limits, enforced.pixels
    _set_soft_limit(resource.RLIMIT_AS, enforced.base + limits.memory + limits.pixel_memory * pixels)
    clock = limits.clock
    if limits.seconds is not None:
        seconds = limits.seconds + limits.pixel_seconds * pixels
        clock *= seconds / limits.seconds
        _set_soft_limit(resource.RLIMIT_CPU, math.ceil(seconds))
    signal.setitimer(signal.ITIMER_REAL, clock)


def _set_soft_limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _address_space() -> int:
    """The size of this process in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
