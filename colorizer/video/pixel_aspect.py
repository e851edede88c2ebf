"""The shape of a film's pixels in the header of Matroska and MXF files, which PyAV cannot hand to FFmpeg's muxers.

Sources: RFC 9559 for Matroska, RFC 8794 for its elements and their checksum; SMPTE ST 377-1 for MXF.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

_SEGMENT, _TRACKS, _TRACK, _VIDEO = b"\x18\x53\x80\x67", b"\x16\x54\xae\x6b", b"\xae", b"\xe0"
_DISPLAY_UNIT, _DISPLAY_WIDTH, _DISPLAY_HEIGHT = b"\x54\xb2", b"\x54\xb0", b"\x54\xba"
_VOID, _CHECKSUM = b"\xec", b"\xbf"
_MOST_SCALE = 4
_MXF_ASPECT = b"\x32\x0e\x00\x08"  # the tag of a descriptor's property Aspect Ratio, and its length: two numbers
_HEAD_BYTES = 1 << 20  # of the file; the header is shorter


@dataclass(frozen=True)
class _Element:
    """An element of Matroska. `start`: of its name, `begin`: of its content, `end`: behind it; offsets."""

    name: bytes
    start: int
    begin: int
    end: int


def write_pixel_aspect(path: Path, width: int, height: int, aspect: Fraction) -> None:
    """Write into a finished Matroska or MXF file that its pixels are `aspect` times as wide as high.

    `width`, `height`: of the picture, in these pixels.

    Other files, and those whose header has no place for it, are left as they are. Raises OSError.
    """
    with path.open("r+b") as file:
        before = file.read(_HEAD_BYTES)
        head = bytearray(before)
        if head.startswith(b"\x1a\x45\xdf\xa3"):
            _set_display_size(head, *_display_size(width, height, aspect))
        elif (found := head.find(_MXF_ASPECT)) >= 0 and head.startswith(b"\x06\x0e\x2b\x34"):
            shown = Fraction(width, height) * aspect
            numbers = b"".join(number.to_bytes(4, "big") for number in shown.as_integer_ratio())
            head[found + 4 : found + 12] = numbers
        if head != before:
            file.seek(0)
            file.write(head)


def _display_size(width: int, height: int, aspect: Fraction) -> tuple[int, int]:
    """The size in square pixels: a small multiple of the picture's if that is exact, else its own height."""
    scale = next((scale for scale in range(1, _MOST_SCALE + 1) if (width * aspect * scale).denominator == 1), 1)
    return round(width * aspect * scale), height * scale


def _set_display_size(head: bytearray, width: int, height: int) -> None:
    """Give the first picture's element a size in square pixels, in the place of the unit that says it is unknown.

    The empty element behind it takes up what that is longer, so that nothing else moves.
    """
    if max(width, height) >= 1 << 16:
        return
    size = _DISPLAY_WIDTH + b"\x82" + width.to_bytes(2, "big") + _DISPLAY_HEIGHT + b"\x82" + height.to_bytes(2, "big")
    segment = _find(head, _SEGMENT, 0, len(head))
    tracks = segment and _find(head, _TRACKS, segment.begin, segment.end)
    for track in _elements(head, tracks.begin, tracks.end) if tracks else ():
        video = _find(head, _VIDEO, track.begin, track.end) if track.name == _TRACK else None
        unit = video and _find(head, _DISPLAY_UNIT, video.begin, video.end)
        void = video and _find(head, _VOID, video.end, track.end)
        if tracks is None or video is None or unit is None or void is None:
            continue
        longer = len(size) - (unit.end - unit.start)
        left = void.end - void.start - longer - 2
        if not 0 <= left < 0x7F or not _has_room(head, video, longer):
            return
        head[unit.start : void.end] = size + head[unit.end : void.start] + _VOID + bytes([0x80 | left]) + bytes(left)
        head[video.begin - 1] += longer
        _renew_checksum(head, tracks)
        return


def _has_room(head: bytearray, element: _Element, longer: int) -> bool:
    """Whether an element's size, whose last byte is before its content, can grow without a carry."""
    limit = 0xFE if element.begin - element.start == len(element.name) + 1 else 0xFF
    return head[element.begin - 1] + longer <= limit


def _renew_checksum(head: bytearray, parent: _Element) -> None:
    first = next(_elements(head, parent.begin, parent.end))
    if first.name == _CHECKSUM:
        head[first.begin : first.end] = zlib.crc32(head[first.end : parent.end]).to_bytes(4, "little")


def _find(data: bytearray, name: bytes, begin: int, end: int) -> _Element | None:
    return next((each for each in _elements(data, begin, end) if each.name == name), None)


def _elements(data: bytearray, begin: int, end: int) -> Iterator[_Element]:
    """The elements from `begin` on, one behind the other, as far as the data have them whole."""
    while begin < min(end, len(data)) and data[begin]:
        name = begin + 9 - data[begin].bit_length()
        if name >= len(data) or not data[name]:
            return
        length = 9 - data[name].bit_length()
        content = name + length
        size = int.from_bytes(data[name:content], "big") & ((1 << 7 * length) - 1)
        yield _Element(bytes(data[begin:name]), begin, content, content + size)
        begin = content + size
