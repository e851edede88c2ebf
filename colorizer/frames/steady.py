"""Automatic colours of a film, frame by frame: predicted, smoothed, and moved along where that is as good."""

from __future__ import annotations

from collections.abc import Callable

from colorizer.arrays import Floats
from colorizer.frames.smoothing import Smoother


class SteadyColors:
    """The colours of one stream of frames. `predictions` counts the network's runs. Not for several threads at once.

    `predict`: from a frame's luminance to its ab (h, w, 2) float32, CIE units. `smoothing`: over time, 0..1.
    With smoothing, every other frame takes the colours of the frame before, moved along by optical flow, unless too
    much in it is new: as close to the prediction as the smoothed ones are, at half the work (`benchmarks/video.py`).
    """

    def __init__(self, predict: Callable[[Floats], Floats], smoothing: float) -> None:
        self._predict, self._smoothing = predict, smoothing
        self._smoother = Smoother(follow_motion=smoothing > 0)
        self._was_predicted = False
        self.predictions = 0
        self._since_prediction = 0.0

    def next_ab(self, luminance: Floats, *, seconds: float, is_hidden: bool = False) -> Floats:
        """The next frame's ab (h, w, 2) float32, CIE units, low resolution.

        `luminance`: (side, side) float32, 0..100. `seconds`: since the frame before, above 0. `is_hidden`: whether
        other colours cover these anyway; then they are moved along for as long as that goes.
        """
        self._since_prediction += seconds
        carried = self._smoother.propagate(luminance) if self._was_predicted or is_hidden else None
        if carried is not None:
            self._was_predicted = False
            return carried
        self.predictions += 1
        ab = self._predict(luminance)
        ab = self._smoother.smooth(ab, luminance, seconds=self._since_prediction, amount=self._smoothing)
        self._was_predicted, self._since_prediction = True, 0.0
        return ab
