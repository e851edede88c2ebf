"""What the values of a TIFF's samples mean: black/white sense, depth, palette, Lab, YCbCr, alpha, transfer function.

Each pixel is converted by itself, so a picture is converted block by block.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL.ExifTags import Base
from tifffile import PHOTOMETRIC

from colorizer.arrays import Depth, Floats, Pixels
from colorizer.color import lab
from colorizer.color.curves import linear_table
from colorizer.color.encoding import ColorEncoding
from colorizer.errors import InvalidImage
from colorizer.images.readers.pillow import unassociate
from colorizer.images.readers.tiff.directory import Directory
from colorizer.images.readers.tiff.layout import JPEGS, Layout

Values = NDArray[Any]

_DECODE = 433  # the tag of TIFF-FX with the ranges of L, a and b in ITULAB
_LABS = (PHOTOMETRIC.CIELAB, PHOTOMETRIC.ICCLAB, PHOTOMETRIC.ITULAB)
_ICC_WHITE = 0xFF00  # L 100 in ICCLAB of 16 bits
_CURVE_TOLERANCE = 0.002  # of linear light, as in `icc`


@dataclass(frozen=True)
class Conversion:
    """How the stored values of a picture become pixels.

    `samples`: indices of the samples that are needed. `shape`: of a pixel: () grey, (3,) RGB, (4,) CMYK.
    `convert`: values (rows, columns, samples) -> pixels (rows, columns, *shape) of `dtype` and alpha (rows, columns) of
    `dtype` or None; raises InvalidImage for values that have no meaning. `notes`: sentences for the user.
    """

    samples: tuple[int, ...]
    shape: tuple[int, ...]
    dtype: Depth
    convert: Callable[[Values], tuple[Pixels, Pixels | None]]
    notes: tuple[str, ...]


def make_conversion(directory: Directory, layout: Layout) -> Conversion:
    """The conversion that a picture's tags ask for. Raises struct.error for a damaged directory."""
    bits = min(layout.bits, 16)  # `_to_unsigned` makes 16 of 32
    dtype: Depth = np.uint8 if bits <= 8 else np.uint16
    colors, shape = layout.colors, () if layout.colors == 1 else (layout.colors,)
    notes: tuple[str, ...] = ()
    if layout.photometric == PHOTOMETRIC.PALETTE:
        palette = _read_palette(directory, bits)
        dtype, shape = palette.dtype.type, (3,)
        color = partial(_map_palette, palette)
    elif layout.photometric == PHOTOMETRIC.YCBCR and layout.compression not in JPEGS:
        color = partial(_map_ycbcr, _ycbcr_matrix(directory, bits), dtype)
    elif layout.photometric in _LABS:
        colors, shape = 1, ()  # only L is used
        color = partial(_map_values, _lab_table(directory, layout.photometric, bits, dtype))
    else:
        table, notes = _apply_transfer_function(directory, layout, bits, dtype)
        color = partial(_map_values, table)
    stretch = _stretch_table(bits, np.uint8 if bits <= 8 else np.uint16)

    def convert(values: Values) -> tuple[Pixels, Pixels | None]:
        whole = _to_unsigned(values)
        pixels, alpha = color(whole[..., :colors]), None
        if layout.alpha is not None:
            alpha = _to_depth(_map_values(stretch, whole[..., colors:]), dtype)
            pixels = unassociate(pixels, alpha) if layout.associated else pixels
        return np.invert(pixels) if layout.photometric == PHOTOMETRIC.MINISWHITE else pixels, alpha

    samples = tuple(range(colors)) if layout.alpha is None else (*range(colors), layout.alpha)
    return Conversion(samples, shape, dtype, convert, notes)


def read_encoding(directory: Directory, layout: Layout) -> ColorEncoding | None:
    """The primaries of a picture in RGB, if the file states them and has no profile; None: those of sRGB."""
    points = [*directory.ratios(Base.WhitePoint), *directory.ratios(Base.PrimaryChromaticities)]
    if layout.colors != 3 or layout.photometric in _LABS or len(points) != 8 or not np.isfinite(points).all():
        return None
    return ColorEncoding(chromaticities=tuple(points))


