"""Directories of a TIFF file and their fields (TIFF 6.0, section 2, and BigTIFF).

A directory's entries are read at once, the values behind them only on demand. The cost thus depends neither on what a
file claims to hold nor on how often it refers to the same bytes.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from colorizer.picture import MOST_PAGES

MAX_DIRECTORIES = MOST_PAGES
_MAX_ENTRIES = 4096  # of one directory; files of microscopes and cameras have about 100
_MAX_FEW = 256  # values of a tag that are read as a list
_SUB_DIRECTORIES = 330  # the tag SubIFDs
_BIG_TIFF = 43  # the number after the byte order; 42 in other files

# Field type -> NumPy's type of one number, and how many numbers a value has.
_KINDS = {
    1: ("u1", 1), 2: ("u1", 1), 3: ("u2", 1), 4: ("u4", 1), 5: ("u4", 2), 6: ("i1", 1), 7: ("u1", 1), 8: ("i2", 1),
    9: ("i4", 1), 10: ("i4", 2), 11: ("f4", 1), 12: ("f8", 1), 13: ("u4", 1), 16: ("u8", 1), 17: ("i8", 1),
    18: ("u8", 1),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """The values of a tag. `kind`: the field type, as a number of TIFF 6.0. `offset`: where the values begin."""

    kind: int
    count: int
    offset: int


@dataclass(frozen=True)
class Directory:
    """A directory of the TIFF file `data`.

    `order`: the file's byte order, "<" or ">". `big`: whether it is a BigTIFF. `entries`: of the directory, with the
    members tag, kind and count, and `value`, which is a value or its offset. `start`: offset of the first entry.
    `nested`: whether another directory's tag SubIFDs points here.
    """

    data: bytes
    order: str
    big: bool
    entries: NDArray[Any]
    start: int
    nested: bool = False

    @property
    def tags(self) -> list[int]:
        """The tags in the order of the file, each once."""
        return list(dict.fromkeys(self.entries["tag"].tolist()))

    def find(self, tag: int) -> Field | None:
        """The first field of a tag, as in libtiff, or None. Raises struct.error if it is beyond the file's end."""
        found = np.flatnonzero(self.entries["tag"] == tag)
        if not found.size:
            return None
        index = int(found[0])
        kind, count = int(self.entries["kind"][index]), int(self.entries["count"][index])
        letters, numbers = _KINDS.get(kind, ("u1", 1))
        size = count * numbers * int(letters[1:])
        room = 8 if self.big else 4
        stride = self.entries.dtype.itemsize
        offset = int(self.entries["value"][index]) if size > room else self.start + index * stride + stride - room
        if offset + size > len(self.data):
            raise struct.error(f"tag {tag} is beyond the end of the file")
        return Field(kind, count, offset)

    def numbers(self, tag: int) -> NDArray[Any]:
        """The values of a tag: (count,), or (count, 2) for fractions. Empty if the tag is missing."""
        field = self.find(tag)
        if field is None:
            return np.empty(0, np.int64)
        letters, numbers = _KINDS.get(field.kind, ("u1", 1))
        values = np.frombuffer(self.data, f"{self.order}{letters}", field.count * numbers, field.offset)
        return values.reshape(-1, 2) if numbers == 2 else values

    def integers(self, tag: int) -> list[int]:
        """The first values of a tag that has few."""
        return [int(value) for value in self.numbers(tag).ravel()[:_MAX_FEW]]

    def number(self, tag: int, default: int) -> int:
        """The first value of a tag, as a whole number."""
        values = self.numbers(tag).ravel()
        return int(values[0]) if values.size else default

    def ratios(self, tag: int) -> list[float]:
        """The first values of a tag that has few; fractions are divided, and those with the denominator 0 are NaN."""
        values = self.numbers(tag)[:_MAX_FEW].astype(np.float64)
        if values.ndim == 1:
            return [float(value) for value in values]
        return [float(above / below) if below else math.nan for above, below in values]

    def content(self, tag: int) -> bytes | None:
        """The bytes of a tag's values as stored, or None."""
        field = self.find(tag)
        if field is None:
            return None
        letters, numbers = _KINDS.get(field.kind, ("u1", 1))
        return self.data[field.offset : field.offset + field.count * numbers * int(letters[1:])]

    def inner(self, tag: int) -> Directory | None:
        """The directory to which a tag points (EXIF, GPS, ...), or None. Raises struct.error."""
        offset = self.number(tag, 0)
        return read_directory(self.data, self.order, self.big, offset)[0] if offset else None


def read_directories(data: bytes) -> tuple[list[Directory], bool]:
    """The directories of a file: those of its chain, then those to which their tags SubIFDs point.

    At most MAX_DIRECTORIES are read. The flag says whether these are all; it is False, too, if the rest is damaged.
    Raises struct.error if the first directory is damaged.
    """
    order = {b"II": "<", b"MM": ">"}[data[:2]]
    big = struct.unpack_from(f"{order}H", data, 2)[0] == _BIG_TIFF
    (first,) = struct.unpack_from(f"{order}Q", data, 8) if big else struct.unpack_from(f"{order}I", data, 4)
    seen: set[int] = set()

    def follow(offset: int, nested: bool) -> tuple[list[Directory], bool]:
        found: list[Directory] = []
        while offset and offset not in seen:
            if len(seen) == MAX_DIRECTORIES:
                return found, False
            seen.add(offset)
            try:
                directory, offset = read_directory(data, order, big, offset, nested=nested)
            except struct.error:
                return found, False
            found.append(directory)
        return found, True

    directories, complete = follow(first, nested=False)
    if not directories:
        raise struct.error(f"expected a directory at byte {first}, got none")
    for directory in tuple(directories):
        for offset in directory.numbers(_SUB_DIRECTORIES).ravel()[:MAX_DIRECTORIES].tolist():
            nested, whole = follow(offset, nested=True)
            directories += nested
            complete = complete and whole
    return directories, complete


def read_directory(data: bytes, order: str, big: bool, offset: int, *, nested: bool = False) -> tuple[Directory, int]:
    """The directory at `offset`, and the offset of the next one or 0. Raises struct.error if it is damaged."""
    count_format, number = (f"{order}Q", f"{order}u8") if big else (f"{order}H", f"{order}u4")
    (count,) = struct.unpack_from(count_format, data, offset)
    start = offset + struct.calcsize(count_format)
    layout = np.dtype([("tag", f"{order}u2"), ("kind", f"{order}u2"), ("count", number), ("value", number)])
    end = start + count * layout.itemsize
    if count > _MAX_ENTRIES or end > len(data):
        raise struct.error(f"expected a directory of up to {_MAX_ENTRIES} entries at byte {offset}, got {count}")
    entries = np.frombuffer(data, layout, count, start)
    following = data[end : end + layout["value"].itemsize]  # some writers leave out the last offset
    return Directory(data, order, big, entries, start, nested), int.from_bytes(
        following, "little" if order == "<" else "big"
    )
