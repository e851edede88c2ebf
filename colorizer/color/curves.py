"""The curves of sRGB and of CIE L*a*b*, as functions and as tables. Sources and ranges as in `lab`.

Curves of 8-bit pictures are tables whose index is the bits of a half-precision float: its steps are a fortieth of an
8-bit level of sRGB and a hundredth of a unit of L, and values out of range have entries of their own.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@cache
def linear_table(top: int) -> Floats:
    """Linear light of the values 0..top, which is white."""
    encoded = np.arange(top + 1, dtype=np.float64) / top
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


@cache
def lightness_table(top: int) -> Floats:
    """L of the greys 0..top, which is white."""
    return lightness(linear_table(top))


def lightness(relative_luminance: Floats) -> Floats:
    """Y (0..1, white 1) -> L (0..100)."""
    light = lab_curve(relative_luminance)
    light *= np.float32(116)
    light -= np.float32(16)
    return light


def lab_curve(ratio: Floats) -> Floats:
    """CIE's f: a cube root with a straight foot below 0.008856."""
    curve = np.asarray(cv2.pow(ratio, 1 / 3), np.float32).reshape(ratio.shape)
    foot = ratio <= 0.008856
    curve[foot] = np.float32(7.787) * ratio[foot] + np.float32(16 / 116)
    return curve


def invert_lab_curve(curve: Floats) -> Floats:
    """`lab_curve` undone."""
    return np.where(curve > 6 / 29, curve * curve * curve, (curve - np.float32(16 / 116)) / np.float32(7.787))


def encode_srgb(linear: Floats) -> Floats:
    """Linear light of any shape -> sRGB 0..1; what lies outside is clipped."""
    linear = np.clip(linear, 0, 1)
    high = np.float32(1.055) * np.asarray(cv2.pow(linear, 1 / 2.4), np.float32).reshape(linear.shape)
    return np.where(linear <= 0.0031308, np.float32(12.92) * linear, high - np.float32(0.055))


def half_index(values: Floats) -> NDArray[np.uint16]:
    """The bits of the values in half precision, as an index of a table of 65536 entries."""
    return np.asarray(cv2.convertFp16(values)).view(np.uint16).reshape(values.shape)


def _half_values() -> NDArray[np.float64]:
    """What each index stands for, with what is no number as 0 and all within 0..1."""
    every = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float64)
    return np.clip(np.nan_to_num(every, nan=0.0), 0, 1)


@cache
def half_lightness_table() -> Floats:
    return lightness(_half_values().astype(np.float32))


@cache
def half_encoding_table() -> NDArray[np.uint8]:
    return np.rint(encode_srgb(_half_values().astype(np.float32)) * 255).astype(np.uint8)
