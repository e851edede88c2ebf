"""What a file says of its picture beside the pixels, made true of the picture once it is upright and coloured."""

from __future__ import annotations

import re
import struct

from PIL import ExifTags, Image

INCH = 0.0254  # metres
EXIF_PREFIX = b"Exif\0\0"

# What of a TIFF's own directory describes the picture; the rest says how the file is made.
_DESCRIPTIVE = (
    269, 270, 271, 272, 274, 282, 283, 285, 296, 305, 306, 315, 316, 18246, 33432, 40091, 40092, 40093, 40094, 40095,
)  # fmt: skip
_TECHNICAL = {ExifTags.Base.Orientation, ExifTags.Base.XResolution, ExifTags.Base.YResolution, 296}
_WIDTH, _HEIGHT = 0xA002, 0xA003  # of the picture, in the EXIF directory

# What damaged EXIF makes of itself when it is read.
EXIF_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, ArithmeticError, struct.error)


def read_directory(exif: bytes) -> dict[int, bytes]:
    """The entries of a TIFF structure's first directory, by tag: 12 bytes each. Raises struct.error if it is broken."""
    return {tag: exif[place : place + 12] for tag, place in _entry_offsets(exif, _first_offset(exif)).items()}


def _byte_order(exif: bytes) -> str:
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    if exif[:4] not in orders:
        raise struct.error(f"expected EXIF to begin with II or MM, got {exif[:4]!r}")
    return orders[exif[:4]]


def _first_offset(exif: bytes) -> int:
    return int(struct.unpack_from(f"{_byte_order(exif)}4xI", exif)[0])


def _entry_offsets(exif: bytes, offset: int) -> dict[int, int]:
    """Where the entries of the directory at `offset` are, by tag."""
    order = _byte_order(exif)
    (count,) = struct.unpack_from(f"{order}H", exif, offset)
    places = range(offset + 2, offset + 2 + 12 * count, 12)
    return {struct.unpack_from(f"{order}H10x", exif, place)[0]: place for place in places}


def normalize_exif(exif: bytes, width: int, height: int) -> bytes:
    """The same bytes, but for: orientation 1, the size of the upright picture, and no thumbnail, which was grey.

    Raises struct.error if they are broken.
    """
    changed = bytearray(exif)
    order, first = _byte_order(exif), _first_offset(exif)
    places = _entry_offsets(exif, first)
    if ExifTags.Base.Orientation in places:
        struct.pack_into(f"{order}HIHH", changed, places[ExifTags.Base.Orientation] + 2, 3, 1, 1, 0)
    (count,) = struct.unpack_from(f"{order}H", exif, first)
    struct.pack_into(f"{order}I", changed, first + 2 + 12 * count, 0)  # where the thumbnail's directory was
    if ExifTags.Base.ExifOffset in places:
        (inner,) = struct.unpack_from(f"{order}8xI", exif, places[ExifTags.Base.ExifOffset])
        inner_places = _entry_offsets(exif, inner)
        for tag, value in ((_WIDTH, width), (_HEIGHT, height)):
            if tag in inner_places:
                struct.pack_into(f"{order}HII", changed, inner_places[tag] + 2, 4, 1, value)
    return bytes(changed)


def normalize_xmp(xmp: bytes) -> bytes:
    """The same packet with orientation 1."""
    return re.sub(rb"""(tiff:Orientation(?:>|\s*=\s*["']))[1-8]""", rb"\g<1>1", xmp)


def read_exif(image: Image.Image) -> bytes | None:
    """The EXIF block of an opened file, as it is; for a TIFF, one made of what describes its picture.

    Raises one of EXIF_DAMAGE where a TIFF's cannot be put together.
    """
    if image.format != "TIFF":
        block: bytes = image.info.get("exif") or b""
        return block.removeprefix(EXIF_PREFIX) or None
    found, made = image.getexif(), Image.Exif()
    for tag in _DESCRIPTIVE:
        if tag in found:
            made[tag] = found[tag]
    for tag in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        made.get_ifd(tag).update(found.get_ifd(tag))
        if made.get_ifd(tag):
            made[tag] = made.get_ifd(tag)
    return made.tobytes().removeprefix(EXIF_PREFIX) if made.keys() - _TECHNICAL else None
