"""PNG files of every colour type and depth, written byte by byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.integer[Any]]
Chunks = Iterable[tuple[bytes, bytes]]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(
    values: Values,
    bits: int,
    color_type: int,
    *,
    before: Chunks = (),
    after: Chunks = (),
    interlaced: bool = False,
    pieces: int = 1,
) -> bytes:
    """A PNG of `values` (H, W, channels). `before`, `after`: chunks around the picture, which has `pieces` IDATs."""
    height, width, _ = values.shape
    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, int(interlaced))
    lines = b"".join(_lines(values, bits, interlaced))
    data = zlib.compress(lines)
    step = -(-len(data) // pieces)
    picture = [(b"IDAT", data[start : start + step]) for start in range(0, len(data), step)]
    chunks = [(b"IHDR", header), *before, *picture, *after, (b"IEND", b"")]
    return SIGNATURE + b"".join(chunk(*content) for content in chunks)


def _lines(values: Values, bits: int, interlaced: bool) -> Iterator[bytes]:
    """The rows of each pass, each after its filter type, which is none."""
    for x, y, across, down in _ADAM7 if interlaced else ((0, 0, 1, 1),):
        part = values[y::down, x::across]
        yield from (b"\0" + _pack(row, bits) for row in part if part.size)


def _pack(row: Values, bits: int) -> bytes:
    if bits >= 8:
        return row.astype(">u2" if bits == 16 else "u1").tobytes()
    return np.packbits(np.unpackbits(row.astype(np.uint8).reshape(-1, 1), axis=1)[:, 8 - bits :].reshape(-1)).tobytes()


def raw_profile(kind: str, content: bytes) -> tuple[bytes, bytes]:
    """A text chunk in which ImageMagick stores a block of metadata."""
    digits = content.hex()
    lines = "\n".join(digits[start : start + 72] for start in range(0, len(digits), 72))
    return b"tEXt", f"Raw profile type {kind}\0\n{kind}\n{len(content):8}\n{lines}\n".encode()
