"""The outermost parts of a film's file: boxes of MP4, chunks of AVI, elements of Matroska, tags of FLV, header of ASF.

A file that ends before its last part does is cut off: a download that broke off, a full disk, a damaged copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from colorizer.errors import Problem

_MP4_BEGINNINGS = (b"ftyp", b"moov", b"moof", b"styp", b"mdat", b"wide", b"free", b"skip", b"pnot")
_MP4_DATA = (b"moov", b"moof", b"mdat")
_UNKNOWN_SIZES = (0, 0x7FFFFFFF, 0xFFFFFFFF)  # what programs write as the size of a chunk before they know it
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_MAX_HEADER_BYTES = 1 << 20


@dataclass(frozen=True)
class Part:
    """A part of a file. `begin`: of its content. `end`: behind it; None: the file does not say. Both are offsets.

    `is_all`: whether it holds all of the film, perhaps with an index behind the last picture.
    """

    kind: bytes
    begin: int
    end: int | None
    is_all: bool = False


def is_mp4(path: Path) -> bool:
    """Whether the file begins with a box of an MP4 or MOV. Raises OSError."""
    with path.open("rb") as file:
        return file.read(8)[4:] in _MP4_BEGINNINGS


def find_cut(path: Path) -> Part | None:
    """The part that holds pictures or sound and in which the file ends; None if there is none. Raises OSError.

    None for formats that have no such parts (MPEG streams, Ogg), and where the file does not say how long a part is.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        return next((part for part in _data_parts(file) if part.end is not None and part.end > size), None)


def damage_of(path: Path) -> Problem:
    """Of a film that cannot be read: TRUNCATED if its end is missing, else DAMAGED. Raises OSError."""
    return Problem.DAMAGED if find_cut(path) is None else Problem.TRUNCATED


def mp4_boxes(file: BinaryIO) -> Iterator[Part]:
    """The boxes at the top level of an MP4 or MOV (ISO/IEC 14496-12, section 4.2). Raises OSError."""
    position = 0
    while len(head := _read_at(file, position, 16)) >= 8:
        size, kind, begin = int.from_bytes(head[:4], "big"), head[4:8], position + 8
        if size == 1:
            size, begin = int.from_bytes(head[8:16], "big"), position + 16
        if size == 0:  # up to the end of the file
            yield Part(kind, begin, None)
        if size < begin - position:
            return
        yield Part(kind, begin, position + size)
        position += size


def _data_parts(file: BinaryIO) -> Iterator[Part]:
    head = _read_at(file, 0, 16)
    if head[4:8] in _MP4_BEGINNINGS:
        return (part for part in mp4_boxes(file) if part.kind in _MP4_DATA)
    if head[:4] == b"RIFF":
        return _riff_chunks(file)
    if head[:4] == _EBML:
        return (part for part in _ebml_elements(file) if part.kind == _SEGMENT)
    if head[:3] == b"FLV":
        return _flv_tags(file)
    if head == _ASF_HEADER:
        return _asf_file(file)
    return iter(())


def _riff_chunks(file: BinaryIO) -> Iterator[Part]:
    """The chunks at the top level of an AVI; one above 1 GB has several (OpenDML)."""
    position = 0
    while len(head := _read_at(file, position, 8)) == 8 and head[:4] == b"RIFF":
        size = int.from_bytes(head[4:], "little")
        end = None if size in _UNKNOWN_SIZES else position + 8 + size
        yield Part(head[:4], position + 8, end, is_all=True)
        if end is None:
            return
        position = end + size % 2


def _ebml_elements(file: BinaryIO) -> Iterator[Part]:
    """The elements at the top level of a Matroska or WebM file (RFC 8794)."""
    position = 0
    while len(head := _read_at(file, position, 12)) >= 5 and head[:4] in (_EBML, _SEGMENT):
        length = 9 - head[4].bit_length()
        digits = head[4 : 4 + length]
        size = int.from_bytes(digits, "big") & ((1 << 7 * length) - 1)
        begin = position + 4 + length
        end = None if size == (1 << 7 * length) - 1 else begin + size
        yield Part(head[:4], begin, end, is_all=True)
        if end is None:
            return
        position = end


def _flv_tags(file: BinaryIO) -> Iterator[Part]:
    """The tags of an FLV file (Adobe Flash Video File Format Specification 10.1, annex E)."""
    position = int.from_bytes(_read_at(file, 5, 4), "big")
    while len(head := _read_at(file, position, 15)) == 15:  # the size of the tag before it comes first
        begin = position + 15
        yield Part(head[4:5], begin, begin + int.from_bytes(head[5:8], "big"))
        position = begin + int.from_bytes(head[5:8], "big")


def _asf_file(file: BinaryIO) -> Iterator[Part]:
    """The whole file, as the File Properties object of an ASF or WMV says it (ASF Specification 1.2, section 3.2)."""
    header = _read_at(file, 0, _MAX_HEADER_BYTES)
    where = header.find(_ASF_FILE_PROPERTIES)
    if where >= 0 and len(header) >= where + 92:
        size = int.from_bytes(header[where + 40 : where + 48], "little")
        is_broadcast = header[where + 88] & 1
        yield Part(b"ASF", 0, None if is_broadcast else size, is_all=True)


def _read_at(file: BinaryIO, position: int, size: int) -> bytes:
    if position >= 1 << 63:  # `position` is made from numbers in the file, which may be damaged or of another format
        return b""
    file.seek(position)
    return file.read(size)
