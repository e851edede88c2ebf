"""Automatic colours of a film, frame by frame: predicted, smoothed, and moved along where that is as good."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from colorizer.arrays import Floats
from colorizer.frames.smoothing import Smoother

_LONGEST, _LONGEST_STILL = 0.25, 4.0  # seconds that a prediction serves: of a picture that moves, and of a still one


class SteadyColors:
    """The colours of one stream of frames. `predictions` counts the network's runs. Not for several threads at once.

    `predict`: from a frame's luminance to its ab (h, w, 2) float32, CIE units. `smoothing`: over time, 0..1.
    With smoothing, a prediction serves for the frames after it, too, moved along by optical flow, until it is too old
    or too much of the picture is new: nearly as close to the frames' own predictions as smoothing all of these is, at a
    fraction of the work (`benchmarks/video.py`). A frame like the one before has the same colours.
    """

    def __init__(self, predict: Callable[[Floats], Floats], smoothing: float) -> None:
        self._predict, self._smoothing = predict, smoothing
        self._smoother = Smoother(follow_motion=smoothing > 0)
        self._last: tuple[Floats, Floats] | None = None  # luminance and ab of the last frame
        self._standing = 0.0  # seconds for which the picture has not changed at all
        self._age = 0.0  # of the prediction, in seconds
        self.predictions = 0

    def next_ab(self, luminance: Floats, *, seconds: float) -> Floats:
        """The next frame's ab (h, w, 2) float32, CIE units, low resolution; the same array if the frame is the same.

        `luminance`: (side, side) float32, 0..100; not to be changed afterwards. `seconds`: since the frame before,
        above 0.
        """
        if self._last is not None and np.array_equal(luminance, self._last[0]):
            self._standing += seconds
            return self._last[1]
        seconds, self._standing = seconds + self._standing, 0.0
        ab = self._carry(luminance, seconds)
        if ab is None:
            self.predictions += 1
            self._age = 0.0
            ab = self._smoother.smooth(self._predict(luminance), luminance, seconds=seconds, amount=self._smoothing)
        self._last = (luminance, ab)
        return ab

    def _carry(self, luminance: Floats, seconds: float) -> Floats | None:
        """The last prediction's colours as they are in this frame; None: it needs a prediction."""
        self._age += seconds
        longest = _LONGEST_STILL if self._smoother.is_still else _LONGEST
        if self._smoothing == 0 or self._age > longest:
            return None
        return self._smoother.propagate(luminance, seconds=seconds, amount=self._smoothing)
