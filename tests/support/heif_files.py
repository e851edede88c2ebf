"""AVIF files, put together from coded pictures, properties and references (ISO/IEC 23008-12)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import imagecodecs
import numpy as np

from colorizer.arrays import Pixels

ALPHA = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"


def box(kind: str, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind.encode() + body


def full_box(kind: str, version: int, flags: int, *content: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


@dataclass
class Part:
    """An item: a picture or metadata."""

    kind: str
    payload: bytes = b""
    properties: Sequence[bytes] = ()
    references: dict[str, Sequence[int]] = field(default_factory=dict)
    hidden: bool = False
    content_type: str = ""


def nclx(primaries: int, transfer: int, matrix: int = 0, *, full_range: bool = True) -> bytes:
    return box("colr", b"nclx", struct.pack(">HHHB", primaries, transfer, matrix, full_range << 7))


def size_of(width: int, height: int) -> bytes:
    return full_box("ispe", 0, 0, struct.pack(">II", width, height))


def auxiliary(urn: str) -> bytes:
    return full_box("auxC", 0, 0, urn.encode() + b"\0")


def coded(
    pixels: Pixels, bits: int = 8, *properties: bytes, references: dict[str, Sequence[int]] | None = None
) -> Part:
    """A lossless picture: grey (H, W) or RGB (H, W, 3) values of `bits` bits."""
    data = bytes(
        imagecodecs.avif_encode(
            pixels,
            level=100,
            bitspersample=bits,
            pixelformat="400" if pixels.ndim == 2 else "444",
            primaries=1,
            transfer=13,
            matrix=1 if pixels.ndim == 2 else 0,
            speed=10,
        )
    )
    place = data.index(b"av1C") - 4
    configuration = data[place : place + int.from_bytes(data[place : place + 4], "big")]
    payload = data[data.index(b"mdat") + 4 :]
    depth = full_box("pixi", 0, 0, bytes([1 if pixels.ndim == 2 else 3] + [bits] * (1 if pixels.ndim == 2 else 3)))
    own = [size_of(pixels.shape[1], pixels.shape[0]), depth, configuration]
    if not any(b"nclx" in content for content in properties):
        own.append(nclx(1, 13, 1 if pixels.ndim == 2 else 0))
    return Part("av01", payload, (*own, *properties), references or {})


def grid(rows: int, columns: int, width: int, height: int, tiles: Sequence[int], *properties: bytes) -> Part:
    content = bytes([0, 0, rows - 1, columns - 1]) + struct.pack(">HH", width, height)
    return Part("grid", content, (size_of(width, height), *properties), {"dimg": tiles})


def heif(parts: Sequence[Part], *, primary: int = 1, behind: bytes = b"", brand: bytes = b"avif") -> bytes:
    """A file of items numbered from 1; `behind`: boxes at its end."""
    head = box("ftyp", brand, bytes(4), b"avif", b"mif1", b"miaf")
    length = len(_meta(parts, primary, 0))
    meta = _meta(parts, primary, len(head) + length + 8)
    return head + meta + box("mdat", *(part.payload for part in parts)) + behind


def _meta(parts: Sequence[Part], primary: int, start: int) -> bytes:
    infos, places, references = [], [], []
    properties: list[bytes] = []
    associations = []
    for number, part in enumerate(parts, start=1):
        text = b"\0" + (part.content_type.encode() + b"\0" if part.kind == "mime" else b"")
        infos.append(full_box("infe", 2, int(part.hidden), struct.pack(">HH", number, 0), part.kind.encode(), text))
        places.append(struct.pack(">HHHHII", number, 0, 0, 1, start, len(part.payload)))
        start += len(part.payload)
        for kind, targets in part.references.items():
            content = struct.pack(f">HH{len(targets)}H", number, len(targets), *targets)
            references.append(box(kind, content))
        indices = []
        for content in part.properties:
            properties.append(content)
            indices.append(len(properties) | (0x80 if content[4:8] in (b"av1C", b"irot", b"imir", b"clap") else 0))
        associations.append(struct.pack(">HB", number, len(indices)) + bytes(indices))
    return full_box(
        "meta",
        0,
        0,
        full_box("hdlr", 0, 0, bytes(4) + b"pict" + bytes(13)),
        full_box("pitm", 0, 0, struct.pack(">H", primary)),
        full_box("iloc", 1, 0, b"\x44\x00", struct.pack(">H", len(parts)), *places),
        full_box("iinf", 0, 0, struct.pack(">H", len(parts)), *infos),
        *([full_box("iref", 0, 0, *references)] if references else []),
        box(
            "iprp",
            box("ipco", *properties),
            full_box("ipma", 0, 0, struct.pack(">I", len(parts)), *associations),
        ),
    )


def levels(bits: int, channels: int = 1) -> Pixels:
    """All levels of a depth from left to right, in 16 rows: (16, levels) or (16, levels, 3)."""
    row: Pixels = np.arange(1 << bits).astype(np.uint16 if bits > 8 else np.uint8)
    gray: Pixels = np.repeat(row[np.newaxis], 16, axis=0)
    return gray if channels == 1 else np.dstack([gray] * channels)
