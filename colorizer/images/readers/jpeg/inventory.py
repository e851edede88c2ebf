"""What the segments of a JPEG file hold besides its picture."""

from __future__ import annotations

import re
from dataclasses import dataclass

from colorizer.images.metadata import read_exif_dpi, read_orientation, valid_dpi
from colorizer.images.readers.jpeg import blocks
from colorizer.images.samples import name_private
from colorizer.images.segments import (
    APPLICATION,
    EXIF,
    EXTENDED_XMP,
    ICC_PROFILE,
    PHOTOSHOP,
    XMP,
    Layout,
    Marker,
    Segment,
)
from colorizer.picture import Metadata

_JFIF, _MPF, _UNICODE, _DUCKY, _JUMBF = b"JFIF\0", b"MPF\0", b"UNICODE\0", b"Ducky", b"JP"
_PHOTOSHOP_2 = b"Adobe_Photoshop2.5:"
# Segments by marker and beginning. Those that are read:
_READ: tuple[tuple[int, bytes], ...] = (
    (Marker.APP0, _JFIF),
    (Marker.APP1, EXIF),
    (Marker.APP1, XMP),
    (Marker.APP1, EXTENDED_XMP),
    (Marker.APP2, ICC_PROFILE),
    (Marker.APP2, _MPF),
    (Marker.APP10, _UNICODE),
    (Marker.APP11, _JUMBF),
    (Marker.APP12, _DUCKY),
    (Marker.APP13, PHOTOSHOP),
    (Marker.APP13, _PHOTOSHOP_2),
    (Marker.COMMENT, b""),
)
# Those that need not be read: the decoded picture embodies what they say, or what is behind its end says more.
_TECHNICAL: tuple[tuple[int, bytes], ...] = (
    (Marker.APP0, b"JFXX\0"),  # a thumbnail
    (Marker.APP0, b"AVI1"),  # the order of a film's half pictures
    (Marker.APP2, b"urn:iso:std:iso:ts:21496:-1\0"),  # the version of a gain map
    (Marker.APP8, b"SPIFF\0"),  # the size and the colour space
    (Marker.APP13, b"Adobe_CM"),  # a number
    (Marker.APP14, b"Adobe"),  # the colour space
)
# Those with a public meaning that are lost:
_LOST: tuple[tuple[int, bytes, str], ...] = (
    (Marker.APP1, b"FLIR\0", "temperatures (FLIR)"),
    (Marker.APP2, b"FPXR\0", "FlashPix data"),
    (Marker.APP3, b"_JPSJPS_", "the layout of a stereo pair"),
    (Marker.APP11, b"HDR_RI", "an HDR ratio picture"),
)
_PREVIEW = b"\xff\xd8\xff"  # a small copy of the picture, by itself in a segment


@dataclass(frozen=True)
class Inventory:
    """What a file holds besides its picture.

    `entries`: what is not in `metadata`. `previews`: the offsets of small copies of the picture behind its end.
    """

    metadata: Metadata
    orientation: int
    entries: tuple[str, ...]
    previews: frozenset[int]


def read_inventory(data: bytes, layout: Layout) -> Inventory:
    """Read all segments but those that the decoder needs."""
    found, entries = _sort_segments(data, layout)

    def contents(*signatures: bytes) -> list[bytes]:
        return [data[start:stop] for signature in signatures for start, stop in found[signature]]

    lost: list[str] = []
    exif = b"".join(contents(EXIF)) or None
    xmp = blocks.read_xmp(contents(XMP), contents(EXTENDED_XMP), lost)
    metadata = Metadata(
        exif,
        xmp,
        blocks.read_profile(contents(ICC_PROFILE), lost),
        blocks.read_density(contents(_JFIF), lost) or valid_dpi(*(read_exif_dpi(exif) or (0, 0))),
        blocks.read_resources(b"".join(contents(PHOTOSHOP, _PHOTOSHOP_2)), lost),
        blocks.read_comments(contents(b""), contents(_UNICODE), contents(_DUCKY)),
    )
    blocks.name_boxes(contents(_JUMBF), lost)
    entries += lost
    previews = {place for start, stop in found[_MPF] for place in blocks.read_previews(data[start:stop], start)}
    return Inventory(metadata, read_orientation(exif, xmp), tuple(entries), frozenset(previews))


def _sort_segments(data: bytes, layout: Layout) -> tuple[dict[bytes, list[tuple[int, int]]], list[str]]:
    """Where the segments of `_READ` have their content behind the beginning, by beginning; and the lost ones."""
    found: dict[bytes, list[tuple[int, int]]] = {signature: [] for _, signature in _READ}
    entries, private = [], []
    for item in layout.segments:
        if item.marker not in APPLICATION and item.marker != Marker.COMMENT:
            continue

        def begins(marker: int, signature: bytes, item: Segment = item) -> bool:
            return item.marker == marker and data.startswith(signature, item.start, item.stop)

        read = next((signature for marker, signature in _READ if begins(marker, signature)), None)
        lost = next((text for marker, signature, text in _LOST if begins(marker, signature)), None)
        if read is not None:
            found[read].append((item.start + len(read), item.stop))
        elif lost is not None:
            entries.append(lost)
        elif not any(begins(*known) for known in _TECHNICAL) and not begins(item.marker, _PREVIEW):
            private.append(_name_segment(item.marker, data[item.start : item.stop]))
    return found, [*entries, *name_private(private)]


def _name_segment(marker: int, content: bytes) -> str:
    """The number of an application's segment, and its name for it where the content begins with one."""
    name = re.match(rb"[ -~]{2,24}", content)
    return f"APP{marker - Marker.APP0}" + (f" {name[0].decode().strip()}" if name else "")
