"""Progress, speed and remaining time of a run."""

from __future__ import annotations

import time

import av
import numpy as np

from colorizer.arrays import Pixels
from colorizer.resize import fit_within
from colorizer.video.display import to_display
from colorizer.video.types import Progress, VideoInfo, VideoOptions

_PREVIEW_SIDE = 320  # pixels
_PREVIEW_SECONDS = 0.5  # between two previews
_SPEED_AFTER_SECONDS = 0.5  # of work before a speed is reported


def expected_frames(info: VideoInfo, options: VideoOptions) -> int | None:
    """The number of frames between the start and the end in `options`, as far as the file tells; None: unknown."""
    if options.start == 0 and options.end is None:
        return info.frames
    ends = [end for end in (options.end, info.duration) if end is not None]
    if not ends:
        return None
    part = max(0, round((min(ends) - options.start) * info.rate))
    return part if info.frames is None else min(info.frames, part)


class Meter:
    """Measures a run that starts now.

    `expected`: number of frames; None: unknown. `info`: of the film, for the shape and orientation of the preview.
    """

    def __init__(self, expected: int | None, info: VideoInfo) -> None:
        self._expected, self._info = expected, info
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
            self._preview, self._preview_at = to_display(_small_rgb(frame), self._info, _PREVIEW_SIDE), now
        speed = None
        if now - self._first_at >= _SPEED_AFTER_SECONDS:
            speed = (self._frames - 1) / (now - self._first_at)
        left = None
        if speed is not None and self._expected is not None:
            left = max(0, self._expected - self._frames) / speed
        reached = float(((frame.pts or 0) + frame.duration) * (frame.time_base or 0))
        return Progress(self._frames, self._expected, now - self._began, speed, left, self._preview, reached)


def _small_rgb(frame: av.VideoFrame) -> Pixels:
    """The stored frame in RGB, shrunk before it is converted, which takes a third of the time."""
    width, height = (max(2, side) for side in fit_within(frame.width, frame.height, _PREVIEW_SIDE))
    return np.asarray(frame.reformat(width=width, height=height, format="rgb24").to_ndarray(), np.uint8)
