"""Smooth predicted ab over time, so that the colours of films and camera frames do not flicker.

The smoothing runs at the network's output resolution, so it takes little time compared with a prediction.
"""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np

from colorizer.arrays import Floats
from colorizer.frames.history import History, find_new, follow, has_moved
from colorizer.frames.optical_flow import OpticalFlow, flow_picture

DEFAULT_AMOUNT = 0.8
MAX_TIME_CONSTANT = 0.5  # seconds, at amount 1

# A scene cut is a large mean change of L, or a smaller one together with a different histogram of L.
_CUT_CHANGE, _LIKELY_CUT_CHANGE, _LIKELY_CUT_HISTOGRAM = 18.0, 8.0, 0.3
_HISTOGRAM_BINS = 16

# How much of the picture may show something else than its colours belong to, and for how long, before a prediction is
# due: the sum of the shares, times seconds.
_MAX_OUTDATED = 0.0025

_UNSEEN = 0.1  # CIE units of ab: a difference that is not worth new colours


class Smoother:
    """Smooths the colours of one stream of frames. Only one thread may use it at a time.

    Each pixel keeps its smoothed colours and the luminance they belong to. Where the luminance of a new frame differs,
    something has moved, so the new colours get a larger weight. Elsewhere the colours change slowly.
    `follow_motion`: first move the smoothed colours by the optical flow between the frames, so that moving objects are
    smoothed, too.
    """

    def __init__(self, *, follow_motion: bool = False) -> None:
        self._history: History | None = None
        self._flow = OpticalFlow() if follow_motion else None
        self._followed: tuple[History, Floats, History] | None = None

    @property
    def is_still(self) -> bool:
        """Whether nothing has moved since the last prediction."""
        return self._history is not None and self._history.places is None

    def reset(self) -> None:
        """Forget the frames so far: the next frame is returned unchanged."""
        self._history = self._followed = None

    def smooth(self, ab: Floats, luminance: Floats, *, seconds: float, amount: float = DEFAULT_AMOUNT) -> Floats:
        """Smooth the predicted colours of the next frame.

        `ab`: (h, w, 2) float32, CIE units, as predicted; it is not modified.
        `luminance`: (H, W) float32, 0..100, of the same frame at any size; it is shrunk to the size of `ab`.
        `seconds`: since the frame before, above 0; after a long pause the earlier frames have little weight.
        `amount`: 0 (no smoothing) .. 1 (a time constant of MAX_TIME_CONSTANT).
        Returns (h, w, 2) float32. After a scene cut or a change of size, this is `ab` itself.
        Raises ValueError if `amount` or `seconds` is out of range.
        """
        steady = np.float32(steady_share(seconds, amount))
        small = _shrink_to(luminance, ab)
        history = None if amount == 0 else self._history
        if history is None or history.ab.shape != ab.shape or is_scene_cut(history.moved, small):
            self._begin(ab, ab, small, luminance)
            return ab
        history = self._follow(history, small, luminance)
        before = history.colors()
        share = steady + (1 - steady) * find_new(history, small)
        colors = before + share[..., np.newaxis] * (ab - before)
        self._begin(colors, ab, history.moved + share * (small - history.moved), luminance)
        return colors

    def propagate(self, luminance: Floats, *, seconds: float, amount: float = DEFAULT_AMOUNT) -> Floats | None:
        """Colour the next frame by the last prediction, moved along by optical flow, so that it needs none of its own.

        `luminance`, `seconds`, `amount`: as in `smooth`. Returns (h, w, 2) float32, the same array as for the frame
        before if nothing changed; or None if this is not possible: motion is not followed, there is no previous frame,
        or too much of the picture is new. After None, the state is unchanged.
        """
        steady, history = steady_share(seconds, amount), self._history
        if self._flow is None or history is None:
            return None
        small = _shrink_to(luminance, history.ab)
        if is_scene_cut(history.moved, small):
            return None
        before, history = history, self._follow(history, small, luminance)
        outdated = before.outdated + seconds * float(find_new(history, small).mean())
        if outdated > _MAX_OUTDATED:
            return None
        gone = 1 - (1 - before.gone) * (1 - steady)
        history = replace(history, gone=gone, outdated=outdated)
        if history.places is not before.places or (gone - before.shown_gone) * history.gap > _UNSEEN:
            history = replace(history, shown=history.colors(), shown_gone=gone)
        self._history = history
        return history.shown

    def _begin(self, ab: Floats, predicted: Floats, light: Floats, luminance: Floats) -> None:
        """Remember a frame that was predicted."""
        frame, gap = None, 0.0
        if self._flow is not None:
            frame, gap = flow_picture(luminance), float(np.abs(predicted - ab).max())
        self._history = History(ab, predicted, gap, luminance=light, moved=light, shown=ab, frame=frame)

    def _follow(self, history: History, small: Floats, luminance: Floats) -> History:
        """The history in the pixels of the next frame. A second call for the same frame computes nothing."""
        if self._flow is None or not has_moved(history, small):
            return history
        if self._followed is None or self._followed[0] is not history or self._followed[1] is not luminance:
            self._followed = history, luminance, follow(history, luminance, self._flow)
        return self._followed[2]


def steady_share(seconds: float, amount: float) -> float:
    """The share of a frame in the smoothed colours where nothing is new. Raises ValueError as `Smoother.smooth`."""
    check_amount(amount)
    if not seconds > 0:
        raise ValueError(f"expected seconds above 0, got {seconds:g}")
    return 1.0 if amount == 0 else 1 - math.exp(-seconds / (amount * MAX_TIME_CONSTANT))


def check_amount(amount: float) -> None:
    """Raises ValueError unless 0 <= amount <= 1."""
    if not 0 <= amount <= 1:
        raise ValueError(f"expected an amount of smoothing from 0 to 1, got {amount:g}")


def is_scene_cut(before: Floats, after: Floats) -> bool:
    """Whether two small luminances, (h, w) float32 0..100 of the same size, show different scenes."""
    change = float(np.abs(after - before).mean())
    if change < _LIKELY_CUT_CHANGE:
        return False
    return change >= _CUT_CHANGE or _histogram_difference(before, after) >= _LIKELY_CUT_HISTOGRAM


def _histogram_difference(before: Floats, after: Floats) -> float:
    """The share of pixels, 0..1, that would have to change their bin to make the two histograms of L equal."""
    counts = [np.histogram(one, _HISTOGRAM_BINS, (0.0, 100.0))[0] for one in (before, after)]
    return float(np.abs(counts[1] - counts[0]).sum()) / (2 * before.size)


def _shrink_to(luminance: Floats, ab: Floats) -> Floats:
    height, width = ab.shape[:2]
    return np.asarray(cv2.resize(luminance, (width, height), interpolation=cv2.INTER_AREA), np.float32)
