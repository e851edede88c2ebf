"""The chunks of a PNG file (PNG specification, third edition, clause 5), for reading and writing."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = b"IEND"
LONGEST_KEYWORD = 79  # of a text, in bytes
_HEAD = struct.Struct(">I4s")
_CHECKSUM_BYTES = 4
_IN_RUNS = (b"IDAT", b"fdAT")  # chunks of one picture, often thousands
_MOST_CHUNKS = 100_000


@dataclass(frozen=True)
class Chunk:
    """A chunk, or a run of IDAT or fdAT. `start`, `stop`: offsets of the whole, with length, type and checksum."""

    kind: bytes
    start: int
    stop: int

    def content(self, data: bytes) -> bytes:
        return data[self.start + _HEAD.size : self.stop - _CHECKSUM_BYTES]

    def is_intact(self, data: bytes) -> bool:
        """Whether the checksum is right. Not for a run."""
        checksum: int = struct.unpack_from(">I", data, self.stop - _CHECKSUM_BYTES)[0]
        return checksum == zlib.crc32(self.content(data), zlib.crc32(self.kind))


@dataclass(frozen=True)
class Layout:
    """The chunks of a file in order."""

    chunks: tuple[Chunk, ...]

    def of_kind(self, kind: bytes) -> Iterator[Chunk]:
        return (chunk for chunk in self.chunks if chunk.kind == kind)


def read_layout(data: bytes) -> Layout:
    """Find the chunks, up to the end chunk or to what makes no sense.

    The last chunk of a file that breaks off is cut. Raises OSError for an absurd number of chunks.
    """
    chunks: list[Chunk] = []
    position = len(SIGNATURE)
    while position + _HEAD.size <= len(data):
        length, kind = _HEAD.unpack_from(data, position)
        stop = position + _HEAD.size + length + _CHECKSUM_BYTES
        if not kind.isalpha():
            break
        if kind in _IN_RUNS and chunks and chunks[-1].kind == kind:
            chunks[-1] = Chunk(kind, chunks[-1].start, min(stop, len(data)))
        elif len(chunks) == _MOST_CHUNKS:
            raise OSError(f"expected up to {_MOST_CHUNKS} chunks, got more")
        else:
            chunks.append(Chunk(kind, position, min(stop, len(data))))
        position = chunks[-1].stop
        if kind == END:
            break
    return Layout(tuple(chunks))


def make_chunk(kind: bytes, *pieces: bytes) -> bytes:
    """A chunk with its length and checksum. `pieces`: its content, in one or more pieces."""
    checksum = zlib.crc32(kind)
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
    return b"".join([_HEAD.pack(sum(map(len, pieces)), kind), *pieces, struct.pack(">I", checksum)])


def run_contents(data: bytes, run: Chunk) -> Iterator[memoryview]:
    """The contents of the chunks in a run; the last one can be cut."""
    view, position = memoryview(data), run.start
    while position + _HEAD.size <= run.stop:
        (length, _) = _HEAD.unpack_from(data, position)
        position += _HEAD.size
        yield view[position : min(position + length, run.stop)]
        position += length + _CHECKSUM_BYTES
