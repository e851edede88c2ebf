"""Encode JPEG files, strip by strip on all cores.

A JPEG scan may consist of independent intervals, separated by restart markers (ITU-T T.81). Strips that are compressed
separately with the same tables are such intervals, so they are concatenated behind one header.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import imagecodecs
import numpy as np

from colorizer.arrays import Pixels
from colorizer.parallel import map_strips, split_rows
from colorizer.picture import Metadata

LONGEST_SIDE = 65500  # libjpeg's limit
LONGEST_SEGMENT = 65533  # bytes of content after the marker and the length
MCU_SIZES = {"4:4:4": (8, 8), "4:2:2": (16, 8), "4:2:0": (16, 16)}  # width and height of an MCU, in pixels

_EXIF, _XMP, _ICC = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0"
# Markers, of which the byte 0xFF is the first half (ITU-T T.81, table B.1).
_START_OF_FRAME, _START_OF_SCAN, _RESTART_INTERVAL, _RESTART = 0xC0, 0xDA, 0xDD, 0xD0
_APP0, _APP1, _APP2, _APP15 = 0xE0, 0xE1, 0xE2, 0xEF
_START, _END = b"\xff\xd8", b"\xff\xd9"


def fits_segment(metadata: bytes) -> bool:
    """Whether EXIF or XMP of this length fits into one segment."""
    return len(metadata) + len(_XMP) <= LONGEST_SEGMENT


def encode(pixels: Pixels, metadata: Metadata, *, quality: int, subsampling: str) -> bytes:
    """Encode grey (H, W) or RGB (H, W, 3) pixels, uint8, and return the bytes of the JPEG file.

    `quality`: 1..100. `subsampling`: a key of MCU_SIZES. EXIF and XMP that do not fit (`fits_segment`) are left out.
    """
    height, width = pixels.shape[:2]
    block_width, block_height = MCU_SIZES[subsampling] if pixels.ndim == 3 else (8, 8)
    pieces = split_rows(height, width, multiple=block_height)

    def compress_strip(rows: slice) -> bytes:
        strip = np.ascontiguousarray(pixels[rows])
        return bytes(imagecodecs.jpeg8_encode(strip, level=quality, subsampling=subsampling.replace(":", "")))

    parts = map_strips(compress_strip, pieces)
    scans = [part[find_scan_start(part) : -len(_END)] for part in parts]
    # The restart interval, in MCUs, fits into 16 bits: a strip has one row of at most 65500 / 8 MCUs, or STRIP_PIXELS,
    # which are 2048 MCUs, or eight times as many if the picture is one pixel wide.
    interval = -(-width // block_width) * -(-(pieces[0].stop - pieces[0].start) // block_height)
    restarts = [b"", *(bytes([0xFF, _RESTART + number % 8]) for number in range(len(scans) - 1))]
    body = b"".join(piece for pair in zip(restarts, scans, strict=True) for piece in pair)
    return b"".join([_START, *_metadata_segments(metadata), *_header(parts[0], height, interval), body, _END])


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, stop) of each segment up to the scan header, as offsets of the whole segment in `data`."""
    position = 2
    while True:
        while data[position + 1] == 0xFF:  # any number of fill bytes may precede a marker
            position += 1
        marker, length = struct.unpack_from(">xBH", data, position)
        yield marker, position, position + 2 + length
        position += 2 + length
        if marker == _START_OF_SCAN:
            return


def find_scan_start(data: bytes) -> int:
    """The offset of the first scan's data. Raises struct.error or IndexError if the file ends before it."""
    return list(_segments(data))[-1][2]


def _header(part: bytes, height: int, interval: int) -> Iterator[bytes]:
    """The tables, frame header and scan header of one strip, changed to those of the whole picture."""
    for marker, start, stop in _segments(part):
        if _APP0 <= marker <= _APP15:
            continue
        if marker == _START_OF_SCAN:
            yield _segment(_RESTART_INTERVAL, struct.pack(">H", interval))
        segment = part[start:stop]
        yield segment[:5] + struct.pack(">H", height) + segment[7:] if marker == _START_OF_FRAME else segment


def _metadata_segments(metadata: Metadata) -> Iterator[bytes]:
    across, down = metadata.dpi or (1, 1)
    unit = 1 if metadata.dpi else 0  # 1: dots per inch; 0: no unit, only the aspect ratio
    density = [max(1, min(65535, round(value))) for value in (across, down)]
    yield _segment(_APP0, b"JFIF\0" + struct.pack(">HBHHBB", 0x0101, unit, *density, 0, 0))
    if metadata.exif is not None and fits_segment(metadata.exif):
        yield _segment(_APP1, _EXIF + metadata.exif)
    if metadata.xmp is not None and fits_segment(metadata.xmp):
        yield _segment(_APP1, _XMP + metadata.xmp)
    profile = metadata.icc_profile or b""
    step = LONGEST_SEGMENT - len(_ICC) - 2
    pieces = [profile[start : start + step] for start in range(0, len(profile), step)]
    for number, piece in enumerate(pieces, start=1):
        yield _segment(_APP2, _ICC + bytes([number, len(pieces)]) + piece)


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
