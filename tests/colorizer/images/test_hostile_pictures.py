"""Files of a few bytes that ask for gigabytes or minutes: each is read or refused in words, cheaply.

They are read in a process of their own, with limits of memory and processor time that the kernel enforces, because the
memory of a codec is seen nowhere else.
"""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from functools import cache

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from tests.support.jpegs import segment
from tests.support.paths import ROOT
from tests.support.png_files import chunk
from tests.support.tiff_files import LONG, SHORT, UNDEFINED, Page, Value, write_tiff

MEGABYTES, SECONDS = 600, 15
JPEG, DEFLATE, ZSTD, JPEG2000 = 7, 8, 50000, 34712
SIDE = 64

_READ = """
import resource, sys
from pathlib import Path
from colorizer import InvalidImage
from colorizer.images import decode

def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

def seconds():
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime

resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
for path in sorted(Path(sys.argv[1]).iterdir()):
    before, began = megabytes(), seconds()
    try:
        picture = decode(path.read_bytes())
        result = f"read {picture.width} x {picture.height}: {picture.notes}"
    except InvalidImage as error:
        result = f"refused: {error}"
    print(path.name, round(megabytes() - before), round(seconds() - began, 1), result, sep="\\t", flush=True)
"""


def saved(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), "gray").save(buffer, kind, **options)
    return buffer.getvalue()


def tiff(
    block: bytes, compression: int, *, bits: int = 8, samples: int = 1, more: dict[int, tuple[int, Value]]
) -> bytes:
    photometric = {1: 1, 3: 2, 4: 5}[samples]
    tags: dict[int, tuple[int, Value]] = {
        256: (LONG, [SIDE]),
        257: (LONG, [SIDE]),
        258: (SHORT, [bits] * samples),
        259: (SHORT, [compression]),
        262: (SHORT, [photometric]),
        277: (SHORT, [samples]),
        278: (LONG, [SIDE]),
    }
    return write_tiff(Page(tags | more, [block]))


def frame(marker: int, side: int, precision: int = 8) -> bytes:
    return segment(marker, struct.pack(">BHHB", precision, side, side, 1) + b"\1\x11\0")


def hidden_lossless_jpeg() -> bytes:
    """A JPEG of 64 x 64 whose kind one codec refuses and in which another finds 25,000 x 25,000."""
    lossless = bytearray(imagecodecs.ljpeg_encode(np.zeros((SIDE, SIDE), np.uint16), bitspersample=16))
    struct.pack_into(">HH", lossless, lossless.index(b"\xff\xc3") + 5, 25_000, 25_000)
    return tiff(b"\xff\xd8" + frame(0xC0, SIDE, 16) + bytes(lossless[2:]), JPEG, bits=16, more={})


def hidden_frame() -> bytes:
    """A frame header of 20,000 x 20,000 behind a marker that has no length, though one seems to follow."""
    progressive = saved("JPEG", progressive=True)
    start = progressive.index(b"\xff\xc2")
    large = bytearray(progressive[start : start + 2 + int.from_bytes(progressive[start + 2 : start + 4], "big")])
    struct.pack_into(">HH", large, 5, 20_000, 20_000)
    return progressive[:2] + b"\xff\x01" + struct.pack(">H", 2 + len(large)) + bytes(large) + progressive[2:]


def tables_with_a_picture() -> bytes:
    """A TIFF whose tables for its JPEGs are a picture themselves."""
    large = hidden_frame()
    return tiff(saved("JPEG"), JPEG, samples=3, more={262: (SHORT, [6]), 347: (UNDEFINED, large)})


def hidden_jpeg_2000() -> bytes:
    """A JP2 file that says 64 x 64, and whose codestream has 20,000 x 20,000."""
    data = bytearray(imagecodecs.jpeg2k_encode(np.zeros((SIDE, SIDE), np.uint8)))
    start = data.index(b"\xff\x4f\xff\x51")
    struct.pack_into(">II", data, start + 8, 20_000, 20_000)
    struct.pack_into(">II", data, start + 24, 20_000, 20_000)
    return tiff(bytes(data), JPEG2000, more={})


