"""Colour maths between sRGB and CIE L*a*b* (D65, 2 degrees): pure functions.

Ranges: sRGB is uint8 0..255 or uint16 0..65535; L is 0..100; a and b are about -110..110 (float32, CIE units).
Sources: IEC 61966-2-1 for sRGB, CIE 15 for L*a*b*; matrix and white point to the digits scikit-image gives them.

Curves of 8-bit pictures are tables whose index is the bits of a half-precision float: its steps are a fortieth of an
8-bit level of sRGB and a hundredth of a unit of L, and values out of range have entries of their own.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.strips import on_all_cores, stretch_rows, strips, widen

Pixels = NDArray[np.unsignedinteger[Any]]  # uint8 or uint16; every function says which shapes
Floats = NDArray[np.float32]
Depth = type[np.uint8 | np.uint16]

RGB_TO_XYZ = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]], np.float32
)
WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)


def linearise(pixels: Pixels) -> Floats:
    """sRGB pixels of any shape -> linear light 0..1, float32, same shape."""
    table = _linear_table(int(np.iinfo(pixels.dtype).max))
    return np.asarray(cv2.LUT(pixels, table), np.float32).reshape(pixels.shape)


@cache
def _linear_table(top: int) -> Floats:
    """Linear light of the values 0..top, which is white."""
    encoded = np.arange(top + 1, dtype=np.float64) / top
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


@cache
def _lightness_table(top: int) -> Floats:
    """L of the greys 0..top, which is white."""
    return _lightness(_linear_table(top))


def _lightness(relative_luminance: Floats) -> Floats:
    """Y (0..1, white 1) -> L (0..100)."""
    light = _lab_curve(relative_luminance)
    light *= np.float32(116)
    light -= np.float32(16)
    return light


def _lab_curve(ratio: Floats) -> Floats:
    """CIE's f: a cube root with a straight foot below 0.008856."""
    curve = np.asarray(cv2.pow(ratio, 1 / 3), np.float32).reshape(ratio.shape)
    foot = ratio <= 0.008856
    curve[foot] = np.float32(7.787) * ratio[foot] + np.float32(16 / 116)
    return curve


def _half_index(values: Floats) -> NDArray[np.uint16]:
    """The bits of the values in half precision, as an index of a table of 65536 entries."""
    return np.asarray(cv2.convertFp16(values)).view(np.uint16).reshape(values.shape)


def _half_values() -> NDArray[np.float64]:
    """What each index stands for, with what is no number as 0 and all within 0..1."""
    every = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float64)
    return np.clip(np.nan_to_num(every, nan=0.0), 0, 1)


@cache
def _half_lightness_table() -> Floats:
    return _lightness(_half_values().astype(np.float32))


@cache
def _half_encoding_table() -> NDArray[np.uint8]:
    return np.rint(_encode(_half_values().astype(np.float32)) * 255).astype(np.uint8)


def luminance(pixels: Pixels) -> Floats:
    """Grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16 -> L (H, W), float32, 0..100. Colour is discarded."""
    if pixels.ndim == 2:
        table = _lightness_table(int(np.iinfo(pixels.dtype).max))
        return np.asarray(cv2.LUT(pixels, table), np.float32).reshape(pixels.shape)
    return _lightness(_y(pixels))


def _quick_luminance(pixels: Pixels) -> Floats:
    """`luminance` to a hundredth, which is a twentieth of an 8-bit level, in a third of the time."""
    if pixels.ndim == 2 or pixels.dtype != np.uint8:
        return luminance(pixels)
    return np.asarray(cv2.LUT(_half_index(_y(pixels)), _half_lightness_table()), np.float32)


def _y(pixels: Pixels) -> Floats:
    """RGB (H, W, 3) -> Y (H, W), 0..1."""
    return np.asarray(cv2.transform(linearise(pixels), RGB_TO_XYZ[1:2]), np.float32).reshape(pixels.shape[:2])


