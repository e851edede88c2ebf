"""What a PNG file says besides its pixels (PNG specification, third edition; RFC 1950 and 1951)."""

from __future__ import annotations

import struct
import zlib


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """Type and content of all chunks."""
    found: list[tuple[bytes, bytes]] = []
    position = 8
    while position < len(png):
        length, kind = struct.unpack_from(">I4s", png, position)
        found.append((kind, png[position + 8 : position + 8 + length]))
        position += 12 + length
    return found


def structure(png: bytes) -> list[object]:
    """All of a file of RGB, 8 bits each, but its pixels, their checksums and the text of the comment."""
    parts: list[object] = [len(png), png[:8]]
    data = b"".join(content for kind, content in chunks(png) if kind == b"IDAT")
    for kind, content in chunks(png):
        parts.append((kind, len(content), b"" if kind in (b"IDAT", b"tEXt") else content))
    position = 2
    while position < len(data) - 4:  # the blocks of deflate (RFC 1951, 3.2.4)
        last, length = data[position], int.from_bytes(data[position + 1 : position + 3], "little")
        parts.append((last, length))
        position += 5 + length
    (width,) = struct.unpack_from(">I", png, 16)
    filters = set(zlib.decompress(data)[:: 1 + 3 * width])
    return [*parts, data[:2], filters]
