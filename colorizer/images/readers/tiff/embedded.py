"""Decode strips and tiles that are a JPEG or a JPEG 2000 and state a size of their own.

That size is compared with the tags before the codec allocates memory for it.
"""

from __future__ import annotations

import struct
from functools import partial
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL.ExifTags import Base
from tifffile import COMPRESSION, PHOTOMETRIC

from colorizer.errors import InvalidImage
from colorizer.images.readers.pillow import open_image
from colorizer.images.readers.tiff.directory import Directory
from colorizer.images.readers.tiff.layout import JPEGS, Layout

_MCU = 16  # rows by which the JPEG of the last strip may be too long
_MAX_MARKERS = 1000  # before the frame header of a JPEG
_CS: Any = imagecodecs.JPEG8.CS  # colour spaces


def decode_embedded(directory: Directory, layout: Layout, content: bytes, rows: int, columns: int) -> NDArray[Any]:
    """Decode a block with the given bytes: (at least `rows`, at least `columns`, samples in a block).

    `rows`, `columns`: how many of the block are in the picture. A JPEG of YCbCr is decoded to RGB.
    Raises InvalidImage for another size or depth than the tags say, struct.error or what the codec raises for damage.
    """
    samples = 1 if layout.planar else layout.samples
    check_size = partial(_check_size, layout, rows, columns)
    if layout.compression in JPEGS:
        check_size(*_read_jpeg_size(content))
        values = _decode_jpeg(directory, layout, content, samples)
    else:
        open_image(content, "JPEG2000", check_size=check_size).close()  # reads the header only
        values = np.asarray(imagecodecs.jpeg2k_decode(content))
    values = values[..., np.newaxis] if values.ndim == 2 else values
    if values.shape[2] != samples or values.dtype != (np.uint8 if layout.bits <= 8 else np.uint16):
        got = f"{values.shape[2]} of {8 * values.itemsize}"
        raise InvalidImage(f"expected {samples} samples of {layout.bits} bits in a strip or tile, got {got}")
    return values


def _check_size(layout: Layout, rows: int, columns: int, width: int, height: int) -> None:
    """Compare a size stated inside a block with that of the block, of which `rows` and `columns` are in the picture."""
    if width not in (layout.block_width, columns) or not rows <= height < layout.block_length + _MCU:
        raise InvalidImage(
            f"expected a strip or tile of {layout.block_width} x {rows} pixels, got one that claims {width} x {height}"
        )


def _read_jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height in the frame header (ITU-T T.81, B.2.2). Raises struct.error if there is none."""
    position = 0
    for _ in range(_MAX_MARKERS):
        start, marker = struct.unpack_from(">BB", jpeg, position)
        if start != 0xFF:
            raise struct.error("expected a JPEG in a strip or tile, got something else")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # tables and an extension
            height, width = struct.unpack_from(">HH", jpeg, position + 5)
            return width, height
        if marker == 0xFF:  # a fill byte
            position += 1
        elif marker == 0xD8:  # the start has no length
            position += 2
        else:
            position += 2 + struct.unpack_from(">H", jpeg, position + 2)[0]
    raise struct.error(f"expected a JPEG whose size is within the first {_MAX_MARKERS} markers")


def _decode_jpeg(directory: Directory, layout: Layout, content: bytes, samples: int) -> NDArray[Any]:
    """A JPEG; its components are what the tags say, whatever the JPEG says. Only YCbCr is converted."""
    if layout.compression == COMPRESSION.OJPEG:
        return np.asarray(imagecodecs.jpeg_decode(content, outcolorspace=_CS.RGB if samples == 3 else _CS.GRAYSCALE))
    stored = {1: _CS.GRAYSCALE, 3: _CS.RGB, 4: _CS.CMYK}.get(samples, _CS.UNKNOWN)
    decoded = stored
    if layout.photometric == PHOTOMETRIC.YCBCR and samples == 3:
        stored, decoded = _CS.YCbCr, _CS.RGB
    tables = directory.content(Base.JPEGTables)
    return np.asarray(imagecodecs.jpeg_decode(content, tables=tables, colorspace=stored, outcolorspace=decoded))
