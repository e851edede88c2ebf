"""The pixels of a PNG file, decoded by libpng."""

from __future__ import annotations

import logging
import struct
import zlib
from dataclasses import dataclass

import imagecodecs
import numpy as np

from colorizer.arrays import Pixels
from colorizer.images.chunks import END, SIGNATURE, Chunk, Layout, make_chunk, run_contents

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
PALETTE = 3
_TRANSPARENCY_BYTES = {0: 2, 2: 6}  # of tRNS, by colour type
# Adam7: the first column and row of each pass, and the distances to the next ones.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))

# Without a handler, Python would print libpng's warnings, for example one for each interlaced file.
logging.getLogger("imagecodecs").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Header:
    """The IHDR chunk: size in pixels, bits of a sample or of an index into the palette, and colour type."""

    width: int
    height: int
    bits: int
    color_type: int
    interlaced: bool


def read_header(data: bytes, layout: Layout) -> Header:
    """Raises struct.error if the first chunk is no header."""
    if not layout.chunks or layout.chunks[0].kind != b"IHDR":
        raise struct.error("expected a header as the first chunk, got another one")
    width, height, bits, color_type, _, _, interlace = struct.unpack(">IIBBBBB", layout.chunks[0].content(data))
    if 0 in (width, height) or color_type not in _CHANNELS:
        raise struct.error(f"expected a size and a known kind of colour, got {width} x {height} and kind {color_type}")
    return Header(width, height, bits, color_type, bool(interlace))


def read_pixels(data: bytes, layout: Layout, header: Header) -> Pixels:
    """Decode the picture: (H, W) or (H, W, 2..4) of uint8 or uint16; the last of 2 or 4 channels is alpha.

    libpng gets only the chunks that it needs, so that it has nothing to say about others. Samples of less than 8 bits
    are stretched to 8, palettes are looked up, and tRNS becomes alpha.
    Raises PngError for damaged data, but not if only the end is missing and the pixels are complete.
    """
    kinds = {b"PLTE"} if header.color_type == PALETTE else set()
    before = [data[chunk.start : chunk.stop] for chunk in layout.chunks if chunk.kind in {b"IHDR", *kinds}]
    before += [data[chunk.start : chunk.stop] for chunk in layout.of_kind(b"tRNS") if _is_usable(data, chunk, header)]
    view = memoryview(data)
    runs = [view[chunk.start : chunk.stop] for chunk in layout.of_kind(b"IDAT")]
    end = make_chunk(END, b"")
    try:
        return np.asarray(imagecodecs.png_decode(b"".join([SIGNATURE, *before, *runs, end])))
    except imagecodecs.PngError:
        whole = _restore_end(data, layout, header)
        if whole is None:
            raise
        return np.asarray(imagecodecs.png_decode(b"".join([SIGNATURE, *before, whole, end])))


def _is_usable(data: bytes, chunk: Chunk, header: Header) -> bool:
    length = len(chunk.content(data))
    fits = 1 <= length <= 256 if header.color_type == PALETTE else length == _TRANSPARENCY_BYTES.get(header.color_type)
    return fits and chunk.is_intact(data)


def _restore_end(data: bytes, layout: Layout, header: Header) -> bytes | None:
    """The picture as one chunk, if its data are complete but for the end of the deflate stream; else None."""
    expected = _stream_bytes(header)
    stream = zlib.decompressobj()
    try:
        compressed = b"".join(piece for run in layout.of_kind(b"IDAT") for piece in run_contents(data, run))
        lines = stream.decompress(compressed, expected)
    except zlib.error:
        return None
    return make_chunk(b"IDAT", zlib.compress(lines, 0)) if len(lines) == expected else None


def _stream_bytes(header: Header) -> int:
    """The length of the decompressed picture: a filter type and the samples of each row, in each pass."""
    passes = _PASSES if header.interlaced else ((0, 0, 1, 1),)
    bits = header.bits * _CHANNELS[header.color_type]
    sizes = ((-(-(header.width - x) // across), -(-(header.height - y) // down)) for x, y, across, down in passes)
    return sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in sizes if columns > 0 and rows > 0)
