"""Writes TIFF files of all kinds, with any tags: independent of the reader, and of what other writers can write."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SLONG, SRATIONAL, LONG8 = 1, 2, 3, 4, 5, 7, 9, 10, 16
_LETTERS = {BYTE: "B", SHORT: "H", LONG: "I", RATIONAL: "I", SLONG: "i", SRATIONAL: "i", LONG8: "Q"}

Value = bytes | Sequence[int]
Values = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Page:
    """A directory. `tags`: field type and values, by tag. `blocks`: the strips' or tiles' bytes; `inner`: directories
    by the tags that point to them."""

    tags: dict[int, tuple[int, Value]]
    blocks: Sequence[bytes] = ()
    inner: dict[int, Sequence[Page]] = field(default_factory=dict)


def write_tiff(*pages: Page, order: str = "<", big: bool = False) -> bytes:
    """The file with the given pages."""
    magic = b"II" if order == "<" else b"MM"
    if big:
        data = bytearray(magic + struct.pack(f"{order}HHHQ", 43, 8, 0, 0))
    else:
        data = bytearray(magic + struct.pack(f"{order}HI", 42, 0))
    link = len(data) - (8 if big else 4)
    for page in pages:
        offset, following = _append_page(data, page, order, big)
        struct.pack_into(f"{order}{'Q' if big else 'I'}", data, link, offset)
        link = following
    return bytes(data)


def _append_page(data: bytearray, page: Page, order: str, big: bool) -> tuple[int, int]:
    """Append a directory with all it points to. Returns its offset, and that of its link to the next one."""
    letter, room = ("Q", 8) if big else ("I", 4)
    tags = dict(page.tags)
    if page.blocks:
        offsets = []
        for block in page.blocks:
            offsets.append(len(data))
            data += block + bytes(len(block) % 2)
        tiled = 322 in tags
        tags.setdefault(324 if tiled else 273, (LONG, offsets))
        tags.setdefault(325 if tiled else 279, (LONG, [len(block) for block in page.blocks]))
    for tag, inner in page.inner.items():
        tags[tag] = LONG, [_append_page(data, directory, order, big)[0] for directory in inner]
    lines = []
    for tag, (kind, values) in sorted(tags.items()):
        content = values if isinstance(values, bytes) else struct.pack(f"{order}{len(values)}{_LETTERS[kind]}", *values)
        size = {SHORT: 2, LONG: 4, RATIONAL: 8, SLONG: 4, SRATIONAL: 8, LONG8: 8}.get(kind, 1)
        place = content.ljust(room, b"\0")
        if len(content) > room:
            place = struct.pack(f"{order}{letter}", len(data))
            data += content + bytes(len(content) % 2)
        lines.append(struct.pack(f"{order}HH{letter}", tag, kind, len(content) // size) + place)
    start = len(data)
    data += struct.pack(f"{order}{'Q' if big else 'H'}", len(lines)) + b"".join(lines) + bytes(room)
    return start, len(data) - room


def pack_bits(values: Values, bits: int, order: str = "<") -> bytes:
    """Rows (H, W) or (H, W, samples) as TIFF stores them: 8, 16 and 32 bits in `order`, others packed, row by row."""
    rows = values.reshape(len(values), -1)
    if bits in (8, 16, 32):
        return rows.astype(f"{order}u{bits // 8}").tobytes()
    weights = 1 << np.arange(bits - 1, -1, -1)
    return np.packbits(((rows[..., np.newaxis] & weights) > 0).reshape(len(rows), -1), axis=1).tobytes()


def reverse_bits(data: bytes) -> bytes:
    """Each byte with its lowest bit first (FillOrder 2)."""
    return np.packbits(np.unpackbits(np.frombuffer(data, np.uint8)).reshape(-1, 8)[:, ::-1]).tobytes()


def page_of(values: Values, bits: int, photometric: int, *, order: str = "<", **more: Any) -> Page:
    """A page of one strip without compression.

    `values`: (H, W) or (H, W, samples). `more`: field type and values of further tags, by names such as `t338`.
    """
    samples = values.shape[2] if values.ndim == 3 else 1
    tags: dict[int, tuple[int, Value]] = {
        256: (LONG, [values.shape[1]]),
        257: (LONG, [values.shape[0]]),
        258: (SHORT, [bits] * samples),
        259: (SHORT, [1]),
        262: (SHORT, [photometric]),
        277: (SHORT, [samples]),
        278: (LONG, [values.shape[0]]),
    }
    return Page(tags | {int(name[1:]): tag for name, tag in more.items()}, [pack_bits(values, bits, order)])
