"""The frame and scan headers of a JPEG file (ITU-T T.81, annex B)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from colorizer.errors import InvalidImage
from colorizer.images.segments import FRAMES, Layout, Marker, Segment

_PROGRESSIVE, _ARITHMETIC = (0xC2, 0xCA), (0xC9, 0xCA)
_READABLE = (0xC0, 0xC1, *_PROGRESSIVE, 0xC3, 0xC9)  # sequential, progressive, lossless; arithmetic: from 0xC9
_OTHERS = {
    **dict.fromkeys((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF), "a hierarchical one"),
    0xCB: "a lossless one in arithmetic coding",
    Marker.LS_FRAME: "JPEG-LS",
}
# Each scan takes time for all of the picture, also an empty one. Encoders write about ten, optimisers up to 30.
_MOST_SCANS = 100
_MOST_SCANNED_PIXELS = 3_000_000_000  # of all scans together: 30 of 100 megapixels
_SLOWER = 8  # times, for arithmetic coding


@dataclass(frozen=True)
class Frame:
    """The header of a file's frame. `place`: its offset. `height`: in pixels, also if it comes after the first scan."""

    marker: int
    place: int
    precision: int
    height: int
    width: int
    components: tuple[int, ...]


def read_frame(data: bytes, layout: Layout, channels: Sequence[int] = (1, 3, 4)) -> Frame:
    """Read the frame header; `channels`: the numbers of them that are read.

    Raises OSError if there is none, or no data; InvalidImage for an unsupported kind.
    """
    found = next((item for item in layout.segments if item.marker in FRAMES | {Marker.LS_FRAME}), None)
    if found is None:
        raise OSError("its header is missing")
    if found.marker not in _READABLE:
        kind = _OTHERS[found.marker]
        raise InvalidImage(f"expected a sequential, progressive or lossless JPEG, got {kind}")
    precision, height, width, count = struct.unpack_from(">BHHB", data, found.start)
    components = tuple(data[found.start + 6 : found.stop : 3])
    if len(components) != count:
        raise OSError("its header is damaged")
    if count not in channels:
        wanted = " or ".join(map(str, channels)) if len(channels) < 3 else "1, 3 or 4"
        raise InvalidImage(f"expected a JPEG of {wanted} channels, got {count}")
    if all(header.stop == stop for header, stop in layout.scans()):
        raise OSError("the data of its picture are missing")
    frame = Frame(found.marker, found.place, precision, height or _read_lines(data, layout), width, components)
    if 0 in (frame.width, frame.height):
        raise InvalidImage(f"expected a JPEG with its size, got one of {frame.width} x {frame.height}")
    return frame


def check_scans(layout: Layout, frame: Frame) -> None:
    """Raise InvalidImage if the scans would take long to decode, however few data they have."""
    count = sum(1 for _ in layout.scans())
    if count > _MOST_SCANS:
        raise InvalidImage(f"expected a JPEG of up to {_MOST_SCANS} scans, got {count}")
    slower = _SLOWER if frame.marker in _ARITHMETIC else 1
    most = _MOST_SCANNED_PIXELS // (slower * frame.width * frame.height)
    if count > most:
        raise InvalidImage(
            f"expected a JPEG of up to {most} scans for {frame.width} x {frame.height} pixels, got {count}: "
            "save it as an ordinary (baseline) JPEG"
        )


def _read_lines(data: bytes, layout: Layout) -> int:
    """The height that a segment after the first scan holds, for a camera that did not know it before; 0 if none."""
    found = (item for item in layout.segments if item.marker == Marker.NUMBER_OF_LINES)
    return next((int.from_bytes(data[item.start : item.stop], "big") for item in found), 0)


def misses_scans(data: bytes, layout: Layout, frame: Frame) -> bool:
    """Whether a component has no scan or, in a progressive file, one of its coefficients lacks bits.

    libjpeg does not warn of that, because more scans may follow at any time.
    """
    count = 64 if frame.marker in _PROGRESSIVE else 1
    missing = {component: [True] * count for component in frame.components}
    for header, _ in layout.scans():
        components, first, last, low_bit = _read_scan(data, header)
        band = range(first, min(last + 1, count)) if count > 1 else range(1)
        for component in components:
            for coefficient in band if component in missing else ():
                missing[component][coefficient] = count > 1 and low_bit > 0
    return any(any(coefficients) for coefficients in missing.values())


def _read_scan(data: bytes, header: Segment) -> tuple[bytes, int, int, int]:
    """The components of a scan, the first and last coefficient, and the lowest bit of them that it holds."""
    content = data[header.start : header.stop]
    stop = 1 + 2 * content[0] if content else 0
    if len(content) != stop + 3:
        return b"", 0, 0, 0  # damaged
    first, last, bits = content[stop:]
    return content[1:stop:2], first, last, bits & 15