def large_tile(compression: int, width: int, length: int) -> bytes:
    content = zlib.compress(bytes(20_000_000), 9) if compression == DEFLATE else _zstd_of_many_zeros()
    return tiff(content, compression, bits=16, samples=4, more={322: (LONG, [width]), 323: (LONG, [length])})


def _zstd_of_many_zeros() -> bytes:
    return bytes(imagecodecs.zstd_encode(bytes(20_000_000)))


def pages(count: int) -> bytes:
    """A chain of directories of one pixel."""
    entries = ((256, 4, 1), (257, 4, 1), (258, 3, 8), (262, 3, 1), (273, 4, 8), (278, 4, 1), (279, 4, 1))
    body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", tag, kind, 1, n) for tag, kind, n in entries)
    size = len(body) + 4
    links = (*(8 + number * size for number in range(1, count)), 0)
    return b"II*\0" + struct.pack("<I", 8) + b"".join(body + struct.pack("<I", link) for link in links)


def many_scans(count: int, side: int, *, marker: int = 0xC2) -> bytes:
    """A progressive JPEG whose scans say in a few bytes that nothing changes."""
    codes = b"".join(segment(0xC4, bytes([kind, 1, *bytes(15), symbol])) for kind, symbol in ((0, 0), (0x10, 0xE0)))
    runs = -(-((side // 8 + 1) ** 2) // 16383)
    digits = ("0" + "1" * 13 + "0") * runs
    digits += "1" * (-len(digits) % 8)
    run = bytes(int(digits[start : start + 8], 2) for start in range(0, len(digits), 8)).replace(b"\xff", b"\xff\0")
    scans = b"".join(segment(0xDA, bytes([1, 1, 0, 1 + n % 63, 1 + n % 63, 0])) + run for n in range(count - 1))
    first = segment(0xDA, bytes([1, 1, 0, 0, 0, 0])) + bytes(8)
    head = segment(0xDB, b"\0" + b"\1" * 64) + frame(marker, side) + codes
    return b"\xff\xd8" + head + first + scans + b"\xff\xd9"


def png_with(*chunks: tuple[bytes, bytes]) -> bytes:
    data = saved("PNG")
    return data[:33] + b"".join(chunk(kind, content) for kind, content in chunks) + data[33:]


@cache
def zeros(size: int) -> bytes:
    """`size` million zeros, compressed."""
    deflate = zlib.compressobj(9)
    return b"".join(deflate.compress(bytes(1_000_000)) for _ in range(size)) + deflate.flush()


def empty_png(width: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, 8, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(kind, content) for kind, content in ((b"IHDR", header), (b"IDAT", zeros(700)), (b"IEND", b""))
    )


def runs_bmp(width: int, height: int, codes: bytes) -> bytes:
    start = 14 + 40 + 4 * 256
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(codes), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", start + len(codes), 0, 0, start) + head + bytes(4 * 256) + codes


def heic_of_many_pieces() -> bytes:
    """Items of 65,535 pieces each, which cost the file nothing."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", 8 + len(content)) + kind + content

    places = b"".join(struct.pack(">HHH", number, 0, 65535) for number in range(3000))
    meta = box(b"pitm", bytes(5) + b"\1") + box(b"iloc", bytes(6) + struct.pack(">H", 3000) + places)
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(4) + meta)


def profile_of_shared_tags() -> bytes:
    """A JPEG with a profile of 1,000 tags that each are all of it."""
    size = 2_000_000
    entries = b"".join(struct.pack(">4sII", b"t%03d" % number, 0, size) for number in range(1000))
    profile = (
        struct.pack(">I", size) + bytes(12) + b"RGB XYZ " + bytes(104) + struct.pack(">I", 1000) + entries
    ).ljust(size)
    pieces = [profile[start : start + 60_000] for start in range(0, size, 60_000)]
    parts = (b"ICC_PROFILE\0" + bytes([number, len(pieces)]) + piece for number, piece in enumerate(pieces, 1))
    jpeg = saved("JPEG")
    return jpeg[:20] + b"".join(segment(0xE2, part) for part in parts) + jpeg[20:]


# The payload, and a part of the answer.
PAYLOADS: dict[str, tuple[Callable[[], bytes], str]] = {
    "tiff-hidden-lossless-jpeg": (hidden_lossless_jpeg, "refused: "),
    "jpeg-hidden-frame": (hidden_frame, "expected at most 100 megapixels, got 400 megapixels"),
    "tiff-hidden-frame": (
        lambda: tiff(hidden_frame(), JPEG, samples=3, more={262: (SHORT, [6])}),
        "expected a strip or tile of 64 x 64 pixels, got one that claims 20000 x 20000",
    ),
    "tiff-tables-with-a-picture": (tables_with_a_picture, "expected tables"),
    "tiff-hidden-jpeg-2000": (hidden_jpeg_2000, "expected a strip or tile of 64 x 64 pixels, got one that claims"),
    "tiff-tile-30000": (lambda: large_tile(DEFLATE, 30_000, 30_000), "expected at most 100 megapixels"),
    "tiff-tile-12000": (lambda: large_tile(DEFLATE, 12_000, 12_000), "expected at most 100 megapixels"),
    "tiff-tile-9984": (lambda: large_tile(DEFLATE, 9984, 9984), "expected tiles no larger than the picture"),
    "tiff-tile-wide": (lambda: large_tile(ZSTD, 6_000_000, 16), "expected tiles no larger than the picture"),
    "tiff-deflate-of-700-megabytes": (lambda: tiff(zeros(700), DEFLATE, more={}), ""),
    "tiff-60000-pages": (lambda: pages(60_000), "the first of over 1,000 pages"),
    "jpeg-490-scans": (lambda: many_scans(490, 10_000), "expected a JPEG of up to 100 scans, got 490"),
    "jpeg-40-large-scans": (lambda: many_scans(40, 10_000), "expected a JPEG of up to 30 scans for 10000 x 10000"),
    "jpeg-arithmetic-scans": (lambda: many_scans(40, 4000, marker=0xCA), "expected a JPEG of up to 23 scans"),
    "tiff-jpeg-490-scans": (lambda: tiff(many_scans(490, SIDE), JPEG, more={}), "expected a JPEG of up to 100 scans"),
    "jpeg-many-pictures": (
        lambda: saved("JPEG") + b"\xff\xd8\xff\xd9" * 500_000,
        "a further picture in the file (1000",
    ),
    "jpeg-profile-of-shared-tags": (profile_of_shared_tags, "read 64 x 64"),
    "png-profile-bomb": (lambda: png_with((b"iCCP", b"a\0\0" + zeros(700))), "a damaged entry (iCCP)"),
    "png-second-bomb": (lambda: png_with(*[(b"zTXt", b"a\0\0" + zeros(700))] * 2), "a damaged entry (zTXt) (2 times)"),
    "png-profile-of-words": (
        lambda: png_with((b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b" a" * 30_000_000, 9))),
        "a damaged entry (Raw profile type exif)",
    ),
    "png-without-width": (lambda: empty_png(0), "expected a size"),
    "png-with-more-rows": (lambda: empty_png(8), "read 8 x 8"),
    "bmp-runs-skip-rows": (lambda: runs_bmp(1_000_000, 20, b"\0\2\0\xff" * 10 + b"\0\1"), "read 1000000 x 20"),
    "bmp-short-runs": (lambda: runs_bmp(1000, 1000, b"\1\1" * 400_000 + b"\0\1"), "read 1000 x 1000"),
    "heic-of-many-pieces": (heic_of_many_pieces, "expected items of up to 100000 pieces"),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, float, str]]:
    """Megabytes, seconds of the processor and answer, by payload."""
    folder = tmp_path_factory.mktemp("payloads")
    for number, (make, _) in enumerate(PAYLOADS.values()):
        (folder / f"{number:02}").write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", _READ, folder], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"ended with {done.returncode} after {lines[-1:]}: {done.stderr[-2000:]}"
    results = [(int(megabytes), float(seconds), answer) for _, megabytes, seconds, answer in lines]
    return dict(zip(PAYLOADS, results, strict=True))


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_takes_little(name: str, answers: dict[str, tuple[int, float, str]]) -> None:
    megabytes, seconds, answer = answers[name]
    assert PAYLOADS[name][1] in answer
    assert megabytes < MEGABYTES
    assert seconds < SECONDS
