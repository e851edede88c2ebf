"""TIFF files, compressed strip by strip on all cores (TIFF 6.0 and its Technical Note 2).

EXIF is a TIFF structure itself, whose offsets count from its beginning. So it becomes the beginning of the file, the
strips follow, and a new directory takes over its entries: not even a maker's note with absolute offsets is harmed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import numpy as np

from colorizer.arrays import Pixels
from colorizer.errors import InvalidImage
from colorizer.images.metadata import read_directory
from colorizer.parallel import map_strips, split_rows
from colorizer.picture import Metadata

LEVEL = 3  # of deflate
LARGEST = 1 << 32  # bytes: offsets have 32 bits
_SHORT, _LONG, _RATIONAL, _UNDEFINED, _BYTE = 3, 4, 5, 7, 1
_SIZES = {_SHORT: 2, _LONG: 4, _RATIONAL: 8, _UNDEFINED: 1, _BYTE: 1}
_LETTERS = {_SHORT: "H", _LONG: "I", _RATIONAL: "I"}
_DEFLATE, _HORIZONTAL, _UNASSOCIATED_ALPHA, _INCH = 8, 2, 2, 2
_EMPTY = b"II*\0" + struct.pack("<IHI", 8, 0, 0)

Entry = tuple[int, Sequence[int] | bytes]  # type and values


def encode(pixels: Pixels, alpha: Pixels | None, metadata: Metadata) -> bytes:
    """Grey (H, W) or RGB (H, W, 3), uint8 or uint16, with alpha (H, W) of the same or without -> a TIFF file.

    Raises InvalidImage for more than TIFF's 4 GB.
    """
    if pixels.ndim == 2 and alpha is not None:
        pixels = np.dstack([pixels] * 3)  # hardly a reader knows grey with alpha at 16 bits
    start = metadata.exif or _EMPTY
    order: Literal["<", ">"] = "<" if start.startswith(b"II") else ">"
    height, width = pixels.shape[:2]
    pieces = split_rows(height, width)

    def compress_strip(rows: slice) -> bytes:
        part = pixels[rows] if alpha is None else np.dstack([pixels[rows], alpha[rows]])
        values = part.reshape(*part.shape[:2], -1).copy()
        values[:, 1:] -= values[:, :-1].copy()
        return zlib.compress(values.astype(values.dtype.newbyteorder(order), copy=False).data, LEVEL)

    parts = map_strips(compress_strip, pieces)
    lengths = [len(part) for part in parts]
    offsets = (_round_up_to_even(len(start)) + np.cumsum([0, *lengths[:-1]])).tolist()
    end = _round_up_to_even(offsets[-1] + lengths[-1])
    if end + 1_000_000 + len(metadata.xmp or b"") + len(metadata.icc_profile or b"") > LARGEST:
        raise InvalidImage(f"expected a picture within TIFF's 4 GB, got {end / 1e9:.1f} GB")
    entries = _build_entries(pixels, alpha, metadata)
    entries |= {273: (_LONG, offsets), 278: (_LONG, [pieces[0].stop]), 279: (_LONG, lengths)}
    table = _build_directory(entries, read_directory(start), order, end)
    head = start[:4] + struct.pack(f"{order}I", end) + start[8:]
    return b"".join([head.ljust(offsets[0], b"\0"), *parts, bytes(end - offsets[-1] - lengths[-1]), table])


def _round_up_to_even(offset: int) -> int:
    return offset + offset % 2


def _build_entries(pixels: Pixels, alpha: Pixels | None, metadata: Metadata) -> dict[int, Entry]:
    height, width = pixels.shape[:2]
    colors = pixels.shape[2] if pixels.ndim == 3 else 1
    samples = colors + (alpha is not None)
    entries: dict[int, Entry] = {
        256: (_LONG, [width]),
        257: (_LONG, [height]),
        258: (_SHORT, [8 * pixels.itemsize] * samples),
        259: (_SHORT, [_DEFLATE]),
        262: (_SHORT, [2 if colors == 3 else 1]),
        274: (_SHORT, [1]),
        277: (_SHORT, [samples]),
        284: (_SHORT, [1]),
        317: (_SHORT, [_HORIZONTAL]),
    }
    if alpha is not None:
        entries[338] = (_SHORT, [_UNASSOCIATED_ALPHA])
    if metadata.dpi is not None:
        for tag, value in zip((282, 283), metadata.dpi, strict=True):
            entries[tag] = (_RATIONAL, Fraction(value).limit_denominator(1000).as_integer_ratio())
        entries[296] = (_SHORT, [_INCH])
    if metadata.xmp is not None:
        entries[700] = (_BYTE, metadata.xmp)
    if metadata.icc_profile is not None:
        entries[34675] = (_UNDEFINED, metadata.icc_profile)
    return entries


def _build_directory(entries: dict[int, Entry], kept: dict[int, bytes], order: str, offset: int) -> bytes:
    """A directory to be put at `offset`, the values that do not fit an entry behind it. `kept`: entries as they are."""
    table = dict(kept)
    values = b""
    behind = offset + 2 + 12 * len(kept.keys() | entries.keys()) + 4
    for tag, (kind, content) in entries.items():
        letters = f"{order}{len(content)}{_LETTERS.get(kind, '')}"
        data = content if isinstance(content, bytes) else struct.pack(letters, *content)
        place = data.ljust(4, b"\0")
        if len(data) > 4:
            place = struct.pack(f"{order}I", behind + len(values))
            values += data.ljust(_round_up_to_even(len(data)), b"\0")
        table[tag] = struct.pack(f"{order}HHI", tag, kind, len(data) // _SIZES[kind]) + place
    lines = b"".join(table[tag] for tag in sorted(table))
    return struct.pack(f"{order}H", len(table)) + lines + bytes(4) + values
