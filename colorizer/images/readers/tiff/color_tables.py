"""Tables and matrices with which the values of a TIFF's samples become pixels, from the file's tags."""

from __future__ import annotations

import struct

import numpy as np
from PIL.ExifTags import Base
from tifffile import PHOTOMETRIC

from colorizer.arrays import Depth, Floats, Pixels
from colorizer.color import lab
from colorizer.color.curves import linear_table
from colorizer.images.readers.pillow import stretch_table
from colorizer.images.readers.tiff.directory import Directory
from colorizer.images.readers.tiff.layout import Layout

_DECODE = 433  # the tag of TIFF-FX with the ranges of L, a and b in ITULAB
_ICC_WHITE = 0xFF00  # L 100 in ICCLAB of 16 bits
_CURVE_TOLERANCE = 0.002  # of linear light, as in `icc`


def encoding_table(
    directory: Directory, layout: Layout, bits: int, dtype: Depth
) -> tuple[Pixels | None, tuple[str, ...]]:
    """The table for grey, RGB and CMYK, with the transfer function of the file if it has no profile, and a note."""
    plain = stretch_table(bits, dtype)
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


def read_palette(directory: Directory, bits: int) -> Pixels:
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


def lab_table(directory: Directory, photometric: int, bits: int, dtype: Depth) -> Pixels:
    """Grey of the same L for each stored L: (values,). The ranges are those of Adobe's technical notes of 2002."""
    lowest, highest, white = 0.0, 100.0, (1 << bits) - 1
    if photometric == PHOTOMETRIC.ICCLAB and bits == 16:
        white = _ICC_WHITE
    elif photometric == PHOTOMETRIC.ITULAB:
        lowest, highest = _read_ratios(directory, _DECODE, (0, 100, -85, 85, -75, 125))[:2]
    share = np.arange(1 << bits, dtype=np.float32) / np.float32(white)
    lightness = np.clip(np.float32(lowest) + share * np.float32(highest - lowest), 0, 100)
    return lab.encode(lab.relative_luminance(lightness), dtype)


def ycbcr_matrix(directory: Directory, bits: int) -> Floats:
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
