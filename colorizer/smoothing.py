"""Colour that does not flicker: predicted ab, steadied over time.

For anything that moves: camera frames and video files. Works at the network's resolution, so it costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from colorizer.lab import Floats

DEFAULT_AMOUNT = 0.8
LONGEST_MEMORY = 0.5  # seconds: the time constant at amount 1

# In CIE L. Below the first a place has not moved (grain, averaged over a cell of the small picture, stays below 1);
# from the second on it shows something else, and takes its new colours at once.
_MOTION_BEGINS, _MOTION_IS_CERTAIN = 3.0, 12.0

# A cut: the mean change of L alone, or a smaller one together with other shares of dark and light.
_CUT_CHANGE, _LIKELY_CUT_CHANGE, _LIKELY_CUT_HISTOGRAM = 18.0, 8.0, 0.3
_HISTOGRAM_BINS = 16


@dataclass(frozen=True)
class _Past:
    """Of the frames so far: ab (h, w, 2), and the luminance (h, w) that each place's colours belong to."""

    ab: Floats
    luminance: Floats


class Smoother:
    """Remembers the colours of the frames so far. One per stream; not for several threads at once.

    Each place keeps the luminance that its remembered colours belong to: where the new luminance differs, something
    moved there, and the new colours count for more; where it does not, the colours only drift slowly.
    """

    def __init__(self) -> None:
        self._past: _Past | None = None

    def reset(self) -> None:
        """Forget the past: the next frame comes out as it went in."""
        self._past = None

    def smooth(self, ab: Floats, luminance: Floats, *, seconds: float, amount: float = DEFAULT_AMOUNT) -> Floats:
        """The colours to show for a frame.

        `ab`: (h, w, 2) float32, CIE units, as predicted for the frame; it is not changed.
        `luminance`: (H, W) float32, 0..100, of the same frame at any size; it is made as small as ab.
        `seconds`: since the frame before, above 0; after a long pause the past counts for little.
        `amount`: 0 (ab as it is) .. 1 (the past fades with a time constant of half a second).
        Returns (h, w, 2) float32. After a cut, or with another size than before, that is ab itself.
        Raises ValueError for an amount or seconds out of range.
        """
        check_amount(amount)
        if not seconds > 0:
            raise ValueError(f"expected seconds above 0, got {seconds:g}")
        small = _as_small_as(luminance, ab)
        past = None if amount == 0 else self._past
        if past is None or past.ab.shape != ab.shape or is_cut(past.luminance, small):
            self._past = _Past(ab, small)
            return ab
        steady = np.float32(1 - np.exp(-seconds / (amount * LONGEST_MEMORY)))
        share = steady + (1 - steady) * _motion(past.luminance, small)
        colours = past.ab + share[..., np.newaxis] * (ab - past.ab)
        self._past = _Past(colours, past.luminance + share * (small - past.luminance))
        return colours


def check_amount(amount: float) -> None:
    """Raises ValueError unless 0 <= amount <= 1."""
    if not 0 <= amount <= 1:
        raise ValueError(f"expected an amount of smoothing from 0 to 1, got {amount:g}")


def is_cut(before: Floats, after: Floats) -> bool:
    """Whether two small luminances, (h, w) float32 0..100 of one size, are of different scenes."""
    change = float(np.abs(after - before).mean())
    if change < _LIKELY_CUT_CHANGE:
        return False
    return change >= _CUT_CHANGE or _histogram_difference(before, after) >= _LIKELY_CUT_HISTOGRAM


def _histogram_difference(before: Floats, after: Floats) -> float:
    """The share of the places, 0..1, that would have to change their bin for the histograms to be alike."""
    counts = [np.histogram(one, _HISTOGRAM_BINS, (0.0, 100.0))[0] for one in (before, after)]
    return float(np.abs(counts[1] - counts[0]).sum()) / (2 * before.size)


def _motion(before: Floats, after: Floats) -> Floats:
    """Per place, 0 (nothing moved) .. 1 (something else is there now)."""
    # A little wider than what moved: the network colours a thing together with what is around it.
    change = np.asarray(cv2.blur(np.abs(after - before), (3, 3)), np.float32)
    span = np.float32(_MOTION_IS_CERTAIN - _MOTION_BEGINS)
    return np.asarray(np.clip((change - np.float32(_MOTION_BEGINS)) / span, 0, 1), np.float32)


def _as_small_as(luminance: Floats, ab: Floats) -> Floats:
    height, width = ab.shape[:2]
    return np.asarray(cv2.resize(luminance, (width, height), interpolation=cv2.INTER_AREA), np.float32)
