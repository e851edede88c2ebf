"""JPEG files, compressed strip by strip on all cores.

A JPEG's scan may be cut into intervals that start anew (ITU-T T.81, restart markers). Strips that are compressed by
themselves, with the same tables, are such intervals: they are put behind one header.
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
LONGEST_SEGMENT = 65533  # bytes behind a marker and its length
BLOCKS = {"4:4:4": (8, 8), "4:2:2": (16, 8), "4:2:0": (16, 16)}  # width and height that are coded together

_EXIF, _XMP, _ICC = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0"
_START_OF_FRAME, _START_OF_SCAN, _RESTART_INTERVAL, _END = 0xC0, 0xDA, 0xDD, b"\xff\xd9"


def fits_segment(metadata: bytes) -> bool:
    """Whether EXIF or XMP of that length has room in its one segment."""
    return len(metadata) + len(_XMP) <= LONGEST_SEGMENT


def encode(pixels: Pixels, metadata: Metadata, *, quality: int, subsampling: str) -> bytes:
    """Grey (H, W) or RGB (H, W, 3), uint8 -> a JPEG file. EXIF and XMP that are too long (`holds`) are left out."""
    height, width = pixels.shape[:2]
    block_width, block_height = BLOCKS[subsampling] if pixels.ndim == 3 else (8, 8)
    pieces = split_rows(height, width, multiple=block_height)

    def compress_strip(rows: slice) -> bytes:
        strip = np.ascontiguousarray(pixels[rows])
        return bytes(imagecodecs.jpeg8_encode(strip, level=quality, subsampling=subsampling.replace(":", "")))

    parts = map_strips(compress_strip, pieces)
    scans = [part[scan_start(part) : -len(_END)] for part in parts]
    # A strip has at most 65500 / 8 blocks a row and is one row of blocks high, or has STRIP_PIXELS, which
    # are 2048 blocks, or eight times as many in a picture one pixel wide: it fits 16 bits.
    interval = -(-width // block_width) * -(-(pieces[0].stop - pieces[0].start) // block_height)
    restarts = [b"", *(bytes([0xFF, 0xD0 + number % 8]) for number in range(len(scans) - 1))]
    body = b"".join(piece for pair in zip(restarts, scans, strict=True) for piece in pair)
    return b"".join([b"\xff\xd8", *_metadata_segments(metadata), *_header(parts[0], height, interval), body, _END])


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, stop) of the segments up to the scan's header; start and stop are those of the whole segment."""
    position = 2
    while True:
        while data[position + 1] == 0xFF:  # any number of these may stand before a marker
            position += 1
        marker, length = struct.unpack_from(">xBH", data, position)
        yield marker, position, position + 2 + length
        position += 2 + length
        if marker == _START_OF_SCAN:
            return


def scan_start(data: bytes) -> int:
    """Where the first scan's data begin; raises struct.error or IndexError where the file ends before."""
    return list(_segments(data))[-1][2]


def _header(part: bytes, height: int, interval: int) -> Iterator[bytes]:
    """Tables, frame and scan header of one strip, as those of the whole picture."""
    for marker, start, stop in _segments(part):
        if 0xE0 <= marker <= 0xEF:
            continue
        if marker == _START_OF_SCAN:
            yield _segment(_RESTART_INTERVAL, struct.pack(">H", interval))
        segment = part[start:stop]
        yield segment[:5] + struct.pack(">H", height) + segment[7:] if marker == _START_OF_FRAME else segment


def _metadata_segments(metadata: Metadata) -> Iterator[bytes]:
    across, down = metadata.dpi or (1, 1)
    unit = 1 if metadata.dpi else 0  # dots per inch, or only the pixels' shape
    density = [max(1, min(65535, round(value))) for value in (across, down)]
    yield _segment(0xE0, b"JFIF\0" + struct.pack(">HBHHBB", 0x0101, unit, *density, 0, 0))
    if metadata.exif is not None and fits_segment(metadata.exif):
        yield _segment(0xE1, _EXIF + metadata.exif)
    if metadata.xmp is not None and fits_segment(metadata.xmp):
        yield _segment(0xE1, _XMP + metadata.xmp)
    profile = metadata.icc_profile or b""
    step = LONGEST_SEGMENT - len(_ICC) - 2
    pieces = [profile[start : start + step] for start in range(0, len(profile), step)]
    for number, piece in enumerate(pieces, start=1):
        yield _segment(0xE2, _ICC + bytes([number, len(pieces)]) + piece)


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
