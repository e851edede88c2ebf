"""Small 8-bit pictures of frames, in which motion and damage are looked for, and what two of them have in common."""

from __future__ import annotations

import cv2
import numpy as np

from colorizer.arrays import Pixels, Plane

_CLIPPED = 4  # levels from black and white within which a pixel says little about a change of the brightness
_FLATTEST = 2.0  # levels: a smaller range between the quartiles says nothing about a change of contrast
_LARGEST_GAIN = 2.0


def make_view(luma: Pixels, bits: int, longest: int) -> Plane:
    """The luma (H, W), uint8 or uint16 with values of `bits` bits, shrunk by a whole factor: (h, w) uint8.

    `longest`: pixels that its longer side may have at most.
    """
    factor = view_factor(luma, longest)
    if factor > 1:
        size = max(1, luma.shape[1] // factor), max(1, luma.shape[0] // factor)
        whole = luma[: size[1] * factor, : size[0] * factor]  # without what is left over, so that the factor is exact
        luma = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), luma.dtype)
    return np.asarray(luma if luma.dtype == np.uint8 else luma >> (bits - 8), np.uint8)


def view_factor(luma: Pixels, longest: int) -> int:
    """By which `make_view` shrinks."""
    return -(-int(max(luma.shape)) // longest)


def tone_change(before: Plane, after: Plane) -> tuple[float, float]:
    """The gain and the offset, in levels, by which the brightness changed: after = gain * before + offset.

    Both pictures have the same size. What moved is left out: pixels that do not follow the first estimate. The gain is
    a ratio of standard deviations, because a regression would take motion and grain for a loss of contrast.
    """
    x, y = (picture.reshape(-1).astype(np.float32) for picture in (before, after))
    low, high = _CLIPPED, 255 - _CLIPPED
    usable = (np.minimum(x, y) > low) & (np.maximum(x, y) < high)
    if np.count_nonzero(usable) < usable.size / 10:
        return 1.0, float(np.mean(y) - np.mean(x))
    x, y = x[usable], y[usable]
    quartiles = [np.percentile(values, (25, 75)) for values in (x, y)]
    gain = _ratio(*(float(upper - lower) for lower, upper in quartiles))
    off = y - gain * x
    off = np.abs(off - np.median(off))
    alike = off <= 2 * np.median(off) + 1
    x, y = x[alike], y[alike]
    gain = _ratio(float(x.std()), float(y.std()))
    return gain, float(y.mean() - gain * x.mean())


def _ratio(before: float, after: float) -> float:
    if min(before, after) < _FLATTEST:
        return 1.0
    return min(max(after / before, 1 / _LARGEST_GAIN), _LARGEST_GAIN)
