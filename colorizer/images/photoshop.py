"""Photoshop's image resources, which also hold IPTC (Adobe Photoshop File Formats Specification)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

IPTC = 0x0404
_HEAD = struct.Struct(">4sH")
_OWNERS = (b"8BIM", b"PHUT", b"AgHg", b"DCSR", b"MeSa")  # 8BIM: Photoshop; other programs of Adobe
_PATHS = "Photoshop's paths"
_CONTENT = {
    0x03F0: "Photoshop's caption",
    0x0401: _PATHS,
    0x040B: "the address of a website",
    0x041E: "addresses of websites",
    0x0429: "Photoshop's layer comps",
    **dict.fromkeys(range(0x07D0, 0x0BB8), _PATHS),  # the last one is the name of the path that clips
}
# What Photoshop remembers for itself, or what other places of a file say too: resolution, print settings, halftones,
# display, guides, thumbnails, profile, versions, EXIF, XMP, checksums and numbers for new layers.
_TECHNICAL = {*range(0x03E8, 0x0441), 0x0BB8, 0x1F40, 0x2710} - _CONTENT.keys()


def read_resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The number and the content of each resource of a block; a damaged rest is left out."""
    position = 0
    while position + 12 <= len(data):
        owner, number = _HEAD.unpack_from(data, position)
        if owner not in _OWNERS:
            return
        start = position + _HEAD.size + _round_up_to_even(1 + data[position + _HEAD.size]) + 4
        stop = start + int.from_bytes(data[start - 4 : start], "big")
        if stop > len(data):
            return
        yield number, data[start:stop]
        position = _round_up_to_even(stop)


def make_resource(number: int, content: bytes) -> bytes:
    """A block of one resource without a name."""
    head = _HEAD.pack(b"8BIM", number) + bytes(2) + struct.pack(">I", len(content))
    return head + content + bytes(len(content) % 2)


def describe_resource(number: int) -> str | None:
    """What a resource holds, for the user; None for IPTC and for what has no meaning outside Photoshop."""
    return None if number in _TECHNICAL else _CONTENT.get(number, f"Photoshop's resource {number}")


def _round_up_to_even(offset: int) -> int:
    return offset + offset % 2
