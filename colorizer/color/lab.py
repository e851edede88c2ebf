"""Colour maths between sRGB and CIE L*a*b* (D65, 2 degrees): pure functions.

Ranges: sRGB is uint8 0..255 or uint16 0..65535; L is 0..100; a and b are about -110..110 (float32, CIE units).
Sources: IEC 61966-2-1 for sRGB, CIE 15 for L*a*b*; matrix and white point to the digits scikit-image gives them.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from colorizer.arrays import Depth, Floats, Pixels
from colorizer.color import lab
from colorizer.color.curves import (
    encode_srgb,
    half_encoding_table,
    half_index,
    invert_lab_curve,
    lab_curve,
    lightness,
    lightness_table,
    linear_table,
)

RGB_TO_XYZ = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]], np.float32
)
WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)


def linearize(pixels: Pixels) -> Floats:
    """sRGB pixels of any shape -> linear light 0..1, float32, same shape."""
    table = linear_table(int(np.iinfo(pixels.dtype).max))
    return np.asarray(cv2.LUT(pixels, table), np.float32).reshape(pixels.shape)


def luminance(pixels: Pixels) -> Floats:
    """Grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16 -> L (H, W), float32, 0..100. Colour is discarded."""
    if pixels.ndim == 2:
        table = lightness_table(int(np.iinfo(pixels.dtype).max))
        return np.asarray(cv2.LUT(pixels, table), np.float32).reshape(pixels.shape)
    return lightness(_y(pixels))


def _y(pixels: Pixels) -> Floats:
    """RGB (H, W, 3) -> Y (H, W), 0..1."""
    return np.asarray(cv2.transform(linearize(pixels), RGB_TO_XYZ[1:2]), np.float32).reshape(pixels.shape[:2])


def rgb_to_lab(pixels: Pixels) -> Floats:
    """RGB (H, W, 3), uint8 or uint16 -> Lab (H, W, 3), float32, L 0..100.

    OpenCV's own float conversion is a coarse table in this direction (0.2 off in L, 0.4 in a and b); this one is not.
    """
    xyz = linearize(pixels) @ (RGB_TO_XYZ / WHITE[:, None]).T
    x, y, z = np.moveaxis(lab_curve(np.ascontiguousarray(xyz)), -1, 0)
    return np.stack([np.float32(116) * y - 16, np.float32(500) * (x - y), np.float32(200) * (y - z)], axis=-1)


def lab_to_rgb(lab: Floats, dtype: Depth = np.uint8) -> Pixels:
    """Lab (H, W, 3) float32 -> RGB (H, W, 3) of `dtype`, rounded; colours outside sRGB are clipped to it."""
    if dtype is np.uint8:
        return encode(np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2LRGB), np.float32), dtype)
    # OpenCV's white point has fewer digits, which 16 bits would show.
    y = (lab[..., 0] + np.float32(16)) / np.float32(116)
    curves = np.stack([y + lab[..., 1] / np.float32(500), y, y - lab[..., 2] / np.float32(200)], axis=-1)
    return encode(np.asarray(cv2.transform(invert_lab_curve(curves), _xyz_to_rgb()), np.float32), dtype)


@cache
def _xyz_to_rgb() -> Floats:
    """From XYZ with white at 1, 1, 1 to linear RGB."""
    return np.asarray(np.linalg.inv(RGB_TO_XYZ.astype(np.float64) / WHITE[:, None]), np.float32)


def luminance_to_rgb(luminance: Floats, dtype: Depth = np.uint8) -> Pixels:
    """L (H, W) float32 -> RGB (H, W, 3) of `dtype` with three equal channels, rounded. `luminance` undone exactly."""
    return np.asarray(cv2.cvtColor(encode(relative_luminance(luminance), dtype), cv2.COLOR_GRAY2RGB), dtype)


def relative_luminance(luminance: Floats) -> Floats:
    """L (0..100) of any shape -> Y (0..1, white 1)."""
    return invert_lab_curve((luminance + np.float32(16)) / np.float32(116))


def encode(linear: Floats, dtype: Depth = np.uint8) -> Pixels:
    """Linear light of any shape -> sRGB of `dtype`, rounded; what lies outside 0..1 is clipped. Undoes `linearise`."""
    if dtype is np.uint8:
        return np.asarray(cv2.LUT(half_index(linear), half_encoding_table()), np.uint8).reshape(linear.shape)
    return (encode_srgb(linear) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)


def lab_to_hex(light: float, a: float, b: float) -> str:
    """Lab (L 0..100, a and b in CIE units) as "#rrggbb"; outside sRGB clipped to it."""
    return "#" + lab.lab_to_rgb(np.array([[[light, a, b]]], np.float32)).tobytes().hex()