def rgb_to_lab(pixels: Pixels) -> Floats:
    """RGB (H, W, 3), uint8 or uint16 -> Lab (H, W, 3), float32, L 0..100.

    OpenCV's own float conversion is a coarse table in this direction (0.2 off in L, 0.4 in a and b); this one is not.
    """
    xyz = linearise(pixels) @ (RGB_TO_XYZ / WHITE[:, None]).T
    x, y, z = np.moveaxis(_lab_curve(np.ascontiguousarray(xyz)), -1, 0)
    return np.stack([np.float32(116) * y - 16, np.float32(500) * (x - y), np.float32(200) * (y - z)], axis=-1)


def lab_to_rgb(lab: Floats, dtype: Depth = np.uint8) -> Pixels:
    """Lab (H, W, 3) float32 -> RGB (H, W, 3) of `dtype`, rounded; colours outside sRGB are clipped to it."""
    if dtype is np.uint8:
        return encode(np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2LRGB), np.float32), dtype)
    # OpenCV's white point has fewer digits, which 16 bits would show.
    y = (lab[..., 0] + np.float32(16)) / np.float32(116)
    curves = np.stack([y + lab[..., 1] / np.float32(500), y, y - lab[..., 2] / np.float32(200)], axis=-1)
    return encode(np.asarray(cv2.transform(_uncurve(curves), _xyz_to_rgb()), np.float32), dtype)


@cache
def _xyz_to_rgb() -> Floats:
    """From XYZ with white at 1, 1, 1 to linear RGB."""
    return np.asarray(np.linalg.inv(RGB_TO_XYZ.astype(np.float64) / WHITE[:, None]), np.float32)


def _uncurve(curve: Floats) -> Floats:
    """`_lab_curve` undone."""
    return np.where(curve > 6 / 29, curve * curve * curve, (curve - np.float32(16 / 116)) / np.float32(7.787))


def _encode(linear: Floats) -> Floats:
    """Linear light of any shape -> sRGB 0..1; what lies outside is clipped."""
    linear = np.clip(linear, 0, 1)
    high = np.float32(1.055) * np.asarray(cv2.pow(linear, 1 / 2.4), np.float32).reshape(linear.shape)
    return np.where(linear <= 0.0031308, np.float32(12.92) * linear, high - np.float32(0.055))


def grey(luminance: Floats, dtype: Depth = np.uint8) -> Pixels:
    """L (H, W) float32 -> RGB (H, W, 3) of `dtype` with three equal channels, rounded. `luminance` undone exactly."""
    return np.asarray(cv2.cvtColor(encode(relative_luminance(luminance), dtype), cv2.COLOR_GRAY2RGB), dtype)


def relative_luminance(luminance: Floats) -> Floats:
    """L (0..100) of any shape -> Y (0..1, white 1)."""
    return _uncurve((luminance + np.float32(16)) / np.float32(116))


def encode(linear: Floats, dtype: Depth = np.uint8) -> Pixels:
    """Linear light of any shape -> sRGB of `dtype`, rounded; what lies outside 0..1 is clipped. Undoes `linearise`."""
    if dtype is np.uint8:
        return np.asarray(cv2.LUT(_half_index(linear), _half_encoding_table()), np.uint8).reshape(linear.shape)
    return (_encode(linear) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)


def merge(pixels: Pixels, ab: Floats, *, strength: float = 1.0) -> Pixels:
    """The luminance of a picture and the colours predicted for it -> the coloured picture.

    `pixels`: grey (H, W) or RGB (H, W, 3), uint8 or uint16; only its L is used, and kept.
    `ab`: (h, w, 2) float32 of any size, stretched over the picture linearly.
    `strength`: factor on ab; 0 gives three exactly equal channels.
    Returns RGB (H, W, 3) of the same dtype. Works strip by strip, so that no full-size float copy is made.
    """
    height, width = pixels.shape[:2]
    dtype: Depth = np.uint8 if pixels.dtype == np.uint8 else np.uint16
    result = np.empty((height, width, 3), dtype)
    wide = widen(ab * np.float32(strength), width)

    def colour(strip: slice) -> None:
        light = _quick_luminance(pixels[strip])
        if strength == 0:
            result[strip] = grey(light, dtype)
            return
        lab = stretch_rows(wide, strip, height)
        cv2.insertChannel(light, lab, 0)
        result[strip] = lab_to_rgb(lab, dtype)

    on_all_cores(colour, strips(height, width))
    return result
