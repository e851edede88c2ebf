"""Read WebP files with libwebp (RFC 9649)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from colorizer.images.metadata import read_orientation
from colorizer.images.readers import pillow
from colorizer.images.samples import CheckSize, Samples, describe_untaken, name_private, name_rest
from colorizer.images.segments import EXIF
from colorizer.picture import Metadata

_TAKEN = {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP", "EXIF", "XMP "}
_HEAD = struct.Struct("<4sI")
_FILE_HEAD = 12  # bytes: "RIFF", the length behind it, "WEBP"
_C2PA = "C2PA"
_MOST_CHUNKS = 100_000


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read a WebP; of an animation, the first frame. Raises as `readers.read` does."""
    with pillow.open_image(data, "WEBP", check_size=check_size) as image:
        frames = getattr(image, "n_frames", 1)
        image.load()
        pixels, alpha = pillow.read_pixels(image)
    blocks: dict[str, bytes] = {}
    entries: list[str] = []
    private: list[str] = []
    for kind, start, stop in _walk_chunks(data):
        if kind in ("ICCP", "EXIF", "XMP "):
            if blocks.setdefault(kind, data[start:stop]) != data[start:stop]:
                entries.append(f"a second {kind.strip()}")
        elif kind == _C2PA:
            entries.append("content credentials (C2PA)")
        elif kind not in _TAKEN:
            private.append(kind.strip())
    behind = len(data) - _file_end(data)
    if behind > 0:
        entries.append(name_rest(behind))
    exif = (blocks.get("EXIF") or b"").removeprefix(EXIF) or None
    xmp = blocks.get("XMP ") or None
    notes = describe_untaken([*entries, *name_private(private)])
    metadata = Metadata(exif, xmp, blocks.get("ICCP") or None)
    orientation = read_orientation(exif, xmp)
    return Samples(pixels, alpha, orientation=orientation, metadata=metadata, notes=notes, pages=frames)


def _file_end(data: bytes) -> int:
    length = int.from_bytes(data[4:8], "little")
    return 8 + length + length % 2


def _walk_chunks(data: bytes) -> Iterator[tuple[str, int, int]]:
    """The type of each chunk, and the offsets of its content. Raises OSError for an absurd number of chunks."""
    position, end = _FILE_HEAD, min(_file_end(data), len(data))
    for _ in range(_MOST_CHUNKS):
        if position + _HEAD.size > end:
            return
        kind, length = _HEAD.unpack_from(data, position)
        start = position + _HEAD.size
        yield kind.decode("latin-1"), start, min(start + length, end)
        position = start + length + length % 2
    raise OSError(f"expected up to {_MOST_CHUNKS} chunks, got more")
