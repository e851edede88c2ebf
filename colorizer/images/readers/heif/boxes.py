"""ISO base media files: boxes (ISO/IEC 14496-12), and the items in them (ISO/IEC 23008-12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_FULL_BOX = 4  # bytes of version and flags
_MOST_BOXES = 100_000
_MOST_EXTENTS = 100_000  # of all items


@dataclass(frozen=True)
class Box:
    """A box. `start`, `stop`: offsets of its content; that of a damaged box can be cut."""

    kind: str
    start: int
    stop: int


@dataclass
class Item:
    """An item: a coded or derived picture, or metadata.

    `content_type`: of kind "mime". `extents`: pieces of the content, as offset and length in the file. `properties`:
    kind and content, in order. `references`: the items that it refers to, by the kind of reference.
    """

    kind: str = ""
    content_type: str = ""
    hidden: bool = False
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: list[tuple[str, bytes]] = field(default_factory=list)
    references: dict[str, list[int]] = field(default_factory=dict)

    def property(self, kind: str) -> bytes | None:
        """The first property of a kind."""
        return next(iter(self.properties_of(kind)), None)

    def properties_of(self, kind: str) -> list[bytes]:
        return [content for found, content in self.properties if found == kind]


@dataclass(frozen=True)
class ItemFile:
    """`boxes`: at the top. `items`: by number. `primary`: the number of the picture to show; 0: none is named."""

    boxes: tuple[Box, ...]
    items: dict[int, Item]
    primary: int


def read_item_file(data: bytes) -> ItemFile:
    """Read the structure of a file. Raises struct.error or LookupError if it is damaged."""
    boxes = tuple(walk_boxes(data, 0, len(data)))
    meta = next((box for box in boxes if box.kind == "meta"), None)
    if meta is None:
        return ItemFile(boxes, {}, 0)
    inner: dict[str, Box] = {}
    for box in walk_boxes(data, meta.start + _FULL_BOX, meta.stop):
        inner.setdefault(box.kind, box)
    items: dict[int, Item] = {}
    primary = 0
    if "pitm" in inner:
        fields = _Fields(data, inner["pitm"])
        primary = fields.take(2 if fields.version == 0 else 4)
    if "iinf" in inner:
        _read_infos(data, inner["iinf"], items)
    if "iloc" in inner:
        _read_locations(data, inner["iloc"], inner.get("idat"), items)
    if "iref" in inner:
        _read_references(data, inner["iref"], items)
    if "iprp" in inner:
        _read_properties(data, inner["iprp"], items)
    return ItemFile(boxes, items, primary)


def walk_boxes(data: bytes, start: int, stop: int) -> Iterator[Box]:
    """The boxes between two offsets; what makes no sense ends them. Raises LookupError for an absurd number."""
    count = 0
    while start + 8 <= stop:
        size, name = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1 and start + 16 <= stop:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            head = 16
        end = stop if size == 0 else start + size
        if end < start + head or not name.isascii():
            return
        if (count := count + 1) > _MOST_BOXES:
            raise LookupError(f"expected up to {_MOST_BOXES} boxes, got more")
        yield Box(name.decode(), start + head, min(end, stop))
        start = end


class _Fields:
    """Takes the big-endian fields of a box one by one; a full box begins with a version and flags.

    Raises struct.error behind the end of the box.
    """

    def __init__(self, data: bytes, box: Box, *, full: bool = True) -> None:
        self._data, self._position, self._stop = data, box.start, box.stop
        self.version, self.flags = (self.take(1), self.take(3)) if full else (0, 0)

    def take(self, size: int) -> int:
        """An unsigned number of `size` bytes."""
        return int.from_bytes(self.take_bytes(size), "big")

    def take_bytes(self, size: int) -> bytes:
        start, self._position = self._position, self._position + size
        if self._position > self._stop:
            raise struct.error(f"expected {size} bytes in a box, got {max(0, self._stop - start)}")
        return self._data[start : self._position]

    @property
    def place(self) -> int:
        return self._position


def _read_infos(data: bytes, box: Box, items: dict[int, Item]) -> None:
    fields = _Fields(data, box)
    fields.take(2 if fields.version == 0 else 4)
    for entry in walk_boxes(data, fields.place, box.stop):
        info = _Fields(data, entry)
        if entry.kind != "infe" or info.version < 2:
            continue
        item = items.setdefault(info.take(2 if info.version == 2 else 4), Item())
        info.take(2)  # protection
        item.kind, item.hidden = info.take_bytes(4).decode("latin-1"), bool(info.flags & 1)
        texts = data[info.place : entry.stop].split(b"\0", 2)  # a name, and the type of the content
        if item.kind == "mime" and len(texts) > 1:
            item.content_type = texts[1].decode("latin-1")


def _read_locations(data: bytes, box: Box, store: Box | None, items: dict[int, Item]) -> None:
    fields = _Fields(data, box)
    sizes = fields.take(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    number_size = 2 if fields.version < 2 else 4
    extents = 0
    for _ in range(fields.take(number_size)):
        item = items.setdefault(fields.take(number_size), Item())
        method = fields.take(2) & 15 if fields.version else 0  # 0: in the file, 1: in the box "idat", 2: in an item
        fields.take(2)  # where the file is
        base = fields.take(base_size) + (store.start if method == 1 and store else 0)
        count = fields.take(2)
        if (extents := extents + count) > _MOST_EXTENTS:  # an extent whose fields have no bytes costs the file nothing
            raise LookupError(f"expected items of up to {_MOST_EXTENTS} pieces, got more")
        for _ in range(count):
            fields.take(index_size if fields.version else 0)
            offset, length = fields.take(offset_size), fields.take(length_size)
            if method < 2:
                item.extents.append((base + offset, length or len(data)))


def _read_references(data: bytes, box: Box, items: dict[int, Item]) -> None:
    fields = _Fields(data, box)
    size = 2 if fields.version == 0 else 4
    for entry in walk_boxes(data, fields.place, box.stop):
        reference = _Fields(data, entry, full=False)
        targets = items.setdefault(reference.take(size), Item()).references.setdefault(entry.kind, [])
        targets.extend(reference.take(size) for _ in range(reference.take(2)))


def _read_properties(data: bytes, box: Box, items: dict[int, Item]) -> None:
    inner = list(walk_boxes(data, box.start, box.stop))
    container = next((entry for entry in inner if entry.kind == "ipco"), None)
    boxes = [] if container is None else walk_boxes(data, container.start, container.stop)
    known = [(entry.kind, data[entry.start : entry.stop]) for entry in boxes]  # items share them
    for entry in inner:
        if entry.kind != "ipma":
            continue
        fields = _Fields(data, entry)
        wide = fields.flags & 1
        for _ in range(fields.take(4)):
            item = items.setdefault(fields.take(2 if fields.version == 0 else 4), Item())
            for _ in range(fields.take(1)):
                index = fields.take(2) & 0x7FFF if wide else fields.take(1) & 0x7F
                if 1 <= index <= len(known):
                    item.properties.append(known[index - 1])
