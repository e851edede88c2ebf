"""How RGB or grey values stand for light, where a file says it with numbers instead of an ICC profile.

As for ICC profiles (see `images.icc`), RGB becomes grey of the same luminance, because only L is used later, and
clipping colours outside the sRGB gamut would change it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Depth, Floats, Pixels
from colorizer.color import lab, transfer
from colorizer.parallel import map_strips, split_rows

Doubles = NDArray[np.float64]

SRGB_TRANSFER, SRGB_PRIMARIES = transfer.SRGB, 1  # in ITU-T H.273
DEFAULT_PEAK = 1000.0  # cd/m2

_D65, _C, _E, _DCI = (0.3127, 0.3290), (0.310, 0.316), (1 / 3, 1 / 3), (0.314, 0.351)
_SRGB_CHROMATICITIES = (*_D65, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060)
_BT2020 = 9
# ITU-T H.273 (2024), table 2: x and y of white, red, green and blue. The other code points are unspecified or reserved.
_CHROMATICITIES = {
    SRGB_PRIMARIES: _SRGB_CHROMATICITIES,
    4: (*_C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),  # BT.470 M
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),  # BT.601, 625 lines
    6: (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),  # BT.601, 525 lines
    7: (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),  # SMPTE 240M
    8: (*_C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),  # generic film
    _BT2020: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    10: (*_E, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0),  # XYZ
    11: (*_DCI, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),  # P3 of cinemas
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),  # Display P3
    22: (*_D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077),  # EBU 3213
}
_CHROMATICITY_TOLERANCE = 0.001  # of x and y


@dataclass(frozen=True)
class ColorEncoding:
    """The encoding of a picture's values.

    `transfer`, `primaries`: code points of ITU-T H.273. `gamma`: the values are light to the power of 1 / gamma;
    None: `transfer` applies. `chromaticities`: x and y of white, red, green and blue; None: `primaries` applies.
    `full_range`: whether black is 0 and white the maximum; else they are 16 and 235, in units of 1/256 of the range.
    `peak`: the brightest light of an HDR picture, in cd/m2.
    """

    transfer: int = SRGB_TRANSFER
    primaries: int = SRGB_PRIMARIES
    gamma: float | None = None
    chromaticities: tuple[float, ...] | None = None
    full_range: bool = True
    peak: float = DEFAULT_PEAK


def describe_encoding(encoding: ColorEncoding) -> str:
    """The name of the transfer, for example "PQ (HDR)" or "gamma 1.8"."""
    if encoding.gamma is None:
        return transfer.transfer_name(encoding.transfer)
    return "linear" if encoding.gamma == 1 else f"gamma {encoding.gamma:.3g}"


def is_hdr(encoding: ColorEncoding) -> bool:
    """Whether the values can stand for light that is brighter than white on paper."""
    return encoding.gamma is None and encoding.transfer in (transfer.PQ, transfer.HLG)


def is_srgb(encoding: ColorEncoding, *, gray: bool) -> bool:
    """Whether the values are those of sRGB; the primaries of a grey picture do not matter."""
    curve = encoding.gamma is None and transfer.known_transfer(encoding.transfer) == SRGB_TRANSFER
    distances = np.subtract(_chromaticities(encoding), _SRGB_CHROMATICITIES)
    return curve and encoding.full_range and (gray or bool(np.abs(distances).max() <= _CHROMATICITY_TOLERANCE))


def to_srgb(pixels: Pixels, encoding: ColorEncoding) -> Pixels:
    """Grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16 -> grey of sRGB, (H, W) of the same dtype.

    PQ and HLG are tone-mapped (`transfer.tone_map`). Raises ValueError or numpy.linalg.LinAlgError if the
    chromaticities are not those of a colour space.
    """
    hdr = is_hdr(encoding)
    curve = _light_table(encoding, int(np.iinfo(pixels.dtype).max))
    if pixels.ndim == 2:
        return apply_curve(pixels, _show_hdr(curve, curve, encoding) if hdr else curve)
    if not hdr:
        return mix_to_gray(pixels, curve, _to_xyz(_chromaticities(encoding))[1])
    to_bt2020 = np.linalg.solve(_to_xyz(_CHROMATICITIES[_BT2020]), _to_xyz(_chromaticities(encoding)))
    weights = _to_xyz(_CHROMATICITIES[_BT2020])[1:2].astype(np.float32)
    result = np.empty(pixels.shape[:2], pixels.dtype)

    def convert(rows: slice) -> None:
        light = cv2.transform(cv2.LUT(pixels[rows], curve), to_bt2020.astype(np.float32))
        luminance = np.asarray(cv2.transform(light, weights), np.float32)
        result[rows] = lab.encode(_show_hdr(luminance, light.max(axis=2), encoding), _depth(pixels))

    map_strips(convert, split_rows(*pixels.shape[:2]))
    return result


def apply_curve(gray: Pixels, light: Floats) -> Pixels:
    """Grey values, uint8 or uint16, whose linear light is `light[value]` -> sRGB of the same shape and dtype."""
    return np.asarray(cv2.LUT(gray, lab.encode(light, _depth(gray))), gray.dtype).reshape(gray.shape)


def mix_to_gray(pixels: Pixels, light: Floats, weights: Doubles) -> Pixels:
    """RGB (H, W, 3), uint8 or uint16 -> grey (H, W) of sRGB of the same luminance and dtype.

    `light`: linear light of each value, (values,) or (1, values, 3). `weights`: luminance of the primaries, (3,).
    """
    result = np.empty(pixels.shape[:2], pixels.dtype)
    row = weights[np.newaxis].astype(np.float32)

    def convert(rows: slice) -> None:
        luminance = np.asarray(cv2.transform(cv2.LUT(pixels[rows], light), row), np.float32)
        result[rows] = lab.encode(luminance, _depth(pixels))

    map_strips(convert, split_rows(*pixels.shape[:2]))
    return result


def has_primaries(primaries: int) -> bool:
    """Whether the chromaticities of a code point are known."""
    return primaries in _CHROMATICITIES


def from_srgb(primaries: int) -> Doubles:
    """(3, 3): linear RGB of sRGB -> that of other primaries, a code point of H.273. White stays white."""
    matrix = np.linalg.solve(_to_xyz(_CHROMATICITIES[primaries]), _to_xyz(_SRGB_CHROMATICITIES))
    return np.asarray(matrix / matrix.sum(axis=1, keepdims=True), np.float64)


def _depth(pixels: Pixels) -> Depth:
    return np.uint8 if pixels.dtype == np.uint8 else np.uint16


def _light_table(encoding: ColorEncoding, top: int) -> Floats:
    """Linear light of the values 0..`top`: (top + 1,) float32."""
    values = np.linspace(0, 1, top + 1)
    if not encoding.full_range:
        values = np.clip((values * top / (top + 1) * 256 - 16) / (235 - 16), 0, 1)
    if encoding.gamma is not None:
        return np.asarray(values**encoding.gamma, np.float32)
    return transfer.linear_light(values, encoding.transfer).astype(np.float32)


def _show_hdr(luminance: Floats, brightest: Floats, encoding: ColorEncoding) -> Floats:
    """The luminance 0..1 on a display without HDR. `brightest`: the largest of red, green and blue, of BT.2020."""
    if encoding.transfer == transfer.HLG:
        gain = transfer.hlg_display_gain(luminance)
        luminance, brightest = luminance * gain, brightest * gain
    shown = transfer.tone_map(brightest, encoding.peak)
    return np.asarray(
        luminance * np.divide(shown, brightest, out=np.zeros_like(shown), where=brightest > 0), np.float32
    )


def _chromaticities(encoding: ColorEncoding) -> tuple[float, ...]:
    return encoding.chromaticities or _CHROMATICITIES.get(encoding.primaries, _SRGB_CHROMATICITIES)


def _to_xyz(chromaticities: tuple[float, ...]) -> Doubles:
    """The matrix from linear RGB (white is 1, 1, 1) to XYZ (Y of white is 1): (3, 3). Raises as `to_srgb` does."""
    x, y = np.reshape(chromaticities, (4, 2)).T
    xyz = np.array([x, y, 1 - x - y])
    if y[0] <= 0:
        raise ValueError(f"expected a white point with y above 0, got {y[0]}")
    matrix = xyz[:, 1:] * np.linalg.solve(xyz[:, 1:], xyz[:, 0] / y[0])
    if (matrix[1] < 0).any():
        raise ValueError(f"expected primaries of positive luminance, got {chromaticities}")
    return matrix
