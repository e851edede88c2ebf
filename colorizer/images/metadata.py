"""EXIF and XMP of a file, corrected for the upright, coloured picture."""

from __future__ import annotations

import re
import struct

from PIL import ExifTags, Image, TiffTags
from PIL.ExifTags import Base

INCH = 0.0254  # metres
EXIF_PREFIX = b"Exif\0\0"

_TECHNICAL = {Base.Orientation, Base.XResolution, Base.YResolution, Base.ResolutionUnit}
# The tags of a TIFF's own directory that describe the picture; the other tags describe the layout of the file.
_DESCRIPTIVE = _TECHNICAL | {
    Base.DocumentName, Base.ImageDescription, Base.Make, Base.Model, Base.PageName, Base.Software, Base.DateTime,
    Base.Artist, Base.HostComputer, Base.Rating, Base.Copyright,
    Base.XPTitle, Base.XPComment, Base.XPAuthor, Base.XPKeywords, Base.XPSubject,
}  # fmt: skip

# Exceptions that damaged EXIF can raise while it is read.
EXIF_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, ArithmeticError, struct.error)


def read_directory(exif: bytes) -> dict[int, bytes]:
    """The entries of a TIFF structure's first directory (IFD), 12 bytes each, by tag. Raises struct.error."""
    return {tag: exif[place : place + 12] for tag, place in _entry_offsets(exif, _first_offset(exif)).items()}


def _byte_order(exif: bytes) -> str:
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    if exif[:4] not in orders:
        raise struct.error(f"expected EXIF to begin with II or MM, got {exif[:4]!r}")
    return orders[exif[:4]]


def _first_offset(exif: bytes) -> int:
    return int(struct.unpack_from(f"{_byte_order(exif)}4xI", exif)[0])


def _entry_offsets(exif: bytes, offset: int) -> dict[int, int]:
    """The offsets of the entries of the directory at `offset`, by tag."""
    order = _byte_order(exif)
    (count,) = struct.unpack_from(f"{order}H", exif, offset)
    places = range(offset + 2, offset + 2 + 12 * count, 12)
    return {struct.unpack_from(f"{order}H10x", exif, place)[0]: place for place in places}


def normalize_exif(exif: bytes, width: int, height: int) -> bytes:
    """Correct a copy of EXIF: orientation 1, size `width` x `height` in pixels, and no thumbnail, which would be grey.

    All other bytes are kept. Raises struct.error if the structure is damaged.
    """
    changed = bytearray(exif)
    order, first = _byte_order(exif), _first_offset(exif)
    places = _entry_offsets(exif, first)
    if Base.Orientation in places:
        struct.pack_into(f"{order}HIHH", changed, places[Base.Orientation] + 2, TiffTags.SHORT, 1, 1, 0)
    (count,) = struct.unpack_from(f"{order}H", exif, first)
    struct.pack_into(f"{order}I", changed, first + 2 + 12 * count, 0)  # no second directory, which is the thumbnail's
    if Base.ExifOffset in places:
        (inner,) = struct.unpack_from(f"{order}8xI", exif, places[Base.ExifOffset])
        inner_places = _entry_offsets(exif, inner)
        for tag, value in ((Base.ExifImageWidth, width), (Base.ExifImageHeight, height)):
            if tag in inner_places:
                struct.pack_into(f"{order}HII", changed, inner_places[tag] + 2, TiffTags.LONG, 1, value)
    return bytes(changed)


def normalize_xmp(xmp: bytes) -> bytes:
    """Set the orientation in an XMP packet to 1; all other bytes are kept."""
    return re.sub(rb"""(tiff:Orientation(?:>|\s*=\s*["']))[1-8]""", rb"\g<1>1", xmp)


def read_exif(image: Image.Image) -> bytes | None:
    """The EXIF of an open file without the prefix "Exif", or None.

    A TIFF has no EXIF block of its own, so one is built from the tags that describe the picture.
    Raises one of EXIF_DAMAGE if a TIFF's tags are damaged.
    """
    if image.format != "TIFF":
        block: bytes = image.info.get("exif") or b""
        return block.removeprefix(EXIF_PREFIX) or None
    found, made = image.getexif(), Image.Exif()
    for tag in sorted(_DESCRIPTIVE):
        if tag in found:
            made[tag] = found[tag]
    for directory in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        made.get_ifd(directory).update(found.get_ifd(directory))
        if made.get_ifd(directory):
            made[directory] = made.get_ifd(directory)
    return made.tobytes().removeprefix(EXIF_PREFIX) if made.keys() - _TECHNICAL else None
