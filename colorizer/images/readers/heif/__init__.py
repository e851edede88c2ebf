"""Read AVIF and HEIC files, which are pictures in an ISO base media file (ISO/IEC 23008-12)."""

from __future__ import annotations

import struct

from PIL import UnidentifiedImageError

from colorizer.color.encoding import DEFAULT_PEAK, SRGB_TRANSFER, ColorEncoding
from colorizer.images.readers.heif.boxes import Item, ItemFile, read_item_file
from colorizer.images.readers.heif.inventory import count_pictures, list_entries
from colorizer.images.readers.heif.items import (
    coded_items,
    find_metadata,
    is_picture_file,
    read_content,
    track_item,
)
from colorizer.images.readers.heif.pixels import read_avif, read_heic
from colorizer.images.samples import CheckSize, Samples, describe_untaken
from colorizer.images.segments import EXIF
from colorizer.picture import Metadata

# The BT.709 family of transfers. Encoders write these code points into stills without a thought, and browsers show
# such stills as sRGB (Chromium 156), unlike PNG files, where they stand for a display's gamma.
_AS_SRGB = (1, 6, 14, 15)
_EXIF_HEADS = (b"II*\0", b"MM\0*")


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read the primary picture of an AVIF or HEIC file, or the first of a sequence. Raises as `readers.read` does."""
    file = read_item_file(data)
    track, frames = track_item(data, file)
    coded = coded_items(file) or ([track] if frames else [])
    if not coded or not is_picture_file(data, file):
        raise UnidentifiedImageError("the file names no picture")
    for item in coded:
        size = item.property("ispe") or b""
        if len(size) == 12:
            check_size(*struct.unpack(">4xII", size))
    if any(item.kind == "av01" for item in coded):
        pixels, alpha, orientation, notes = read_avif(data, coded, frames, check_size)
    else:
        pixels, alpha, orientation, notes = read_heic(data, check_size)
    notes += describe_untaken(list_entries(data, file))
    encoding, profile = _read_colors(coded)
    metadata = Metadata(_read_exif(data, file), _read_xmp(data, file), profile)
    pages = max(count_pictures(file), frames)
    return Samples(pixels, alpha, encoding, orientation, metadata, notes, pages)


def _read_colors(coded: list[Item]) -> tuple[ColorEncoding | None, bytes | None]:
    """The encoding and the profile of a picture: its own, or else those of its first part that has some."""
    boxes = next((found for item in coded if (found := item.properties_of("colr"))), [])
    profile = next((box[4:] for box in boxes if box[:4] in (b"prof", b"rICC")), None)
    codes = next((box[4:11] for box in boxes if box[:4] == b"nclx" and len(box) >= 11), None)
    if codes is None:
        return None, profile
    primaries, transfer = struct.unpack_from(">HH", codes)
    return ColorEncoding(
        SRGB_TRANSFER if transfer in _AS_SRGB else transfer, primaries, peak=_read_peak(coded)
    ), profile


def _read_peak(coded: list[Item]) -> float:
    """The brightest light in cd/m2: of the content, else of the display on which it was made."""
    for kind, place, layout, unit in (("clli", 0, ">H", 1), ("mdcv", 16, ">I", 10_000)):
        content = next((found for item in coded if (found := item.property(kind))), b"")
        if len(content) >= place + struct.calcsize(layout):
            peak: int = struct.unpack_from(layout, content, place)[0]
            if peak:
                return peak / unit
    return DEFAULT_PEAK


def _read_exif(data: bytes, file: ItemFile) -> bytes | None:
    """The TIFF structure in the item "Exif", which begins with the number of bytes in front of it."""
    item = find_metadata(file, "Exif")
    content = read_content(data, item) if item else b""
    if len(content) < 4:
        return None
    exif = content[4 + int.from_bytes(content[:4], "big") :]
    if not exif.startswith(_EXIF_HEADS):
        exif = content[4:].removeprefix(EXIF)
    return exif or None


def _read_xmp(data: bytes, file: ItemFile) -> bytes | None:
    item = find_metadata(file, "mime")
    return (read_content(data, item) if item else b"") or None
