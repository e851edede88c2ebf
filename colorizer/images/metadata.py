"""EXIF of a file, corrected for the upright, coloured picture."""

from __future__ import annotations

import re
import struct

from PIL import TiffTags
from PIL.ExifTags import Base

INCH = 0.0254  # metres
_MAX_DPI = 65535  # the maximum in JPEG

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


def read_orientation(exif: bytes | None, xmp: bytes | None = None) -> int:
    """The orientation 1..8 that EXIF, or else XMP, says; 1 if neither says one, or it is damaged."""
    try:
        entry = read_directory(exif or b"")[Base.Orientation]
        (orientation,) = struct.unpack_from(f"{_byte_order(exif or b'')}H", entry, 8)
    except (struct.error, LookupError):
        found = re.search(rb"""tiff:Orientation(?:\s*>\s*|\s*=\s*["']\s*)([1-8])""", xmp or b"")
        orientation = int(found[1]) if found else 1
    return orientation if orientation in range(1, 9) else 1


def read_exif_dpi(exif: bytes | None) -> tuple[float, float] | None:
    """The resolution in EXIF, in dots per inch; None if it says none, or is damaged."""
    if exif is None:
        return None
    try:
        order, entries = _byte_order(exif), read_directory(exif)
        places = [struct.unpack_from(f"{order}8xI", entries[tag])[0] for tag in (Base.XResolution, Base.YResolution)]
        across, down = (struct.unpack_from(f"{order}II", exif, place) for place in places)
        unit = 2  # where EXIF says none
        if Base.ResolutionUnit in entries:
            (unit,) = struct.unpack_from(f"{order}8xH", entries[Base.ResolutionUnit])
        dots = {2: 1.0, 3: 100 * INCH}[unit]  # per inch, for a resolution per inch or centimetre; 1 is no unit
        return across[0] / across[1] * dots, down[0] / down[1] * dots
    except (struct.error, LookupError, ZeroDivisionError):
        return None


def valid_dpi(across: float, down: float) -> tuple[float, float] | None:
    """The resolution in dots per inch, or None if it makes no sense."""
    return (across, down) if 1 <= across <= _MAX_DPI and 1 <= down <= _MAX_DPI else None
