"""The chroma of a film's frames, which is not computed again where nothing has changed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from colorizer.arrays import Floats, Pixels
from colorizer.edits.look import Look
from colorizer.frames.yuv import YuvColorizer, YuvFrame, shrink_light

# Levels of 8 bits. Chroma of the same ab hardly depends on the luma, so by so little it changes less than by rounding.
_SAME_LIGHT = 2


@dataclass(frozen=True)
class _Colored:
    """A frame, and what its chroma was computed from. `light`: as `shrink_light` returns it."""

    frame: YuvFrame
    light: Pixels
    ab: Floats
    look: Look

    def is_like(self, frame: YuvFrame, light: Pixels, ab: Floats, look: Look) -> bool:
        """Whether a frame has the same chroma, but for what is not to be seen."""
        own = self.frame
        if (look, frame.system, frame.bits, frame.full_range) != (self.look, own.system, own.bits, own.full_range):
            return False
        if light.shape != self.light.shape or not np.array_equal(ab, self.ab):
            return False
        return cv2.norm(light, self.light, cv2.NORM_INF) <= _SAME_LIGHT << (frame.bits - 8)


class FilmChroma:
    """Colours the frames of one shot, in order. For one thread."""

    def __init__(self) -> None:
        self._colorizer = YuvColorizer()
        self._last: _Colored | None = None

    def colorize(self, frame: YuvFrame, ab: Floats, look: Look) -> None:
        """Replace a frame's chroma and keep its luma, as `YuvColorizer.colorize_chroma` does.

        The chroma of a frame like an earlier one is copied from there, so nobody may change it in between.
        """
        light = shrink_light(frame)
        if self._last is not None and self._last.is_like(frame, light, ab, look):
            frame.u[:], frame.v[:] = self._last.frame.u, self._last.frame.v
            return
        self._colorizer.colorize_chroma(frame, ab, look, light=light)
        self._last = _Colored(frame, light, ab.copy(), look)
