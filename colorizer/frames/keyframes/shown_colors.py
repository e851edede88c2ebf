"""The colours that are shown of a shot: carried ones over automatic ones, without flicker.

There is one state, the colours shown last, and it moves along with the picture. Carried colours take its place within
a few frames where they have been sure for a while; at the border of what is sure, a place would else change its colours
with every frame. Automatic colours take its place slowly, as in other films. What is new in the picture has no past.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from colorizer.arrays import Floats
from colorizer.frames.keyframes.key_frame import WEIGHT
from colorizer.frames.keyframes.motion import Motion
from colorizer.frames.optical_flow import SIDE, warp
from colorizer.frames.smoothing import check_amount, steady_share

_VISIBLE = 0.5  # weight of a layer below which the automatic colours are to be seen
_LITTLE = 0.005  # share of the picture that may show them without a new prediction
_MOST_NEW = 0.1  # share of the picture that may be new and theirs without one
_FOLLOW = np.float32(0.6)  # share of the way to sure colours in each frame: their places are measured with small errors
_CERTAINTY = 3  # power of the weight with which they do
_RISE = np.float32(0.25)  # by which the weight that counts for that may rise in each frame


class ShownColors:
    """The colours of one shot, frame by frame. For one thread.

    `smoothing`: of the automatic colours over time, 0..1. Raises ValueError for another.
    """

    def __init__(self, smoothing: float) -> None:
        check_amount(smoothing)
        self._smoothing = smoothing
        # The colours, and the weight that carried ones have had for a while.
        self._ab, self._settled = np.zeros((SIDE, SIDE, 2), np.float32), np.zeros((SIDE, SIDE), np.float32)
        self._was_predicted = False

    def next_ab(
        self, layer: Floats, motion: Motion | None, predict: Callable[[], Floats], *, seconds: float, is_key: bool
    ) -> Floats:
        """The next frame's colours (SIDE, SIDE, 2) float32, CIE units; not to be written to.

        `layer`: what is carried (SIDE, SIDE, 4). `motion`: from the frame before; None for the first one. `predict`:
        gives the automatic colours (SIDE, SIDE, 2). It is called where they are needed, in about every other frame that
        shows them. `seconds`: since the frame before, above 0. `is_key`: whether this is a key frame.
        """
        weight = layer[..., WEIGHT]
        new = np.ones_like(weight) if motion is None else 1 - motion.alike
        if motion is not None:
            self._ab, self._settled = warp(self._ab, motion.origins), warp(self._settled, motion.origins)
        self._was_predicted = self._needs_prediction(weight, new, is_first=motion is None)
        automatic = predict() if self._was_predicted else self._ab
        target = layer[..., :2] + (1 - weight[..., np.newaxis]) * automatic
        self._settled = weight if is_key else np.minimum(weight, self._settled + new + _RISE)
        follow = (1 if is_key else _FOLLOW) * self._settled**_CERTAINTY
        steady = np.float32(steady_share(seconds, self._smoothing))
        share = steady + (1 - steady) * np.maximum(new, follow)
        self._ab = self._ab + share[..., np.newaxis] * (target - self._ab)
        return self._ab

    def _needs_prediction(self, weight: Floats, new: Floats, *, is_first: bool) -> bool:
        """Whether the automatic colours are to be seen, and those of the frame before do not serve."""
        if is_first or self._smoothing == 0:
            return bool(weight.min() < 1)
        if float((new * (1 - weight)).mean()) > _MOST_NEW:
            return True
        return not self._was_predicted and float((weight < _VISIBLE).mean()) >= _LITTLE
