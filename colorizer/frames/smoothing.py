"""Smooth predicted ab over time, so that the colours of films and camera frames do not flicker.

The smoothing runs at the network's output resolution, so it takes little time compared with a prediction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from colorizer.arrays import Floats, Plane
from colorizer.frames.optical_flow import OpticalFlow, find_uncovered, flow_picture, warp

DEFAULT_AMOUNT = 0.8
MAX_TIME_CONSTANT = 0.5  # seconds, at amount 1

# Changes in CIE L. Below the first threshold, a pixel counts as unchanged (film grain, averaged over a pixel of the
# small picture, stays below 1). From the second on, it shows something else and takes its new colours at once.
_MOTION_BEGINS, _MOTION_IS_CERTAIN = 3.0, 12.0

# A scene cut is a large mean change of L, or a smaller one together with a different histogram of L.
_CUT_CHANGE, _LIKELY_CUT_CHANGE, _LIKELY_CUT_HISTOGRAM = 18.0, 8.0, 0.3
_HISTOGRAM_BINS = 16

# The share of the picture that may be new in a frame that gets the propagated colours instead of a prediction.
_MAX_NEW_SHARE = 0.1


@dataclass(frozen=True)
class _History:
    """The result of the frames so far: ab (h, w, 2), and the luminance (h, w) that each pixel's colours belong to.

    `frame`: the last frame as `flow_picture` returns it; None if motion is not followed.
    """

    ab: Floats
    luminance: Floats
    frame: Plane | None


class Smoother:
    """Smooths the colours of one stream of frames. Only one thread may use it at a time.

    Each pixel keeps its smoothed colours and the luminance they belong to. Where the luminance of a new frame differs,
    something has moved, so the new colours get a larger weight. Elsewhere the colours change slowly.
    `follow_motion`: first move the smoothed colours by the optical flow between the frames, so that moving objects are
    smoothed, too.
    """

    def __init__(self, *, follow_motion: bool = False) -> None:
        self._history: _History | None = None
        self._flow = OpticalFlow() if follow_motion else None

    def reset(self) -> None:
        """Forget the frames so far: the next frame is returned unchanged."""
        self._history = None

    def smooth(
        self,
        ab: Floats,
        luminance: Floats,
        *,
        seconds: float,
        amount: float = DEFAULT_AMOUNT,
        certain: Floats | None = None,
    ) -> Floats:
        """Smooth the predicted colours of the next frame.

        `ab`: (h, w, 2) float32, CIE units, as predicted; it is not modified.
        `luminance`: (H, W) float32, 0..100, of the same frame at any size; it is shrunk to the size of `ab`.
        `seconds`: since the last call, above 0; after a long pause the earlier frames have little weight.
        `amount`: 0 (no smoothing) .. 1 (a time constant of MAX_TIME_CONSTANT).
        `certain`: (h, w) float32, 0 .. 1 where this frame's colours are to be taken as they are; by default nowhere.
        Returns (h, w, 2) float32. After a scene cut or a change of size, this is `ab` itself.
        Raises ValueError if `amount` or `seconds` is out of range.
        """
        check_amount(amount)
        if not seconds > 0:
            raise ValueError(f"expected seconds above 0, got {seconds:g}")
        small = _shrink_to(luminance, ab)
        history = None if amount == 0 else self._history
        if history is None or history.ab.shape != ab.shape or is_scene_cut(history.luminance, small):
            self._history = _History(ab, small, self._flow_picture(luminance))
            return ab
        history, new = self._track(history, small, luminance)
        steady = np.float32(1 - np.exp(-seconds / (amount * MAX_TIME_CONSTANT)))
        at_once = new if certain is None else np.maximum(new, certain)
        share = steady + (1 - steady) * at_once
        colors = history.ab + share[..., np.newaxis] * (ab - history.ab)
        self._history = replace(history, ab=colors, luminance=history.luminance + share * (small - history.luminance))
        return colors

    def propagate(self, luminance: Floats) -> Floats | None:
        """Move the colours of the previous frame to this frame by optical flow, so that it needs no prediction.

        `luminance`: as in `smooth`. Returns (h, w, 2) float32, or None if this is not possible: motion is not followed,
        there is no previous frame, or too much of the picture is new. After None, the state is unchanged.
        """
        history = self._history
        if self._flow is None or history is None:
            return None
        small = _shrink_to(luminance, history.ab)
        if is_scene_cut(history.luminance, small):
            return None
        history, new = self._track(history, small, luminance)
        if new.mean() > _MAX_NEW_SHARE:
            return None
        self._history = replace(history, luminance=history.luminance + new * (small - history.luminance))
        return history.ab

    def _flow_picture(self, luminance: Floats) -> Plane | None:
        return None if self._flow is None else flow_picture(luminance)

    def _track(self, history: _History, small: Floats, luminance: Floats) -> tuple[_History, Floats]:
        """The history moved to this frame, and for each pixel how new it is: 0 (same object) .. 1 (another object)."""
        frame = self._flow_picture(luminance)
        if self._flow is None or history.frame is None or frame is None:
            return history, _motion_mask(history.luminance, small)
        origins = self._flow.origins(history.frame, frame, *small.shape)
        history = _History(warp(history.ab, origins), warp(history.luminance, origins), frame)
        new = _motion_mask(history.luminance, small)
        new[find_uncovered(origins)] = 1
        return history, new


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


def _motion_mask(before: Floats, after: Floats) -> Floats:
    """For each pixel, from the change of L: 0 (nothing moved) .. 1 (another object)."""
    # Slightly larger than the object that moved, because the network colours an object together with its surroundings.
    change = np.asarray(cv2.blur(np.abs(after - before), (3, 3)), np.float32)
    span = np.float32(_MOTION_IS_CERTAIN - _MOTION_BEGINS)
    return np.asarray(np.clip((change - np.float32(_MOTION_BEGINS)) / span, 0, 1), np.float32)


def _shrink_to(luminance: Floats, ab: Floats) -> Floats:
    height, width = ab.shape[:2]
    return np.asarray(cv2.resize(luminance, (width, height), interpolation=cv2.INTER_AREA), np.float32)
