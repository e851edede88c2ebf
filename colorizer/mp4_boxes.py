"""A look into the boxes of an MP4 or MOV file (ISO/IEC 14496-12), for what FFmpeg does not say."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

# What the description of an encrypted picture is called: MPEG Common Encryption (ISO/IEC 23001-7), and iTunes.
_ENCRYPTED = (b"encv", b"drmi")
_LARGEST_INDEX = 64 << 20  # bytes; the index of a film of many hours has a few million


def is_encrypted(path: Path) -> bool:
    """Whether the file is an MP4 or MOV with a picture track that is marked as encrypted."""
    with path.open("rb") as file:
        index = _index(file)
    return any(name in index for name in _ENCRYPTED)


def is_mp4(path: Path) -> bool:
    """Whether the file begins like an MP4 or MOV."""
    with path.open("rb") as file:
        return file.read(8)[4:] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def _index(file: BinaryIO) -> bytes:
    """The content of the box `moov`, empty where there is none."""
    while len(head := file.read(8)) == 8:
        size, kind = int.from_bytes(head[:4], "big"), head[4:]
        skipped = 8
        if size == 1:
            size, skipped = int.from_bytes(file.read(8), "big"), 16
        if kind == b"moov":
            return file.read(min(size - skipped, _LARGEST_INDEX))
        if size < skipped:  # 0: to the end of the file; less: no box
            break
        file.seek(size - skipped, 1)
    return b""
