"""The EXIF of a TIFF file, as a structure of its own.

A TIFF has no EXIF block: the tags that describe the picture are between those of its layout. Here they are copied, byte
for byte, into a structure of the kind that other formats embed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from PIL.ExifTags import Base

from colorizer.images.readers.tiff.directory import Directory

TECHNICAL = {Base.Orientation, Base.XResolution, Base.YResolution, Base.ResolutionUnit}
# The tags that describe the picture; the others describe the layout of the file.
DESCRIPTIVE = TECHNICAL | {
    Base.DocumentName, Base.ImageDescription, Base.Make, Base.Model, Base.PageName, Base.Software, Base.DateTime,
    Base.Artist, Base.HostComputer, Base.Rating, Base.Copyright,
    Base.XPTitle, Base.XPComment, Base.XPAuthor, Base.XPKeywords, Base.XPSubject,
}  # fmt: skip
# Tags that point to another directory: EXIF and GPS; in that of EXIF: interoperability.
POINTERS = (Base.ExifOffset, Base.GPSInfo)
_POINTERS_IN_EXIF = (Base.ExifInteroperabilityOffset,)
_LONG = 4  # field type of an offset
_LAST_KIND = 12  # of the field types; those above are BigTIFF's, and offsets, which would not be true any more
_START = 8  # offset of the first directory


def build_exif(directory: Directory) -> bytes | None:
    """The EXIF structure of a picture, without the prefix "Exif", or None if no tag describes it.

    Raises struct.error if a tag is damaged, or if the values together are larger than the file.
    """
    tags = [tag for tag in directory.tags if tag in DESCRIPTIVE or tag in POINTERS]
    if not set(tags) - TECHNICAL:
        return None
    magic = b"II*\0" if directory.order == "<" else b"MM\0*"
    head = magic + struct.pack(f"{directory.order}I", _START)
    return head + _copy_directory(directory, tags, _START, POINTERS)


def _copy_directory(source: Directory, tags: Iterable[int], offset: int, pointers: Sequence[int]) -> bytes:
    """The bytes of a directory at `offset`, followed by the values that do not fit into its entries."""
    fields = {tag: field for tag in sorted(tags) if (field := source.find(tag)) is not None}
    inner = {tag: found for tag in pointers if tag in fields and (found := source.inner(tag)) is not None}
    kept = [tag for tag in fields if tag in inner or fields[tag].kind <= _LAST_KIND]
    lines: list[bytes] = []
    values: list[bytes] = []
    place = offset + 2 + 12 * len(kept) + 4
    for tag in kept:
        kind, count = fields[tag].kind, fields[tag].count
        if tag in inner:
            kind, count = _LONG, 1
            value = _copy_directory(
                inner[tag], inner[tag].tags, place, _POINTERS_IN_EXIF if pointers is POINTERS else ()
            )
        else:
            value = source.content(tag) or b""
        short = len(value) <= 4 and tag not in inner
        lines.append(struct.pack(f"{source.order}HHI", tag, kind, count))
        lines.append(value.ljust(4, b"\0") if short else struct.pack(f"{source.order}I", place))
        if not short:
            values.append(value + bytes(len(value) % 2))
            place += len(values[-1])
        if place > offset + 65536 + len(source.data):
            raise struct.error("the values are larger than the file")
    return b"".join([struct.pack(f"{source.order}H", len(kept)), *lines, bytes(4), *values])