def _to_unsigned(values: Values) -> Pixels:
    """Signed values as unsigned ones, and those of 32 bits in 16. Raises InvalidImage if they do not fit."""
    if values.dtype == np.uint32:
        return ((values.astype(np.uint64) + 32768) // 65537).astype(np.uint16)
    if values.dtype.kind == "u":
        return values
    dtype: Depth = np.uint8 if values.dtype == np.int8 else np.uint16
    if values.min() < 0 or values.max() > np.iinfo(dtype).max:
        raise InvalidImage(f"expected grey values of 0..{np.iinfo(dtype).max}, got {values.min()}..{values.max()}")
    return values.astype(dtype)


def _to_depth(alpha: Pixels, dtype: Depth) -> Pixels:
    """Alpha of a palette picture, whose indices can have more or fewer bits than its colours."""
    if alpha.dtype == dtype:
        return alpha
    return (alpha >> 8).astype(np.uint8) if dtype == np.uint8 else alpha.astype(np.uint16) * np.uint16(257)


def _map_values(table: Pixels | None, values: Pixels) -> Pixels:
    """Look up each value (rows, columns, n) in a table (values,) or (values, n). None: the values stay as they are."""
    values = values[..., 0] if values.shape[2] == 1 else values
    if table is None:
        return values
    if table.ndim == 1:
        return table[values]
    return np.stack([table[values[..., channel], channel] for channel in range(table.shape[1])], axis=-1)


def _map_palette(palette: Pixels, indices: Pixels) -> Pixels:
    """Look up each index (rows, columns, 1) in a palette (values, 3)."""
    return palette[indices[..., 0]]


def _stretch_table(bits: int, dtype: Depth) -> Pixels | None:
    """Values of `bits` bits in the full range of `dtype`: (values,), or None if they are the same."""
    top = int(np.iinfo(dtype).max)
    return None if bits in (8, 16) else np.rint(np.linspace(0, top, 1 << bits)).astype(dtype)


def _apply_transfer_function(
    directory: Directory, layout: Layout, bits: int, dtype: Depth
) -> tuple[Pixels | None, tuple[str, ...]]:
    """The table for grey, RGB and CMYK, with the transfer function of the file if it has no profile, and a note."""
    plain = _stretch_table(bits, dtype)
    stored = directory.numbers(Base.TransferFunction)
    if not stored.size or directory.find(Base.InterColorProfile) is not None:
        return plain, ()
    usable = layout.photometric in (PHOTOMETRIC.MINISBLACK, PHOTOMETRIC.RGB) and layout.bits <= 16
    if not usable or stored.size not in (1 << bits, layout.colors << bits):
        return plain, ("the file's transfer function is not used, because it does not fit the picture",)
    light = (stored.reshape(-1, 1 << bits) / 65535).T.astype(np.float32)
    light = light[:, 0] if light.shape[1] == 1 else light
    if np.abs(light.T - linear_table((1 << bits) - 1)).max() <= _CURVE_TOLERANCE:
        return plain, ()
    return lab.encode(np.ascontiguousarray(light), dtype), ("transfer function applied; the result is sRGB",)


def _read_palette(directory: Directory, bits: int) -> Pixels:
    """The colours of a palette: (values, 3), uint8 if that holds them, else uint16. Raises struct.error."""
    stored = directory.numbers(Base.ColorMap)
    if stored.size < 3 << bits:
        raise struct.error(f"expected a palette of {3 << bits} values, got {stored.size}")
    colors = stored[: 3 << bits].reshape(3, -1).T.astype(np.uint16)
    if colors.max() <= 255:  # some writers store 8 bits; libtiff decides like this, too
        return colors.astype(np.uint8)
    high, low = colors >> 8, colors & 255
    whole = ((low == high) | (low == 0)).all()  # writers store 8 bits as value * 257 or as value * 256
    return high.astype(np.uint8) if whole else colors


def _lab_table(directory: Directory, photometric: int, bits: int, dtype: Depth) -> Pixels:
    """Grey of the same L for each stored L: (values,). The ranges are those of Adobe's technical notes of 2002."""
    lowest, highest, white = 0.0, 100.0, (1 << bits) - 1
    if photometric == PHOTOMETRIC.ICCLAB and bits == 16:
        white = _ICC_WHITE
    elif photometric == PHOTOMETRIC.ITULAB:
        lowest, highest = _read_ratios(directory, _DECODE, (0, 100, -85, 85, -75, 125))[:2]
    share = np.arange(1 << bits, dtype=np.float32) / np.float32(white)
    lightness = np.clip(np.float32(lowest) + share * np.float32(highest - lowest), 0, 100)
    return lab.encode(lab.relative_luminance(lightness), dtype)


def _ycbcr_matrix(directory: Directory, bits: int) -> Floats:
    """(3, 4): red, green and blue (0..1) from the stored Y, Cb, Cr and 1 (TIFF 6.0, sections 20 and 21)."""
    top, middle = (1 << bits) - 1, 1 << (bits - 1)
    red, green, blue = _read_ratios(directory, Base.YCbCrCoefficients, (0.299, 0.587, 0.114))
    usual = (0, top, middle, top, middle, top)
    reference = np.array(_read_ratios(directory, Base.ReferenceBlackWhite, usual)).reshape(3, 2)
    black, span = reference[:, 0], reference[:, 1] - reference[:, 0]
    if not (span.all() and green):
        raise struct.error("expected coefficients and reference values of YCbCr, got zeros")
    chroma = 127 / 255  # the largest chroma, where the largest Y is 1
    to_rgb = np.array(
        [
            [1, 0, 2 - 2 * red],
            [1, -blue * (2 - 2 * blue) / green, -red * (2 - 2 * red) / green],
            [1, 2 - 2 * blue, 0],
        ]
    )
    scaled = to_rgb * (np.array([1, chroma, chroma]) / span)
    return np.column_stack([scaled, -scaled @ black]).astype(np.float32)


def _read_ratios(directory: Directory, tag: int, usual: tuple[float, ...]) -> tuple[float, ...]:
    """The values of a tag, or the usual ones if it is missing or damaged."""
    values = tuple(directory.ratios(tag))
    return values if len(values) == len(usual) and np.isfinite(values).all() else usual


def _map_ycbcr(matrix: Floats, dtype: Depth, values: Pixels) -> Pixels:
    """YCbCr (rows, columns, 3) -> RGB of `dtype`, rounded, with a matrix (3, 4)."""
    top = np.float32(np.iinfo(dtype).max)
    rgb = cv2.transform(values.astype(np.float32), matrix * top)
    return np.rint(np.clip(rgb, 0, top)).astype(dtype)
