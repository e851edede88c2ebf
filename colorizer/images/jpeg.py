"""Encode JPEG files, strip by strip on all cores.

A JPEG scan may consist of independent intervals, separated by restart markers (ITU-T T.81). Strips that are compressed
separately with the same tables are such intervals, so they are concatenated behind one header.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import chain

import imagecodecs
import numpy as np

from colorizer.arrays import Pixels
from colorizer.images import photoshop
from colorizer.images.segments import (
    APPLICATION,
    END,
    EXIF,
    EXTENDED_XMP,
    ICC_PROFILE,
    LONGEST_SEGMENT,
    PHOTOSHOP,
    START,
    XMP,
    Marker,
    Segment,
    make_segment,
    read_layout,
)
from colorizer.images.xmp import extension
from colorizer.parallel import map_strips, split_rows
from colorizer.picture import Metadata

LONGEST_SIDE = 65500  # libjpeg's limit
MCU_SIZES = {"4:4:4": (8, 8), "4:2:2": (16, 8), "4:2:0": (16, 16)}  # width and height of an MCU, in pixels
MOST_PROFILE_PIECES = 255  # of a profile that is longer than a segment
COMMENT = "Comment"  # the keyword of a text that is a comment


def find_losses(metadata: Metadata) -> Iterator[str]:
    """Name the blocks that are too long for a segment, so that `encode` leaves them out."""
    if metadata.exif is not None and len(EXIF) + len(metadata.exif) > LONGEST_SEGMENT:
        yield f"EXIF of {len(metadata.exif)} bytes"
    if len(_split_profile(metadata)) > MOST_PROFILE_PIECES:
        yield "a colour profile of that length"
    for keyword, text in metadata.texts:
        if len(_comment(keyword, text)) > LONGEST_SEGMENT:
            yield f"the text {keyword} of {len(text)} characters"


def encode(pixels: Pixels, metadata: Metadata, *, quality: int, subsampling: str) -> bytes:
    """Encode grey (H, W) or RGB (H, W, 3) pixels, uint8, and return the bytes of the JPEG file.

    `quality`: 1..100. `subsampling`: a key of MCU_SIZES. What `find_losses` names is left out.
    """
    height, width = pixels.shape[:2]
    block_width, block_height = MCU_SIZES[subsampling] if pixels.ndim == 3 else (8, 8)
    pieces = split_rows(height, width, multiple=block_height)

    def compress_strip(rows: slice) -> bytes:
        strip = np.ascontiguousarray(pixels[rows])
        return bytes(imagecodecs.jpeg8_encode(strip, level=quality, subsampling=subsampling.replace(":", "")))

    parts = map_strips(compress_strip, pieces)
    headers = [read_layout(part).segments for part in parts]
    scans = [memoryview(part)[header[-1].stop : -len(END)] for part, header in zip(parts, headers, strict=True)]
    # The restart interval, in MCUs, fits into 16 bits: a strip has one row of at most 65500 / 8 MCUs, or STRIP_PIXELS,
    # which are 2048 MCUs, or eight times as many if the picture is one pixel wide.
    interval = -(-width // block_width) * -(-(pieces[0].stop - pieces[0].start) // block_height)
    restarts = [b"", *(bytes([0xFF, Marker.RESTART + number % 8]) for number in range(len(scans) - 1))]
    body: Iterator[bytes | memoryview] = chain.from_iterable(zip(restarts, scans, strict=True))
    header = _make_header(parts[0], headers[0], height, interval)
    return b"".join([START, *_metadata_segments(metadata), *header, *body, END])


def _make_header(part: bytes, segments: tuple[Segment, ...], height: int, interval: int) -> Iterator[bytes]:
    """The tables, frame header and scan header of one strip, changed to those of the whole picture."""
    for item in segments:
        content = part[item.start : item.stop]
        if item.marker in APPLICATION:
            continue
        if item.marker == Marker.START_OF_SCAN:
            yield make_segment(Marker.RESTART_INTERVAL, struct.pack(">H", interval))
        if item.marker == Marker.START_OF_FRAME:
            content = content[:1] + struct.pack(">H", height) + content[3:]
        yield make_segment(item.marker, content)


def _metadata_segments(metadata: Metadata) -> Iterator[bytes]:
    across, down = metadata.dpi or (1, 1)
    unit = 1 if metadata.dpi else 0  # 1: dots per inch; 0: no unit, only the shape of the pixels
    density = [max(1, min(65535, round(value))) for value in (across, down)]
    yield make_segment(Marker.APP0, b"JFIF\0" + struct.pack(">HBHHBB", 0x0101, unit, *density, 0, 0))
    if metadata.exif is not None and len(EXIF) + len(metadata.exif) <= LONGEST_SEGMENT:
        yield make_segment(Marker.APP1, EXIF + metadata.exif)
    if metadata.xmp is not None:
        yield from _xmp_segments(metadata.xmp)
    if metadata.iptc is not None:
        for piece in _split(photoshop.make_resource(photoshop.IPTC, metadata.iptc), LONGEST_SEGMENT - len(PHOTOSHOP)):
            yield make_segment(Marker.APP13, PHOTOSHOP + piece)
    pieces = _split_profile(metadata)
    for number, piece in enumerate(pieces if len(pieces) <= MOST_PROFILE_PIECES else (), start=1):
        yield make_segment(Marker.APP2, ICC_PROFILE + bytes([number, len(pieces)]) + piece)
    for keyword, text in metadata.texts:
        if len(comment := _comment(keyword, text)) <= LONGEST_SEGMENT:
            yield make_segment(Marker.COMMENT, comment)


def _xmp_segments(packet: bytes) -> Iterator[bytes]:
    """The segment of a packet, or those of a long one: a short packet, and the extension to which it refers."""
    if len(XMP) + len(packet) <= LONGEST_SEGMENT:
        yield make_segment(Marker.APP1, XMP + packet)
        return
    stub, identifier, body = extension.split(packet)
    yield make_segment(Marker.APP1, XMP + stub)
    offset = 0
    for piece in _split(body, LONGEST_SEGMENT - len(EXTENDED_XMP) - len(identifier) - 8):
        place = struct.pack(">II", len(body), offset)
        yield make_segment(Marker.APP1, EXTENDED_XMP + identifier + place + piece)
        offset += len(piece)


def _split_profile(metadata: Metadata) -> list[bytes]:
    return _split(metadata.icc_profile or b"", LONGEST_SEGMENT - len(ICC_PROFILE) - 2)


def _comment(keyword: str, text: str) -> bytes:
    return (text if keyword == COMMENT else f"{keyword}: {text}").encode()


def _split(content: bytes, length: int) -> list[bytes]:
    return [content[start : start + length] for start in range(0, len(content), length)]
