"""Progress, speed and remaining time of a run."""

from __future__ import annotations

import time
from typing import Any, TypeVar, cast

import av
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Pixels
from colorizer.resize import fit_within
from colorizer.video.types import Progress, VideoInfo, VideoOptions

Array = TypeVar("Array", bound=NDArray[Any])

_PREVIEW_SIDE = 320  # pixels
_PREVIEW_SECONDS = 0.5  # between two previews
_SPEED_AFTER_SECONDS = 0.5  # of work before a speed is reported


def expected_frames(info: VideoInfo, options: VideoOptions) -> int:
    """The number of frames between the start and the end in `options`, as far as the file's header tells."""
    if options.start == 0 and options.end is None:
        return info.frames
    end = info.duration if options.end is None else min(options.end, info.duration)
    return min(info.frames, max(0, round((end - options.start) * info.rate)))


def rotate_upright(array: Array, rotation: int) -> Array:
    """Rotate a stored picture (H, W, ...) by `rotation` degrees counter-clockwise, rounded to a multiple of 90."""
    return cast(Array, np.ascontiguousarray(np.rot90(array, round(rotation / 90))))


class Meter:
    """Measures a run that starts now. `expected`: number of frames. `rotation`: of the film, for the preview."""

    def __init__(self, expected: int, rotation: int) -> None:
        self._expected, self._rotation = expected, rotation
        self._began = time.monotonic()
        self._first_at = self._preview_at = 0.0
        self._frames = 0
        self._preview: Pixels | None = None

    def count(self, frame: av.VideoFrame) -> Progress:
        """Count one more frame, which has been written, and return the progress."""
        now = time.monotonic()
        self._frames += 1
        if self._frames == 1:
            self._first_at = now
        if self._preview is None or now - self._preview_at >= _PREVIEW_SECONDS:
            self._preview, self._preview_at = _small_rgb(frame, self._rotation), now
        speed = None
        if now - self._first_at >= _SPEED_AFTER_SECONDS:
            speed = (self._frames - 1) / (now - self._first_at)
        left = None if speed is None else max(0, self._expected - self._frames) / speed
        return Progress(self._frames, self._expected, now - self._began, speed, left, self._preview)


def _small_rgb(frame: av.VideoFrame, rotation: int) -> Pixels:
    width, height = (max(2, side) for side in fit_within(frame.width, frame.height, _PREVIEW_SIDE))
    pixels = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    return rotate_upright(np.asarray(pixels, np.uint8), rotation)
