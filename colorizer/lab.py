"""Colour maths between sRGB and CIE L*a*b* (D65, 2 degrees): pure functions.

Ranges: sRGB is uint8 0..255 or uint16 0..65535; L is 0..100; a and b are about -110..110 (float32, CIE units).
Sources: IEC 61966-2-1 for sRGB, CIE 15 for L*a*b*; matrix and white point to the digits scikit-image gives them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.unsignedinteger[Any]]  # uint8 or uint16; every function says which shapes
Floats = NDArray[np.float32]

RGB_TO_XYZ = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]], np.float32
)
WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)
STRIP_PIXELS = 1 << 20  # merged at a time: the floats of a strip stay near the processor, whatever the picture's size


def linearise(pixels: Pixels) -> Floats:
    """sRGB pixels of any shape -> linear light 0..1, float32, same shape."""
    if pixels.dtype == np.uint8:
        return np.asarray(cv2.LUT(pixels, _linear_table()), np.float32).reshape(pixels.shape)
    return _linearise_unit(pixels.astype(np.float32) / np.float32(65535))


def _linearise_unit(encoded: Floats) -> Floats:
    low = encoded / np.float32(12.92)
    high = cv2.pow((encoded + np.float32(0.055)) / np.float32(1.055), 2.4).reshape(encoded.shape)
    return np.where(encoded <= 0.04045, low, high)


@cache
def _linear_table() -> Floats:
    return _linearise_unit(np.arange(256, dtype=np.float32) / np.float32(255))


@cache
def _luminance_table() -> Floats:
    return _lightness(_linear_table())


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


def luminance(pixels: Pixels) -> Floats:
    """Grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16 -> L (H, W), float32, 0..100. Colour is discarded."""
    if pixels.ndim == 2:
        if pixels.dtype == np.uint8:
            return np.asarray(cv2.LUT(pixels, _luminance_table()), np.float32).reshape(pixels.shape)
        return _lightness(linearise(pixels))
    weights = RGB_TO_XYZ[1:2]
    return _lightness(np.asarray(cv2.transform(linearise(pixels), weights), np.float32).reshape(pixels.shape[:2]))


def rgb_to_lab(pixels: Pixels) -> Floats:
    """RGB (H, W, 3), uint8 or uint16 -> Lab (H, W, 3), float32, L 0..100.

    OpenCV's own float conversion is a coarse table in this direction (0.2 off in L, 0.4 in a and b); this one is not.
    """
    xyz = linearise(pixels) @ (RGB_TO_XYZ / WHITE[:, None]).T
    x, y, z = np.moveaxis(_lab_curve(np.ascontiguousarray(xyz)), -1, 0)
    return np.stack([np.float32(116) * y - 16, np.float32(500) * (x - y), np.float32(200) * (y - z)], axis=-1)


def lab_to_rgb(lab: Floats, dtype: type[np.uint8 | np.uint16] = np.uint8) -> Pixels:
    """Lab (H, W, 3) float32 -> RGB (H, W, 3) of `dtype`, rounded; colours outside sRGB are clipped to it."""
    unit = np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32)
    if dtype is np.uint8:
        return np.asarray(cv2.convertScaleAbs(unit, alpha=255), np.uint8)
    return _to_uint16(unit)


def grey(luminance: Floats, dtype: type[np.uint8 | np.uint16] = np.uint8) -> Pixels:
    """L (H, W) float32 -> RGB (H, W, 3) of `dtype` with three equal channels, rounded. `luminance` undone exactly."""
    curve = (luminance + np.float32(16)) / np.float32(116)
    linear = np.where(luminance > 8.0, curve**3, (curve - np.float32(16 / 116)) / np.float32(7.787))
    linear = np.clip(linear, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * cv2.pow(linear, 1 / 2.4) - 0.055)
    unit = encoded.astype(np.float32)
    channel = cv2.convertScaleAbs(unit, alpha=255) if dtype is np.uint8 else _to_uint16(unit)
    return np.repeat(np.asarray(channel).reshape(*luminance.shape, 1), 3, axis=2)


def _to_uint16(unit: Floats) -> NDArray[np.uint16]:
    return (np.clip(unit, 0, 1) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)


def merge(pixels: Pixels, ab: Floats, *, strength: float = 1.0) -> Pixels:
    """The luminance of a picture and the colours predicted for it -> the coloured picture.

    `pixels`: grey (H, W) or RGB (H, W, 3), uint8 or uint16; only its L is used, and kept.
    `ab`: (h, w, 2) float32 of any size, stretched over the picture linearly.
    `strength`: factor on ab; 0 gives three exactly equal channels.
    Returns RGB (H, W, 3) of the same dtype. Works strip by strip, so that no full-size float copy is made.
    """
    height, width = pixels.shape[:2]
    dtype = np.uint8 if pixels.dtype == np.uint8 else np.uint16
    result = np.empty((height, width, 3), dtype)
    rows = max(1, STRIP_PIXELS // width)
    wide = _widen(ab * np.float32(strength), width)
    for top in range(0, height, rows):
        strip = slice(top, min(top + rows, height))
        light = luminance(pixels[strip])
        if strength == 0:
            result[strip] = grey(light, dtype)
            continue
        lab = _stretch_rows(wide, strip, height)
        lab[..., 0] = light
        result[strip] = lab_to_rgb(lab, dtype)
    return result


def _widen(ab: Floats, width: int) -> Floats:
    """(h, w, 2) -> (h, width, 3) with a first channel left free for L."""
    wide = cv2.resize(ab, (width, ab.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.concatenate([np.zeros((*wide.shape[:2], 1), np.float32), wide], axis=2)


def _stretch_rows(wide: Floats, strip: slice, height: int) -> Floats:
    """Rows `strip` of `wide` (h, W, 3) linearly stretched to `height` rows."""
    source_height = len(wide)
    position = (np.arange(strip.start, strip.stop, dtype=np.float64) + 0.5) * source_height / height - 0.5
    position = np.clip(position, 0, source_height - 1)
    upper = np.floor(position).astype(np.intp)
    share = (position - upper).astype(np.float32)[:, np.newaxis, np.newaxis]
    stretched = np.empty((len(position), *wide.shape[1:]), np.float32)
    # Row by row of the source: each pair is blended into all the rows that lie between it.
    starts = np.flatnonzero(np.diff(upper, prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(position)], strict=True):
        above = wide[upper[start]]
        below = wide[min(upper[start] + 1, source_height - 1)]
        rows = np.multiply(share[start:stop], below - above, out=stretched[start:stop])
        rows += above
    return stretched
