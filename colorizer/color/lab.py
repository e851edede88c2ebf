"""Conversions between sRGB and CIE L*a*b* (D65, 2-degree observer): pure functions.

Ranges: sRGB is uint8 0..255 or uint16 0..65535; L is 0..100; a and b are about -110..110 (float32, CIE units).
Sources: IEC 61966-2-1 for sRGB, CIE 15 for L*a*b*. Matrix and white point have the same digits as in scikit-image.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from colorizer.arrays import Depth, Floats, Pixels
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
WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)  # X, Y, Z of D65


def linearize(pixels: Pixels) -> Floats:
    """sRGB pixels of any shape, uint8 or uint16 -> linear light 0..1, float32, same shape."""
    table = linear_table(int(np.iinfo(pixels.dtype).max))
    return np.asarray(cv2.LUT(pixels, table), np.float32).reshape(pixels.shape)


def luminance(pixels: Pixels) -> Floats:
    """Grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16 -> L (H, W), float32, 0..100. Colour is discarded."""
    if pixels.ndim == 2:
        table = lightness_table(int(np.iinfo(pixels.dtype).max))
        return np.asarray(cv2.LUT(pixels, table), np.float32).reshape(pixels.shape)
    return lightness(_rgb_to_y(pixels))


def _rgb_to_y(pixels: Pixels) -> Floats:
    """RGB (H, W, 3) -> relative luminance Y (H, W), 0..1."""
    return np.asarray(cv2.transform(linearize(pixels), RGB_TO_XYZ[1:2]), np.float32).reshape(pixels.shape[:2])


def rgb_to_lab(pixels: Pixels) -> Floats:
    """RGB (H, W, 3), uint8 or uint16 -> Lab (H, W, 3), float32, L 0..100.

    cv2.cvtColor is not used here: its float conversion in this direction is a coarse table, with errors up to 0.2 in L
    and 0.4 in a and b.
    """
    xyz = linearize(pixels) @ (RGB_TO_XYZ / WHITE[:, None]).T
    x, y, z = np.moveaxis(lab_curve(np.ascontiguousarray(xyz)), -1, 0)
    return np.stack([np.float32(116) * y - 16, np.float32(500) * (x - y), np.float32(200) * (y - z)], axis=-1)


def lab_to_rgb(lab: Floats, dtype: Depth = np.uint8) -> Pixels:
    """Lab (H, W, 3) float32 -> RGB (H, W, 3) of `dtype`, rounded; colours outside the sRGB gamut are clipped."""
    if dtype is np.uint8:
        return encode(np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2LRGB), np.float32), dtype)
    # OpenCV's white point has fewer digits, and the error would be visible in 16 bits.
    y = (lab[..., 0] + np.float32(16)) / np.float32(116)
    curves = np.stack([y + lab[..., 1] / np.float32(500), y, y - lab[..., 2] / np.float32(200)], axis=-1)
    return encode(np.asarray(cv2.transform(invert_lab_curve(curves), xyz_to_rgb()), np.float32), dtype)


@cache
def xyz_to_rgb() -> Floats:
    """(3, 3): XYZ relative to the white point (white is 1, 1, 1) -> linear RGB."""
    return np.asarray(np.linalg.inv(RGB_TO_XYZ.astype(np.float64) / WHITE[:, None]), np.float32)


def luminance_to_rgb(luminance: Floats, dtype: Depth = np.uint8) -> Pixels:
    """L (H, W) float32 -> grey as RGB (H, W, 3) of `dtype`, rounded. The exact inverse of `luminance`."""
    return np.asarray(cv2.cvtColor(encode(relative_luminance(luminance), dtype), cv2.COLOR_GRAY2RGB), dtype)


def relative_luminance(luminance: Floats) -> Floats:
    """L (0..100) of any shape -> relative luminance Y (0..1, white is 1), float32, same shape."""
    return invert_lab_curve((luminance + np.float32(16)) / np.float32(116))


def encode(linear: Floats, dtype: Depth = np.uint8) -> Pixels:
    """Linear light of any shape -> sRGB of `dtype`, rounded; clipped to 0..1 before. Inverse of `linearize`."""
    if dtype is np.uint8:
        return np.asarray(cv2.LUT(half_index(linear), half_encoding_table()), np.uint8).reshape(linear.shape)
    return (encode_srgb(linear) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)


def lab_to_hex(light: float, a: float, b: float) -> str:
    """Lab (L 0..100, a and b in CIE units) as "#rrggbb"; colours outside the sRGB gamut are clipped."""
    return "#" + lab_to_rgb(np.array([[[light, a, b]]], np.float32)).tobytes().hex()
