"""What the values of a TIFF's samples mean: black/white sense, depth, palette, Lab, YCbCr, alpha, transfer function.

Each pixel is converted by itself, so a picture is converted block by block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL.ExifTags import Base
from tifffile import PHOTOMETRIC

from colorizer.arrays import Depth, Floats, Pixels, depth_for
from colorizer.color.encoding import ColorEncoding
from colorizer.errors import InvalidImage
from colorizer.images.readers.pillow import stretch_table, unassociate
from colorizer.images.readers.tiff.color_tables import (
    encoding_table,
    lab_table,
    read_palette,
    ycbcr_matrix,
)
from colorizer.images.readers.tiff.directory import Directory
from colorizer.images.readers.tiff.layout import JPEGS, Layout

Values = NDArray[Any]

_LABS = (PHOTOMETRIC.CIELAB, PHOTOMETRIC.ICCLAB, PHOTOMETRIC.ITULAB)


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
    dtype = depth_for(bits)
    colors, shape = layout.colors, () if layout.colors == 1 else (layout.colors,)
    notes: tuple[str, ...] = ()
    if layout.photometric == PHOTOMETRIC.PALETTE:
        palette = read_palette(directory, bits)
        dtype, shape = palette.dtype.type, (3,)
        color = partial(_map_palette, palette)
    elif layout.photometric == PHOTOMETRIC.YCBCR and layout.compression not in JPEGS:
        color = partial(_map_ycbcr, ycbcr_matrix(directory, bits), dtype)
    elif layout.photometric in _LABS:
        colors, shape = 1, ()  # only L is used
        color = partial(_map_values, lab_table(directory, layout.photometric, bits, dtype))
    else:
        table, notes = encoding_table(directory, layout, bits, dtype)
        color = partial(_map_values, table)
    stretch = stretch_table(bits, depth_for(bits))

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


def _map_ycbcr(matrix: Floats, dtype: Depth, values: Pixels) -> Pixels:
    """YCbCr (rows, columns, 3) -> RGB of `dtype`, rounded, with a matrix (3, 4)."""
    top = np.float32(np.iinfo(dtype).max)
    rgb = cv2.transform(values.astype(np.float32), matrix * top)
    return np.rint(np.clip(rgb, 0, top)).astype(dtype)
