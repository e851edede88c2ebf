"""Progress, speed and remaining time of a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import av
import numpy as np

from colorizer.arrays import Pixels
from colorizer.resize import fit_within
from colorizer.video.display import to_display
from colorizer.video.types import GrayFrame, Progress, VideoInfo, VideoOptions

FrameCallback: TypeAlias = Callable[[av.VideoFrame | GrayFrame], None]

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
        self._frames = self._skipped = 0
        self._preview: Pixels | None = None

    def count(self, frame: av.VideoFrame) -> Progress:
        """Count one more frame, which has been coloured and written, and return the progress."""
        now = time.monotonic()
        self._frames += 1
        if self._frames - self._skipped == 1:
            self._first_at = now
        if self._preview is None or now - self._preview_at >= _PREVIEW_SECONDS:
            self._preview, self._preview_at = to_display(_small_rgb(frame), self._info, _PREVIEW_SIDE), now
        return self._report(now, float(((frame.pts or 0) + frame.duration) * (frame.time_base or 0)))

    def skip(self, reached: float) -> Progress:
        """Count one more frame, which an earlier run has coloured. `reached`: its end, in seconds of the part."""
        self._frames += 1
        self._skipped += 1
        return self._report(time.monotonic(), reached)

    def _report(self, now: float, reached: float) -> Progress:
        speed = left = None
        colored = self._frames - self._skipped
        if colored and now - self._first_at >= _SPEED_AFTER_SECONDS:
            speed = (colored - 1) / (now - self._first_at)
        if speed and self._expected is not None:
            left = max(0, self._expected - self._frames) / speed
        return Progress(self._frames, self._expected, now - self._began, speed, left, self._preview, reached)


def _small_rgb(frame: av.VideoFrame) -> Pixels:
    """The stored frame in RGB, shrunk before it is converted, which takes a third of the time."""
    width, height = (max(2, side) for side in fit_within(frame.width, frame.height, _PREVIEW_SIDE))
    return np.asarray(frame.reformat(width=width, height=height, format="rgb24").to_ndarray(), np.uint8)


class Stopped(Exception):
    """The caller's `cancelled` has given True."""


@dataclass(frozen=True)
class Callbacks:
    """The callables of whoever started the run: see `colorize_video`."""

    progress: Callable[[Progress], None] | None
    cancelled: Callable[[], bool] | None

    def count_frames(self, info: VideoInfo, options: VideoOptions, time_base: Fraction) -> FrameCallback:
        """What is to be called after each frame of a run that starts now. It raises Stopped to end the run.

        `time_base`: seconds for a tick of the grey frames' times. A grey frame is one that an earlier run has coloured.
        """
        meter = Meter(expected_frames(info, options), info)

        def call(frame: av.VideoFrame | GrayFrame) -> None:
            if isinstance(frame, av.VideoFrame):
                report = meter.count(frame)
            else:
                report = meter.skip(float((frame.pts + frame.duration) * time_base))
            if self.progress is not None:
                self.progress(report)
            if self.cancelled is not None and self.cancelled():
                raise Stopped

        return call
