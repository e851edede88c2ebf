"""Tell a picture file that breaks off from one that is damaged elsewhere: by its structure, without its pixels."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tifffile import TIFF

from colorizer.images import chunks, segments
from colorizer.images.readers.tiff.directory import read_directories

_BOX_HEAD, _LONG_BOX_HEAD = 8, 16  # bytes in front of a box's content
_TIFF_HEAD, _MARKER_HEAD, _CHUNK_HEAD = 8, 4, 8
_BLOCKS = tuple(
    (TIFF.TAGS[f"{kind}Offsets"], TIFF.TAGS[f"{kind}ByteCounts"]) for kind in ("Strip", "Tile")
)  # the tags of the places of the pixels


def ends_early(data: bytes) -> bool:
    """Whether a picture file says that it goes on behind the end of `data`: a copy or a download that broke off.

    For the kinds that `decode` reads; False for others, and where the structure itself makes no sense.
    """
    for offset, signatures, check in _CHECKS:
        if data.startswith(signatures, offset):
            try:
                return check(data)
            except (OSError, struct.error, LookupError, ValueError):
                return False
    return False


def _jpeg_ends_early(data: bytes) -> bool:
    layout = segments.read_layout(data)
    length = int.from_bytes(data[layout.end + 2 : layout.end + _MARKER_HEAD], "big")  # of the segment that has no place
    return not layout.has_end and layout.end + max(_MARKER_HEAD, 2 + length) > len(data)


def _png_ends_early(data: bytes) -> bool:
    found = chunks.read_layout(data).chunks
    return not found or (found[-1].kind != chunks.END and len(data) - found[-1].stop < _CHUNK_HEAD)


def _tiff_ends_early(data: bytes) -> bool:
    try:
        directories, _ = read_directories(data)
    except struct.error:  # of the first directory, which often lies at the end of the file
        order = "<" if data.startswith(b"II") else ">"
        return len(data) < _TIFF_HEAD or struct.unpack_from(f"{order}I", data, 4)[0] >= len(data)
    for offsets, counts in _BLOCKS:
        begins, sizes = directories[0].numbers(offsets), directories[0].numbers(counts)
        if any(begin + size > len(data) for begin, size in zip(begins.tolist(), sizes.tolist(), strict=False)):
            return True
    return False


def _boxes_end_early(data: bytes) -> bool:
    position = 0
    while position + _BOX_HEAD <= len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        if size == 1:
            size = int.from_bytes(data[position + _BOX_HEAD : position + _LONG_BOX_HEAD], "big")
        if size < _BOX_HEAD:  # 0: up to the end of the file
            return False
        position += size
    return position != len(data)


def _riff_ends_early(data: bytes) -> bool:
    return 8 + int.from_bytes(data[4:8], "little") > len(data)


def _bmp_ends_early(data: bytes) -> bool:
    return int.from_bytes(data[2:6], "little") > len(data)


# The offset and the bytes of a format's signature, as in `readers`.
_CHECKS: tuple[tuple[int, tuple[bytes, ...], Callable[[bytes], bool]], ...] = (
    (0, (segments.START,), _jpeg_ends_early),
    (0, (chunks.SIGNATURE,), _png_ends_early),
    (0, (b"II*\0", b"MM\0*"), _tiff_ends_early),
    (4, (b"ftyp",), _boxes_end_early),
    (0, (b"RIFF",), _riff_ends_early),
    (0, (b"BM",), _bmp_ends_early),
)
