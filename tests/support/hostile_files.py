"""Small files that ask for much: each was seen to take gigabytes or minutes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from tests.support.png_files import SIGNATURE, chunk

MEGABYTE = 1 << 20


def small_jpeg(mode: str = "L") -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((64, 64)).convert(mode).save(buffer, "JPEG")
    return buffer.getvalue()


def color_jpeg(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((width, height)).save(buffer, "JPEG")
    return buffer.getvalue()


def repetitive_profile(size: int, tags: int = 1000) -> bytes:
    """An ICC profile of `size` bytes whose tags all point at all of it (ICC.1, 7.2 and 7.3)."""
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ").ljust(36, b"\0")
    header = (header + b"acsp").ljust(128, b"\0")
    begin = len(header) + 4 + 12 * tags
    names = [f"t{number:03d}".encode() for number in range(tags - 2)] + [b"A2B0", b"desc"]
    table = b"".join(struct.pack(">4sII", name, begin, size - begin) for name in names)
    return (header + struct.pack(">I", tags) + table).ljust(size, b"\0")


def jpeg_with_profile(size: int) -> bytes:
    """A JPEG of 64 x 64 with that profile."""
    profile, most = repetitive_profile(size), 65_000
    parts = [profile[begin : begin + most] for begin in range(0, size, most)]
    segments = [
        b"\xff\xe2" + struct.pack(">H", len(part) + 16) + b"ICC_PROFILE\0" + bytes((number, len(parts) % 256)) + part
        for number, part in enumerate(parts[:255], start=1)
    ]
    data = small_jpeg("RGB")
    return data[:2] + b"".join(segments) + data[2:]


def tiff(*pages: dict[int, tuple[int, tuple[int, ...]]], data: bytes = b"") -> bytes:
    """A little-endian TIFF: of each page its tags, each with a type (3 SHORT, 4 LONG) and values. `data` is at 8."""
    out = bytearray(b"II*\0" + struct.pack("<I", 8 + len(data)) + data)
    for number, tags in enumerate(pages):
        begin = len(out)
        out += struct.pack("<H", len(tags))
        for tag, (kind, values) in sorted(tags.items()):
            value = struct.pack("<H" if kind == 3 else "<I", *values).ljust(4, b"\0")
            out += struct.pack("<HHI", tag, kind, 1) + value
        following = 0 if number + 1 == len(pages) else begin + 2 + 12 * len(tags) + 4
        out += struct.pack("<I", following)
    return bytes(out)


def _gray_page(side: int, bits: int = 8) -> dict[int, tuple[int, tuple[int, ...]]]:
    return {256: (3, (side,)), 257: (3, (side,)), 258: (3, (bits,)), 262: (3, (1,)), 277: (3, (1,))}


def tiff_with_large_jpeg(side: int = 25_000) -> bytes:
    """A 16-bit TIFF of 64 x 64 whose strip is a JPEG that claims to have other sides."""
    strip = bytearray(small_jpeg())
    frame = strip.index(b"\xff\xc0")
    struct.pack_into(">HH", strip, frame + 5, side, side)
    strips = {259: (3, (7,)), 273: (4, (8,)), 278: (3, (64,)), 279: (4, (len(strip),))}
    return tiff({**_gray_page(64, bits=16), **strips}, data=bytes(strip))


def tiff_with_large_tile(side: int, tile: int) -> bytes:
    """A TIFF of `side` x `side` whose one tile is larger, and empty."""
    data = zlib.compress(bytes(tile * tile // 1000))
    tiles = {259: (3, (8,)), 322: (4, (tile,)), 323: (4, (tile,)), 324: (4, (8,)), 325: (4, (len(data),))}
    return tiff({**_gray_page(side), **tiles}, data=data)


def tiff_of_many_pages(pages: int = 60_000) -> bytes:
    strips = {259: (3, (1,)), 273: (4, (8,)), 278: (3, (4,)), 279: (4, (16,))}
    return tiff(*[{**_gray_page(4), **strips}] * pages, data=bytes(16))


def jpeg_of_many_scans(scans: int = 500, side: int = 4000) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).save(buffer, "JPEG", progressive=True, quality=20)
    data = buffer.getvalue()
    last = data.rindex(b"\xff\xda")
    table = data.rfind(b"\xff\xc4", 0, last)
    scan = data[table if table > data.rindex(b"\xff\xda", 0, last) else last : -2]
    return data[:-2] + scan * scans + data[-2:]


def film_of_large_frames(path: Path, side: int = 16_000, frames: int = 3) -> bytes:
    """A QuickTime film of black frames, each a PNG of 1 bit a pixel."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((1 + side // 8) * side), 9)
    picture = SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    with av.open(path, "w", format="mov") as container:
        stream = container.add_stream("png", rate=25)
        stream.width, stream.height, stream.pix_fmt = side, side, "monob"
        for number in range(frames):
            packet = av.Packet(picture)
            packet.stream, packet.pts, packet.dts = stream, number, number
            packet.time_base, packet.is_keyframe = Fraction(1, 25), True
            container.mux(packet)
    return path.read_bytes()


def zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()
