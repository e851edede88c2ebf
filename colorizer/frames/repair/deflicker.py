"""Flicker of the brightness: each frame's gain and offset are smoothed over time.

The curve of a shot's brightness is the sum of the changes from frame to frame, each measured on what did not move, so
that a person who walks into the picture does not count as a change of the light. It is smoothed by a local line, so
that a fade stays a fade.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Pixels, Plane
from colorizer.frames.repair.views import make_view, tone_change
from colorizer.frames.repair.window import Window, slide, smooth_center, tap

RADIUS = 12  # frames
_DEVIATION = 5.0  # frames
_VIEW = 128  # pixels, longer side
_MOST_GAIN, _MOST_OFFSET = 1.35, 16.0  # a larger change, in levels of 255, is no flicker


@dataclass(frozen=True)
class _Tone:
    """Of a frame: its `mean`, in levels, and how the shot's first one became it: x there is gain * x + offset here."""

    mean: float
    gain: float
    offset: float


def deflicker(planes: Iterable[Pixels], bits: int, amount: float) -> Iterator[Pixels]:
    """The luma planes of one shot with a steady brightness: same shapes and dtypes.

    `planes`: (H, W) uint8, or uint16 with values of `bits` bits. `amount`: 0 (none) .. 1 (all of the flicker).
    A frame that needs no change is returned itself.
    """
    waiting: deque[Pixels] = deque()
    for window in slide(_tones(tap(planes, waiting), bits), RADIUS):
        luma = waiting.popleft()
        gain, offset = _correction(window)
        yield _apply(luma, bits, 1 + amount * (gain - 1), amount * offset)


def _tones(planes: Iterable[Pixels], bits: int) -> Iterator[_Tone]:
    before: Plane | None = None
    gain, offset = 1.0, 0.0
    for luma in planes:
        view = make_view(luma, bits, _VIEW)
        if before is not None:
            change, shift = tone_change(before, view)
            gain, offset = change * gain, change * offset + shift
        before = view
        yield _Tone(float(view.mean()), gain, offset)


def _correction(window: Window[_Tone]) -> tuple[float, float]:
    """The gain and the offset, in levels of 255, for the frame at the center."""
    center = window.center
    gains = np.array([tone.gain for tone in window.items]) / center.gain
    offsets = np.array([tone.offset for tone in window.items]) - gains * center.offset
    # The center's mean as each of the frames shows it, and the contrast relative to the center's.
    curve: NDArray[np.float64] = np.column_stack([gains * center.mean + offsets, gains])
    mean, gain = smooth_center(curve, window.index, _DEVIATION)
    gain = min(max(gain, 1 / _MOST_GAIN), _MOST_GAIN)
    offset = mean - gain * center.mean
    return float(gain), float(min(max(offset, -_MOST_OFFSET), _MOST_OFFSET))


def _apply(luma: Pixels, bits: int, gain: float, offset: float) -> Pixels:
    levels = np.arange(1 << 8 * luma.dtype.itemsize)  # all that the dtype holds, as cv2.LUT needs it
    wanted = np.clip(gain * levels + offset * (1 << (bits - 8)), 0, (1 << bits) - 1)
    table = np.rint(wanted).astype(luma.dtype)
    if np.array_equal(table[: 1 << bits], levels[: 1 << bits]):
        return luma
    return np.asarray(cv2.LUT(luma, table[np.newaxis]), luma.dtype)
