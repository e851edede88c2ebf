"""Decode the blocks of a TIFF's picture, which are strips or tiles: the values of its samples as stored.

tifffile is not used for this: it fills missing blocks with zeros, does not read chroma subsampling, and decodes a JPEG
of any size before it compares the size with the tags. Here the codecs are told how much they may return.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL.ExifTags import Base
from tifffile import COMPRESSION

from colorizer.errors import InvalidImage
from colorizer.images.readers.tiff.directory import Directory
from colorizer.images.readers.tiff.embedded import decode_embedded
from colorizer.images.readers.tiff.layout import EMBEDDED, Layout
from colorizer.images.readers.tiff.libtiff import decode_with_libtiff
from colorizer.images.readers.tiff.sample_kinds import FAX, describe_codes

Values = NDArray[Any]

_MAX_SHARING = 4  # times the file's size: so many bytes may all blocks have, because some writers store equal ones once

# Codecs that return the bytes of samples. They are given the number of bytes of a whole block.
_BYTE_CODECS: dict[int, Callable[..., Any]] = {
    COMPRESSION.ADOBE_DEFLATE: imagecodecs.deflate_decode,
    COMPRESSION.DEFLATE: imagecodecs.deflate_decode,
    COMPRESSION.PACKBITS: imagecodecs.packbits_decode,
    COMPRESSION.LZMA: imagecodecs.lzma_decode,
    COMPRESSION.ZSTD: imagecodecs.zstd_decode,
}


@dataclass(frozen=True)
class Blocks:
    """The blocks of one picture of a file. `byte_counts`: of each. `down`, `across`: how many a plane has."""

    directory: Directory
    layout: Layout
    byte_counts: NDArray[np.int64]
    down: int
    across: int


def find_blocks(directory: Directory, layout: Layout) -> Blocks:
    """The blocks of a picture. Raises InvalidImage for an unsupported compression, struct.error for damage."""
    if layout.compression not in (COMPRESSION.NONE, COMPRESSION.LZW, *_BYTE_CODECS, *FAX, *EMBEDDED):
        got = describe_codes(COMPRESSION, [layout.compression])
        raise InvalidImage(f"expected a TIFF without compression, or with LZW, Deflate or JPEG, got {got}")
    size, offsets = len(directory.data), layout.offsets.astype(np.int64)
    if offsets.min() < 8 or offsets.max() >= size:
        raise struct.error("a strip or tile is missing")
    # A block whose count is missing ends where the next one begins.
    ends = np.append(np.unique(offsets), size)
    counts = ends[np.searchsorted(ends, offsets, side="right")] - offsets
    stated = layout.byte_counts[: len(offsets)].astype(np.int64)
    counts[: len(stated)] = np.where(stated > 0, stated, counts[: len(stated)])
    if counts.sum() > _MAX_SHARING * size:
        raise struct.error("the strips or tiles are larger than the file")
    down, across = -(-layout.length // layout.block_length), -(-layout.width // layout.block_width)
    return Blocks(directory, layout, counts, down, across)


def decode_area(blocks: Blocks, row: int, column: int, samples: Sequence[int]) -> Values:
    """The values of some samples in one place of the grid of blocks, within the picture: (rows, columns, samples).

    They are as stored, in integers of 8, 16 or 32 bits; but a JPEG of YCbCr is decoded to RGB.
    Raises InvalidImage, struct.error or what the codec raises.
    """
    layout = blocks.layout
    number = row * blocks.across + column
    rows = min(layout.block_length, layout.length - row * layout.block_length)
    columns = min(layout.block_width, layout.width - column * layout.block_width)
    if layout.planar:
        per_plane = blocks.down * blocks.across
        planes = [_decode(blocks, sample * per_plane + number, rows, columns) for sample in samples]
        return np.concatenate(planes, axis=2) if len(planes) > 1 else planes[0]
    values = _decode(blocks, number, rows, columns)
    return values if len(samples) == values.shape[2] else values[..., list(samples)]


def _decode(blocks: Blocks, number: int, rows: int, columns: int) -> Values:
    """The values of one block, up to `rows` and `columns`: (rows, columns, samples in a block)."""
    layout = blocks.layout
    if layout.compression in EMBEDDED:
        return decode_embedded(blocks.directory, layout, _read_content(blocks, number), rows, columns)[:rows, :columns]
    if layout.compression in FAX:
        options = blocks.directory.number(Base.T4Options, 0)
        content = _read_content(blocks, number)
        values = decode_with_libtiff(content, layout.compression, layout.block_width, rows, 1, options)
        return values[:, :columns, np.newaxis].view(np.uint8)
    if layout.subsampling != (1, 1):
        return _decode_subsampled(blocks, number, rows)[:rows, :columns]
    samples = 1 if layout.planar else layout.samples
    line = layout.block_width * samples
    stored = _decode_bytes(blocks, number, rows, -(-line * layout.bits // 8))
    values = _unpack(layout, blocks.directory.order, stored, rows, line).reshape(rows, layout.block_width, samples)
    if layout.differenced:
        values = np.asarray(imagecodecs.delta_decode(values, axis=-2))
    return values[:, :columns]


def _read_content(blocks: Blocks, number: int) -> bytes:
    """The bytes of a block, each with its highest bit first."""
    start = int(blocks.layout.offsets[number])
    content = blocks.directory.data[start : start + int(blocks.byte_counts[number])]
    return bytes(imagecodecs.bitorder_decode(content)) if blocks.layout.reversed_bits else content


def _decode_bytes(blocks: Blocks, number: int, rows: int, line: int) -> bytes | bytearray | memoryview:
    """The first `rows` rows of a block, of `line` bytes each."""
    layout = blocks.layout
    stored: bytes | bytearray | memoryview
    if layout.compression == COMPRESSION.NONE:
        # The byte counts of some writers are wrong, and not needed here.
        start = int(layout.offsets[number])
        stored = memoryview(blocks.directory.data)[start : start + rows * line]
        stored = imagecodecs.bitorder_decode(bytes(stored)) if layout.reversed_bits else stored
    elif layout.compression == COMPRESSION.LZW:
        stored = decode_with_libtiff(_read_content(blocks, number), layout.compression, line, rows, 8).data.cast("B")
    else:
        stored = _BYTE_CODECS[layout.compression](_read_content(blocks, number), out=layout.block_length * line)
    if len(stored) < rows * line:
        raise struct.error(f"a strip or tile breaks off after {len(stored)} of {rows * line} bytes")
    return stored


def _unpack(layout: Layout, order: str, stored: bytes | bytearray | memoryview, rows: int, line: int) -> Values:
    """The numbers in rows of `line` numbers; packed ones begin anew in each row and have the highest bit first."""
    bits = layout.bits
    if bits in (8, 16, 32):
        values = np.frombuffer(stored, f"{order}{'i' if layout.signed else 'u'}{bits // 8}", rows * line)
        return values.astype(values.dtype.newbyteorder("="), copy=False)
    size = rows * -(-line * bits // 8)
    return np.asarray(imagecodecs.packints_decode(bytes(stored[:size]), "u1" if bits < 8 else "u2", bits, runlen=line))


def _decode_subsampled(blocks: Blocks, number: int, rows: int) -> Values:
    """YCbCr of 8 bits in units of several Y, one Cb and one Cr (TIFF 6.0, section 21); chroma is repeated."""
    layout = blocks.layout
    across, down = layout.subsampling
    units_across, units_down = -(-layout.block_width // across), -(-rows // down)
    line = units_across * (across * down + 2)
    stored = _decode_bytes(blocks, number, units_down, line)
    units = np.frombuffer(stored, np.uint8, units_down * line).reshape(units_down, units_across, -1)
    luma = units[..., :-2].reshape(units_down, units_across, down, across).transpose(0, 2, 1, 3)
    pixels = luma.reshape(units_down * down, units_across * across, 1)
    chroma = units[..., -2:].repeat(down, axis=0).repeat(across, axis=1)
    return np.concatenate([pixels, chroma], axis=2)[:, : layout.block_width]
