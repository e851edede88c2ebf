"""Colour that does not flicker: predicted ab, steadied over time.

For anything that moves: camera frames and video files. Works at the network's resolution, so it costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from colorizer.arrays import Floats, Plane
from colorizer.frames.optical_flow import OpticalFlow, find_uncovered, flow_picture, warp

DEFAULT_AMOUNT = 0.8
LONGEST_MEMORY = 0.5  # seconds: the time constant at amount 1

# In CIE L. Below the first a place has not moved (grain, averaged over a cell of the small picture, stays below 1);
# from the second on it shows something else, and takes its new colours at once.
_MOTION_BEGINS, _MOTION_IS_CERTAIN = 3.0, 12.0

# A cut: the mean change of L alone, or a smaller one together with other shares of dark and light.
_CUT_CHANGE, _LIKELY_CUT_CHANGE, _LIKELY_CUT_HISTOGRAM = 18.0, 8.0, 0.3
_HISTOGRAM_BINS = 16

# The share of the picture that may be new while the rest of its colours is carried on without a prediction.
_MAX_NEW_SHARE = 0.1


@dataclass(frozen=True)
class _Past:
    """Of the frames so far: ab (h, w, 2), and the luminance (h, w) that each place's colours belong to.

    `frame`: the last one as `flow_picture` gives it, where motion is followed.
    """

    ab: Floats
    luminance: Floats
    frame: Plane | None


class Smoother:
    """Remembers the colours of the frames so far. One per stream; not for several threads at once.

    Each place keeps the luminance that its remembered colours belong to: where the new luminance differs, something
    moved there, and the new colours count for more; where it does not, the colours only drift slowly.
    With `follow_motion` the memory first moves along with what it shows (optical flow, about a millisecond a frame),
    so that moving things are steadied too.
    """

    def __init__(self, *, follow_motion: bool = False) -> None:
        self._past: _Past | None = None
        self._flow = OpticalFlow() if follow_motion else None

    def reset(self) -> None:
        """Forget the past: the next frame comes out as it went in."""
        self._past = None

    def smooth(self, ab: Floats, luminance: Floats, *, seconds: float, amount: float = DEFAULT_AMOUNT) -> Floats:
        """The colours to show for a frame.

        `ab`: (h, w, 2) float32, CIE units, as predicted for the frame; it is not changed.
        `luminance`: (H, W) float32, 0..100, of the same frame at any size; it is made as small as ab.
        `seconds`: since the last frame given here, above 0; after a long pause the past counts for little.
        `amount`: 0 (ab as it is) .. 1 (the past fades with a time constant of half a second).
        Returns (h, w, 2) float32. After a cut, or with another size than before, that is ab itself.
        Raises ValueError for an amount or seconds out of range.
        """
        check_amount(amount)
        if not seconds > 0:
            raise ValueError(f"expected seconds above 0, got {seconds:g}")
        small = _shrink_to(luminance, ab)
        past = None if amount == 0 else self._past
        if past is None or past.ab.shape != ab.shape or is_scene_cut(past.luminance, small):
            self._past = _Past(ab, small, self._flow_picture(luminance))
            return ab
        past, new = self._track(past, small, luminance)
        steady = np.float32(1 - np.exp(-seconds / (amount * LONGEST_MEMORY)))
        share = steady + (1 - steady) * new
        colors = past.ab + share[..., np.newaxis] * (ab - past.ab)
        self._past = replace(past, ab=colors, luminance=past.luminance + share * (small - past.luminance))
        return colors

    def propagate(self, luminance: Floats) -> Floats | None:
        """The colours of the frame before, moved along to this frame, for which then nothing need be predicted.

        `luminance`: as for `smooth`. Returns (h, w, 2) float32, or None (and nothing is remembered) where that does
        not do: motion is not followed, there is no frame before, or too much of the picture is new.
        """
        past = self._past
        if self._flow is None or past is None:
            return None
        small = _shrink_to(luminance, past.ab)
        if is_scene_cut(past.luminance, small):
            return None
        past, new = self._track(past, small, luminance)
        if new.mean() > _MAX_NEW_SHARE:
            return None
        self._past = replace(past, luminance=past.luminance + new * (small - past.luminance))
        return past.ab

    def _flow_picture(self, luminance: Floats) -> Plane | None:
        return None if self._flow is None else flow_picture(luminance)

    def _track(self, past: _Past, small: Floats, luminance: Floats) -> tuple[_Past, Floats]:
        """The past where its things are now; and per place, 0 (known) .. 1 (something else is there now)."""
        frame = self._flow_picture(luminance)
        if self._flow is None or past.frame is None or frame is None:
            return past, _motion_mask(past.luminance, small)
        origins = self._flow.origins(past.frame, frame, *small.shape)
        past = _Past(warp(past.ab, origins), warp(past.luminance, origins), frame)
        new = _motion_mask(past.luminance, small)
        new[find_uncovered(origins)] = 1
        return past, new


def check_amount(amount: float) -> None:
    """Raises ValueError unless 0 <= amount <= 1."""
    if not 0 <= amount <= 1:
        raise ValueError(f"expected an amount of smoothing from 0 to 1, got {amount:g}")


def is_scene_cut(before: Floats, after: Floats) -> bool:
    """Whether two small luminances, (h, w) float32 0..100 of one size, are of different scenes."""
    change = float(np.abs(after - before).mean())
    if change < _LIKELY_CUT_CHANGE:
        return False
    return change >= _CUT_CHANGE or _histogram_difference(before, after) >= _LIKELY_CUT_HISTOGRAM


def _histogram_difference(before: Floats, after: Floats) -> float:
    """The share of the places, 0..1, that would have to change their bin for the histograms to be alike."""
    counts = [np.histogram(one, _HISTOGRAM_BINS, (0.0, 100.0))[0] for one in (before, after)]
    return float(np.abs(counts[1] - counts[0]).sum()) / (2 * before.size)


def _motion_mask(before: Floats, after: Floats) -> Floats:
    """Per place, 0 (nothing moved) .. 1 (something else is there now)."""
    # A little wider than what moved: the network colours a thing together with what is around it.
    change = np.asarray(cv2.blur(np.abs(after - before), (3, 3)), np.float32)
    span = np.float32(_MOTION_IS_CERTAIN - _MOTION_BEGINS)
    return np.asarray(np.clip((change - np.float32(_MOTION_BEGINS)) / span, 0, 1), np.float32)


def _shrink_to(luminance: Floats, ab: Floats) -> Floats:
    height, width = ab.shape[:2]
    return np.asarray(cv2.resize(luminance, (width, height), interpolation=cv2.INTER_AREA), np.float32)
