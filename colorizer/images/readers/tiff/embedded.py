"""Decode strips and tiles that are a JPEG or a JPEG 2000 and state a size of their own.

That size is compared with the tags before the codec allocates memory for it, and the codec gets an array of that size.
"""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL.ExifTags import Base
from tifffile import COMPRESSION, PHOTOMETRIC

from colorizer.arrays import depth_for
from colorizer.errors import InvalidImage
from colorizer.images.readers.jpeg.frame import Frame, check_scans, read_frame
from colorizer.images.readers.tiff.directory import Directory
from colorizer.images.readers.tiff.jpeg2000 import read_codestream
from colorizer.images.readers.tiff.layout import JPEGS, Layout
from colorizer.images.segments import FRAMES, Marker, read_layout

_MCU = 16  # rows by which the JPEG of the last strip may be too long
_LOSSLESS = 0xC3  # the marker of the frame
_PICTURE = {*FRAMES, Marker.LS_FRAME, Marker.START_OF_SCAN}
_CS: Any = imagecodecs.JPEG8.CS  # colour spaces


def decode_embedded(directory: Directory, layout: Layout, content: bytes, rows: int, columns: int) -> NDArray[Any]:
    """Decode a block with the given bytes: (at least `rows`, at least `columns`, samples in a block).

    `rows`, `columns`: how many of the block are in the picture. A JPEG of YCbCr is decoded to RGB.
    Raises InvalidImage for another size or depth than the tags say, struct.error or what the codec raises for damage.
    """
    samples = 1 if layout.planar else layout.samples
    if layout.compression in JPEGS:
        segments = read_layout(content)
        frame = read_frame(content, segments, (samples,))
        _check_size(layout, rows, columns, frame.width, frame.height)
        check_scans(segments, frame)
        values = _decode_jpeg(directory, layout, content, frame)
    else:
        codestream, width, height = read_codestream(content, samples)
        _check_size(layout, rows, columns, width, height)
        values = np.asarray(imagecodecs.jpeg2k_decode(codestream))
    values = values[..., np.newaxis] if values.ndim == 2 else values
    if values.shape[2] != samples or values.dtype != depth_for(layout.bits):
        got = f"{values.shape[2]} of {8 * values.itemsize}"
        raise InvalidImage(f"expected {samples} samples of {layout.bits} bits in a strip or tile, got {got}")
    return values


def _check_size(layout: Layout, rows: int, columns: int, width: int, height: int) -> None:
    """Compare a size stated inside a block with that of the block, of which `rows` and `columns` are in the picture."""
    if width not in (layout.block_width, columns) or not rows <= height < layout.block_length + _MCU:
        raise InvalidImage(
            f"expected a strip or tile of {layout.block_width} x {rows} pixels, got one that claims {width} x {height}"
        )


def _decode_jpeg(directory: Directory, layout: Layout, content: bytes, frame: Frame) -> NDArray[Any]:
    """A JPEG; its components are what the tags say, whatever the JPEG says. Only YCbCr is converted."""
    samples = len(frame.components)
    shape = (frame.height, frame.width, samples)[: 2 if samples == 1 else 3]
    decoded: NDArray[Any] = np.empty(shape, depth_for(frame.precision))
    if layout.compression == COMPRESSION.OJPEG:
        space = _CS.RGB if samples == 3 else _CS.GRAYSCALE
        imagecodecs.jpeg8_decode(content, outcolorspace=space, out=decoded)
        return decoded
    stored = {1: _CS.GRAYSCALE, 3: _CS.RGB, 4: _CS.CMYK}.get(samples, _CS.UNKNOWN)
    wanted = stored
    if layout.photometric == PHOTOMETRIC.YCBCR and samples == 3:
        stored, wanted = _CS.YCbCr, _CS.RGB
    tables = directory.content(Base.JPEGTables)
    if tables and any(item.marker in _PICTURE for item in read_layout(tables).segments):
        raise InvalidImage("expected tables for the JPEGs in a TIFF, got a whole picture in their place")
    try:
        imagecodecs.jpeg8_decode(content, tables=tables, colorspace=stored, outcolorspace=wanted, out=decoded)
    except RuntimeError:
        if frame.marker != _LOSSLESS:
            raise
        imagecodecs.ljpeg_decode(content, out=decoded)  # reads what libjpeg does not: some tables of raw converters
    return decoded
