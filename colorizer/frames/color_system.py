"""How the numbers of a film's frames stand for colours: primaries, transfer and matrix, and tables made from them.

The codes are those of ITU-T H.273, whose tables 2, 3 and 4 are the source of the numbers. All transfers for ordinary
displays count as the curve of sRGB here, both ways, so that grey stays grey of the same L. Light for other displays
(HDR) keeps its own curve: chroma has the ratios of the colour's red, green and blue, at the light of the luma.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorTrc
from numpy.typing import NDArray

from colorizer.arrays import Floats, Pixels, depth_for
from colorizer.color import curves, encoding, lab, transfer
from colorizer.frames.tone_mapping import luma_table, special_transfer

Doubles = NDArray[np.float64]

BT601_MATRIX, BT709_MATRIX = 6, 1  # PyAV does not name them: its `Colorspace` has the numbers of swscale instead
_HD_LINES = 720  # pictures without a mark are of BT.709 from this height on, as players take them
# The shares of red and blue in luma, by matrix; the other codes are no such sums, or unspecified.
_SHARES = {
    BT709_MATRIX: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    BT601_MATRIX: (0.299, 0.114),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
}
_LIKE_BT709 = (ColorTrc.BT709, ColorTrc.SMPTE170M, ColorTrc.BT2020_10, ColorTrc.BT2020_12)
_CURVE_POINTS = 4096


@dataclass(frozen=True)
class ColorSystem:
    """Codes of H.273. `matrix`: one of those with shares of red and blue. The default is that of films for browsers."""

    primaries: int = ColorPrimaries.BT709
    transfer: int = ColorTrc.BT709
    matrix: int = BT601_MATRIX

    @property
    def is_plain(self) -> bool:
        """Whether red, green and blue are those of sRGB."""
        return self.primaries == ColorPrimaries.BT709 and not self.is_hdr

    @property
    def is_hdr(self) -> bool:
        """Whether the light is that of other displays than ordinary ones."""
        return special_transfer(self.transfer) is not None


BT601 = ColorSystem()


def choose_system(primaries: int, transfer_code: int, matrix: int, height: int) -> ColorSystem:
    """The system of a film with these marks and so many lines; what the marks do not say is what players assume."""
    assumed = BT709_MATRIX if height >= _HD_LINES else BT601_MATRIX
    return ColorSystem(
        primaries if encoding.has_primaries(primaries) else ColorPrimaries.BT709,
        transfer_code if transfer.is_transfer(transfer_code) else ColorTrc.BT709,
        matrix if matrix in _SHARES else assumed,
    )


def is_same_system(one: ColorSystem, other: ColorSystem) -> bool:
    """Whether two systems have the same numbers for the same colours; some have several codes."""
    transfers = {system.transfer if system.transfer not in _LIKE_BT709 else ColorTrc.BT709 for system in (one, other)}
    shares = {_SHARES.get(system.matrix) for system in (one, other)}
    return one.primaries == other.primaries and len(transfers) == len(shares) == 1


def luma_values(bits: int) -> Doubles:
    """The luma by the index of a table for `cv2.LUT`: (256,) for up to 8 bits, else (65536,); rising, then constant."""
    return np.minimum(np.arange(256 if bits <= 8 else 65536, dtype=np.float64), 2.0**bits - 1)


@cache
def gray_table(system: ColorSystem, bits: int, full_range: bool) -> Pixels:
    """Grey from 0, black, to the dtype's maximum, white, by luma: as `luma_values`, uint8 for 8 bits, else uint16."""
    luma = luma_values(bits)
    if system.is_hdr:
        luma = luma_table(system.transfer, bits, full_range, bits)[luma.astype(int)].astype(np.float64)
    unit = _to_unit(luma, bits, full_range)
    depth = depth_for(bits)
    return np.rint(np.iinfo(depth).max * unit).astype(depth)


@cache
def luminance_table(system: ColorSystem, bits: int, full_range: bool) -> Floats:
    """CIE L 0..100 by luma: as long as `luma_values`, float32."""
    return np.asarray(lab.luminance(gray_table(system, bits, full_range)[np.newaxis])[0], np.float32)


@cache
def light_gain_table(system: ColorSystem, bits: int, full_range: bool) -> Floats:
    """The linear light of luma, relative to that which its L stands for: as long as `luma_values`, float32; for HDR."""
    values = _to_unit(luma_values(bits), bits, full_range)
    shown = lab.relative_luminance(luminance_table(system, bits, full_range)).astype(np.float64)
    light = transfer.linear_light(values, system.transfer)
    return np.divide(light, shown, out=np.zeros_like(light), where=shown > 0).astype(np.float32)


@cache
def rgb_to_yuv(matrix: int, bits: int, full_range: bool) -> Doubles:
    """(3, 4), a matrix and an offset: RGB 0..1 of the system's transfer -> Y, U, V of `bits` bits, unrounded."""
    red, blue = _SHARES[matrix]
    luma = np.array([red, 1 - red - blue, blue])
    u, v = (np.eye(3)[[2, 0]] - luma) / (2 * (1 - np.array([[blue], [red]])))
    rows = np.round([luma, u, v], 6)  # as many digits as ITU-R BT.601 gives
    unit = 2.0 ** (bits - 8)
    scale = np.full(3, 2.0**bits - 1) if full_range else unit * np.array([219.0, 224.0, 224.0])
    neutral = 2.0 ** (bits - 1)
    offset = np.array([0.0 if full_range else 16.0 * unit, neutral, neutral])
    return np.column_stack([rows * scale[:, np.newaxis], offset])


def encode_light(light: Floats, system: ColorSystem, gain: Floats | None = None) -> Floats:
    """Linear light (h, w, 3) of sRGB's red, green and blue -> RGB 0..1 of `system`, float32, same shape.

    `gain`: (h, w), from `light_gain_table`, for HDR. Colours outside the gamut are clipped.
    """
    if system.primaries != ColorPrimaries.BT709:
        light = np.asarray(cv2.transform(light, encoding.from_srgb(system.primaries)), np.float32)
    if gain is None:
        return curves.encode_srgb(light)
    return np.asarray(np.interp(light * gain[..., np.newaxis], *_curve(system.transfer)), np.float32)


@cache
def _curve(code: int) -> tuple[Doubles, Doubles]:
    """Points of a transfer's curve: linear light, rising, and the values 0..1 that stand for it."""
    values = np.linspace(0, 1, _CURVE_POINTS)
    return transfer.linear_light(values, code), values


def _to_unit(luma: Doubles, bits: int, full_range: bool) -> Doubles:
    """Luma of `bits` bits -> 0 (black) .. 1 (white)."""
    unit = 2.0 ** (bits - 8)
    return np.clip(luma / (2.0**bits - 1) if full_range else (luma - 16 * unit) / (219 * unit), 0, 1)
