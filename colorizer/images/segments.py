"""The segments of a JPEG file (ITU-T T.81, annex B), for reading and writing."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from colorizer.errors import InvalidImage

LONGEST_SEGMENT = 65533  # bytes of content after the marker and the length
START, END = b"\xff\xd8", b"\xff\xd9"
EXIF, XMP, EXTENDED_XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
ICC_PROFILE, PHOTOSHOP = b"ICC_PROFILE\0", b"Photoshop 3.0\0"

_MOST_SEGMENTS = 20_000  # a profile has up to 255; 100 MB of XMP have 1600
# The next marker with a segment. What is no marker is skipped, as libjpeg does; in a scan's data, 0xFF is followed by 0
# or by the number of a restart. TEM (0x01) has no length: a segment where libjpeg sees none could hide a frame header.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])")


class Marker(IntEnum):
    """The second byte of a marker (T.81, table B.1)."""

    START_OF_FRAME = 0xC0
    HUFFMAN_TABLES = 0xC4
    EXTENSION = 0xC8
    ARITHMETIC_CODING = 0xCC
    RESTART = 0xD0
    END = 0xD9
    START_OF_SCAN = 0xDA
    QUANTIZATION_TABLES = 0xDB
    NUMBER_OF_LINES = 0xDC
    RESTART_INTERVAL = 0xDD
    APP0 = 0xE0
    APP1 = 0xE1
    APP2 = 0xE2
    APP3 = 0xE3
    APP8 = 0xE8
    APP10 = 0xEA
    APP11 = 0xEB
    APP12 = 0xEC
    APP13 = 0xED
    APP14 = 0xEE
    APP15 = 0xEF
    LS_FRAME = 0xF7  # JPEG-LS (ITU-T T.87)
    COMMENT = 0xFE


FRAMES = {*range(0xC0, 0xD0)} - {Marker.HUFFMAN_TABLES, Marker.EXTENSION, Marker.ARITHMETIC_CODING}
APPLICATION = range(Marker.APP0, Marker.APP15 + 1)
# In damaged data of a scan, any two bytes can look like a marker; only these can be one there.
_BETWEEN_SCANS = {
    Marker.HUFFMAN_TABLES, Marker.ARITHMETIC_CODING, Marker.START_OF_SCAN, Marker.QUANTIZATION_TABLES,
    Marker.NUMBER_OF_LINES, Marker.RESTART_INTERVAL, Marker.COMMENT, *APPLICATION,
}  # fmt: skip


@dataclass(frozen=True)
class Segment:
    """A segment of a file. `place`: the offset of its marker. `start`, `stop`: those of its content."""

    marker: int
    place: int
    start: int
    stop: int


@dataclass(frozen=True)
class Layout:
    """The segments of a file in order, without its start and end.

    `end`: the offset of the end marker; where that is missing, of the first bytes that make no sense.
    """

    segments: tuple[Segment, ...]
    end: int
    has_end: bool

    def scans(self) -> Iterator[tuple[Segment, int]]:
        """The header of each scan, and the offset behind its data, which follow the header."""
        stops = [*(segment.place for segment in self.segments), self.end]
        for segment, stop in zip(self.segments, stops[1:], strict=True):
            if segment.marker == Marker.START_OF_SCAN:
                yield segment, stop


def read_layout(data: bytes, start: int = 0) -> Layout:
    """Find the segments of the JPEG that begins at the offset `start`.

    Damaged data end the layout. Raises InvalidImage for an absurd number of segments.
    """
    segments: list[Segment] = []
    place = position = start + len(START)
    in_scans = False
    while (found := _MARKER.search(data, position)) is not None:
        marker, place = found[1][0], found.start()
        if marker == Marker.END:
            return Layout(tuple(segments), place, has_end=True)
        stop = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if not place + 4 <= stop <= len(data) or (in_scans and marker not in _BETWEEN_SCANS):
            return Layout(tuple(segments), place, has_end=False)
        if len(segments) == _MOST_SEGMENTS:
            raise InvalidImage(f"expected a JPEG of up to {_MOST_SEGMENTS} segments, got more")
        segments.append(Segment(marker, place, place + 4, stop))
        in_scans |= marker == Marker.START_OF_SCAN
        position = stop
    return Layout(tuple(segments), len(data), has_end=False)


def make_segment(marker: int, content: bytes) -> bytes:
    """A segment with its marker and length. Raises struct.error above LONGEST_SEGMENT bytes."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
