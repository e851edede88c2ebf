"""The items of an AVIF or HEIC file that belong to its primary picture."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from colorizer.images.readers.heif.boxes import Box, Item, ItemFile, walk_boxes

DERIVED = ("grid", "iden", "iovl")  # pictures that are made of others
XMP_TYPE = "application/rdf+xml"
ALPHA_TYPES = ("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1")
_BRANDS = {
    "avif", "avis", "mif1", "mif2", "msf1", "miaf", "heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs",
}  # fmt: skip
_SAMPLE_TABLE = ("trak", "mdia", "minf", "stbl")
_SAMPLE_ENTRY_BYTES = 78  # in front of the boxes in a visual sample entry


def is_picture_file(data: bytes, file: ItemFile) -> bool:
    """Whether the file says that it holds pictures."""
    head = next((data[box.start : box.stop] for box in file.boxes if box.kind == "ftyp"), b"")
    brands = head[:4] + head[8:]
    return any(brands[place : place + 4].decode("latin-1") in _BRANDS for place in range(0, len(brands), 4))


def auxiliary_type(item: Item) -> str:
    """The type of an auxiliary picture, which is a URN."""
    return (item.property("auxC") or b"")[4:].split(b"\0")[0].decode("latin-1")


def coded_items(file: ItemFile) -> list[Item]:
    """The primary picture, the pictures of which it is made, and its alpha; empty if the file names none."""
    alpha = [
        number
        for number, item in file.items.items()
        if file.primary in item.references.get("auxl", ()) and auxiliary_type(item) in ALPHA_TYPES
    ]
    found: dict[int, Item] = {}
    waiting = [*reversed(alpha), file.primary]
    while waiting:
        number = waiting.pop()
        if number in found or number not in file.items:
            continue
        found[number] = file.items[number]
        if found[number].kind in DERIVED:
            waiting += reversed(found[number].references.get("dimg", ()))
    return list(found.values())


def track_item(data: bytes, file: ItemFile) -> tuple[Item, int]:
    """The pictures of a sequence: kind and properties, as of an item, and their number; 0 if there is none."""
    best, most = Item(), 0
    for movie in (box for box in file.boxes if box.kind == "moov"):
        for table in _find(data, movie, _SAMPLE_TABLE):
            sizes = next(_find(data, table, ("stsz",)), None)
            if sizes is None or sizes.stop - sizes.start < 12:
                continue
            (count,) = struct.unpack_from(">8xI", data, sizes.start)
            if count > most:
                best, most = _read_sample_entry(data, table), count
    return best, most


def _read_sample_entry(data: bytes, table: Box) -> Item:
    for description in _find(data, table, ("stsd",)):
        for entry in walk_boxes(data, description.start + 8, description.stop):
            inner = walk_boxes(data, entry.start + _SAMPLE_ENTRY_BYTES, entry.stop)
            return Item(entry.kind, properties=[(box.kind, data[box.start : box.stop]) for box in inner])
    return Item()


def _find(data: bytes, box: Box, path: tuple[str, ...]) -> Iterator[Box]:
    """All boxes at a path of kinds below a box."""
    if not path:
        yield box
        return
    for inner in walk_boxes(data, box.start, box.stop):
        if inner.kind == path[0]:
            yield from _find(data, inner, path[1:])


def find_metadata(file: ItemFile, kind: str) -> Item | None:
    """The first item "Exif", or with XMP ("mime"), that describes the primary picture."""
    for item in file.items.values():
        described = item.references.get("cdsc", [file.primary])
        if item.kind == kind and file.primary in described and (kind != "mime" or item.content_type == XMP_TYPE):
            return item
    return None


def read_content(data: bytes, item: Item) -> bytes:
    """The content of an item. Raises ValueError if its pieces would be longer than the file."""
    if sum(min(length, len(data)) for _, length in item.extents) > len(data):
        raise ValueError("expected an item within the file, got a longer one")
    return b"".join(data[start : start + length] for start, length in item.extents)
