"""Encode PNG files, strip by strip on all cores (PNG specification, third edition; RFC 1950 and 1951)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import starmap

import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Pixels
from colorizer.images import photoshop
from colorizer.images.chunks import END, LONGEST_KEYWORD, SIGNATURE, make_chunk
from colorizer.images.metadata import INCH
from colorizer.parallel import map_strips, split_rows
from colorizer.picture import Metadata

LEVEL = 3  # of deflate; at higher levels, a file a tenth smaller takes twice as long
_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # number of channels -> colour type: grey, grey with alpha, RGB, RGBA
_SUB = 1  # filter type: the difference from the pixel to the left
_DATA = b"IDAT"
_ZLIB_HEADER = b"\x78\x5e"


def encode(pixels: Pixels, alpha: Pixels | None, metadata: Metadata) -> bytes:
    """Encode pixels with their metadata and return the bytes of the PNG file.

    `pixels`: grey (H, W) or RGB (H, W, 3), uint8 or uint16. `alpha`: (H, W) of the same dtype, or None.
    """
    height, width = pixels.shape[:2]
    channels = (pixels.shape[2] if pixels.ndim == 3 else 1) + (alpha is not None)
    pieces = split_rows(height, width)

    def compress_strip(rows: slice) -> tuple[bytes, int, int]:
        lines = _filter_rows(pixels[rows], None if alpha is None else alpha[rows])
        deflate = zlib.compressobj(LEVEL, wbits=-zlib.MAX_WBITS, memLevel=9)
        last = rows.stop == height
        chunk = make_chunk(
            _DATA, deflate.compress(lines.data), deflate.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
        )
        return chunk, zlib.adler32(lines.data), lines.size

    parts = map_strips(compress_strip, pieces)
    checksum = 1
    for _, adler, size in parts:
        checksum = _combine_adler32(checksum, adler, size)
    header = struct.pack(">IIBBBBB", width, height, 8 * pixels.itemsize, _COLOR_TYPES[channels], 0, 0, 0)
    begin = [(b"IHDR", header), *_metadata_chunks(metadata), (_DATA, _ZLIB_HEADER)]
    end = [(_DATA, struct.pack(">I", checksum)), (END, b"")]
    chunks = (*starmap(make_chunk, begin), *(chunk for chunk, _, _ in parts), *starmap(make_chunk, end))
    return b"".join([SIGNATURE, *chunks])


def _filter_rows(pixels: Pixels, alpha: Pixels | None) -> NDArray[np.uint8]:
    """The filtered bytes of each row, after the filter type: (rows, 1 + bytes per row)."""
    if alpha is not None:
        pixels = np.dstack([pixels, alpha])
    rows, step = len(pixels), pixels[0, 0].nbytes
    values = np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder(">"), copy=False)).view(np.uint8)
    values = values.reshape(rows, -1)
    lines = np.empty((rows, 1 + values.shape[1]), np.uint8)
    lines[:, 0] = _SUB
    lines[:, 1 : 1 + step] = values[:, :step]
    np.subtract(values[:, step:], values[:, :-step], out=lines[:, 1 + step :])
    return lines


def _combine_adler32(first: int, second: int, size: int) -> int:
    """The Adler-32 of two pieces in sequence; the second has `size` bytes (RFC 1950, section 8.2)."""
    base = 65521
    low, second_low = first & 0xFFFF, second & 0xFFFF
    high = (first >> 16) + (second >> 16) + size * (low - 1)
    return (high % base) << 16 | (low + second_low - 1) % base


def _metadata_chunks(metadata: Metadata) -> Iterator[tuple[bytes, bytes]]:
    if metadata.icc_profile is not None:
        yield b"iCCP", b"ICC profile\0\0" + zlib.compress(metadata.icc_profile)
    if metadata.dpi is not None:
        yield b"pHYs", struct.pack(">IIB", *(round(value / INCH) for value in metadata.dpi), 1)
    if metadata.exif is not None:
        yield b"eXIf", metadata.exif
    if metadata.xmp is not None:
        yield b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + metadata.xmp
    if metadata.iptc is not None:
        yield b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(_write_profile("iptc", metadata.iptc))
    for keyword, text in metadata.texts:
        yield _text_chunk(keyword, text)


def _write_profile(name: str, iptc: bytes) -> bytes:
    """IPTC in a Photoshop resource in hexadecimal digits: ImageMagick's convention, which other programs read too."""
    content = photoshop.make_resource(photoshop.IPTC, iptc)
    digits = content.hex()
    lines = [digits[start : start + 72] for start in range(0, len(digits), 72)]
    return "\n".join(["", name, f"{len(content):8d}", *lines, ""]).encode()


def _text_chunk(keyword: str, text: str) -> tuple[bytes, bytes]:
    """A chunk in Latin-1 or, where the text has other characters, in UTF-8. The keyword is as the standard wants it."""
    name = " ".join(keyword.split()).encode("latin-1", "replace")[:LONGEST_KEYWORD].strip() or b"Comment"
    text = text.replace("\0", "")
    try:
        return b"tEXt", name + b"\0" + text.encode("latin-1")
    except UnicodeEncodeError:
        return b"iTXt", name + bytes(5) + text.encode()
