"""The transfer curves of sRGB and of CIE L*a*b*, as functions and as lookup tables. Sources and ranges as in `lab`.

For 8-bit pictures, the bits of a half-precision float are the index of a table. Neighbouring floats differ by less than
0.1 of an 8-bit sRGB level and 0.04 of a unit of L, and values outside 0..1 have their own entries.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats


@cache
def linear_table(top: int) -> Floats:
    """Linear light 0..1 of the sRGB values 0..`top`; `top` is white. Shape (top + 1,), float32."""
    encoded = np.arange(top + 1, dtype=np.float64) / top
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


@cache
def lightness_table(top: int) -> Floats:
    """L 0..100 of the grey sRGB values 0..`top`; `top` is white. Shape (top + 1,), float32."""
    return lightness(linear_table(top))


def lightness(relative_luminance: Floats) -> Floats:
    """Relative luminance Y (0..1, white is 1) of any shape -> CIE L (0..100), float32, same shape."""
    light = lab_curve(relative_luminance)
    light *= np.float32(116)
    light -= np.float32(16)
    return light


def lab_curve(ratio: Floats) -> Floats:
    """The function f of CIE 15, float32 of any shape: a cube root, and a straight line up to 0.008856."""
    curve = np.asarray(cv2.pow(ratio, 1 / 3), np.float32).reshape(ratio.shape)
    foot = ratio <= 0.008856
    curve[foot] = np.float32(7.787) * ratio[foot] + np.float32(16 / 116)
    return curve


def invert_lab_curve(curve: Floats) -> Floats:
    """The inverse of `lab_curve`."""
    return np.where(curve > 6 / 29, curve * curve * curve, (curve - np.float32(16 / 116)) / np.float32(7.787))


def encode_srgb(linear: Floats) -> Floats:
    """Linear light of any shape, float32 -> sRGB 0..1, same shape. Values outside 0..1 are clipped first."""
    linear = np.clip(linear, 0, 1)
    high = np.float32(1.055) * np.asarray(cv2.pow(linear, 1 / 2.4), np.float32).reshape(linear.shape)
    return np.where(linear <= 0.0031308, np.float32(12.92) * linear, high - np.float32(0.055))


def half_index(values: Floats) -> NDArray[np.uint16]:
    """The half-precision bits of float32 values of any shape, uint16: indices into a table of 65536 entries."""
    return np.asarray(cv2.convertFp16(values)).view(np.uint16).reshape(values.shape)


def _half_values() -> NDArray[np.float64]:
    """The values of all 65536 half-precision bit patterns, clipped to 0..1, with NaN as 0."""
    every = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float64)
    return np.clip(np.nan_to_num(every, nan=0.0), 0, 1)


@cache
def half_lightness_table() -> Floats:
    """L 0..100 of relative luminance, indexed by `half_index`: (65536,) float32."""
    return lightness(_half_values().astype(np.float32))


@cache
def half_encoding_table() -> NDArray[np.uint8]:
    """8-bit sRGB of linear light, indexed by `half_index`: (65536,) uint8, rounded."""
    return np.rint(encode_srgb(_half_values().astype(np.float32)) * 255).astype(np.uint8)
