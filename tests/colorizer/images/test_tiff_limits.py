"""TIFF files that claim more than they hold: refused before memory or time is spent on it."""

from __future__ import annotations

import struct
import time
import zlib
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray

from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.images import decode
from tests.support.tiff_files import BYTE, LONG, SHORT, UNDEFINED, Page, Value, page_of, write_tiff

NONE, LZW, JPEG, DEFLATE, PACKBITS, JPEG2000 = 1, 5, 7, 8, 32773, 34712
HEIGHT, WIDTH = 24, 36

Tags = dict[int, tuple[int, Value]]


def ramp() -> NDArray[np.uint8]:
    return np.tile(np.linspace(20, 220, WIDTH).astype(np.uint8), (HEIGHT, 1))


def file_of(tags: Tags, *blocks: bytes, without: tuple[int, ...] = ()) -> bytes:
    page = page_of(ramp(), 8, 1)
    kept = {tag: entry for tag, entry in page.tags.items() if tag not in without}
    return write_tiff(Page(kept | tags, blocks or page.blocks))


def tiles(width: int, length: int, *, compression: int = NONE) -> bytes:
    return file_of({322: (LONG, [width]), 323: (LONG, [length]), 259: (SHORT, [compression])}, without=(278,))


@pytest.mark.parametrize("compression", [NONE, LZW, JPEG])
def test_huge_tiles_of_a_small_picture(compression: int) -> None:
    with pytest.raises(ImageTooLarge, match=r"got 3600 megapixels \(60000 x 60000\)"):
        decode(tiles(60000, 60000, compression=compression))


def test_many_samples() -> None:
    size: Tags = {256: (LONG, [9000]), 257: (LONG, [9000]), 259: (SHORT, [DEFLATE])}
    with pytest.raises(ImageTooLarge):
        decode(file_of(size | {277: (SHORT, [60000])}, zlib.compress(bytes(1000))))
    many: Tags = {258: (SHORT, [8] * 64), 277: (SHORT, [64]), 259: (SHORT, [DEFLATE])}
    picture = decode(file_of(many, zlib.compress(np.repeat(ramp(), 64).tobytes())))
    np.testing.assert_array_equal(picture.pixels, ramp())


def test_too_many_tiles() -> None:
    with pytest.raises(InvalidImage, match="expected a picture of at most 500,000 strips or tiles, got 81,000,000"):
        decode(file_of({256: (LONG, [9000]), 257: (LONG, [9000]), 322: (LONG, [1]), 323: (LONG, [1])}))


def with_claim(jpeg: bytes, width: int, height: int) -> bytes:
    changed = bytearray(jpeg)
    struct.pack_into(">HH", changed, jpeg.index(b"\xff\xc0") + 5, height, width)
    return bytes(changed)


@pytest.mark.parametrize("size", [(65500, 65500), (WIDTH + 1, HEIGHT), (WIDTH - 1, HEIGHT), (WIDTH, HEIGHT - 1)])
def test_a_jpeg_that_claims_another_size(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    jpeg = with_claim(bytes(imagecodecs.jpeg8_encode(ramp())), *size)
    monkeypatch.setattr("imagecodecs.jpeg8_decode", None)  # it is not called
    with pytest.raises(InvalidImage, match=f"of 36 x 24 pixels, got one that claims {size[0]} x {size[1]}"):
        decode(file_of({259: (SHORT, [JPEG])}, jpeg))


def test_a_jpeg_whose_tables_claim_another_size() -> None:
    jpeg = bytes(imagecodecs.jpeg8_encode(ramp()))
    with pytest.raises(InvalidImage):
        decode(file_of({259: (SHORT, [JPEG]), 347: (UNDEFINED, with_claim(jpeg, 65500, 65500))}, jpeg))


def test_a_jpeg_of_other_samples() -> None:
    rgb = bytes(imagecodecs.jpeg8_encode(np.dstack([ramp()] * 3)))
    with pytest.raises(InvalidImage):
        decode(file_of({259: (SHORT, [JPEG]), 258: (SHORT, [8, 8]), 277: (SHORT, [2])}, rgb))


def test_a_jpeg_of_endless_markers() -> None:
    jpeg = bytes(imagecodecs.jpeg8_encode(ramp()))
    start = time.process_time()
    with pytest.raises(InvalidImage, match="of up to 20000 segments, got more"):
        decode(file_of({259: (SHORT, [JPEG])}, jpeg[:2] + b"\xff\xe0\0\2" * 1_000_000 + jpeg[2:]))
    assert time.process_time() - start < 1


def test_a_jpeg_2000_that_claims_another_size(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(imagecodecs.jpeg2k_encode(np.pad(ramp(), ((0, 8), (0, 8)))))
    monkeypatch.setattr("imagecodecs.jpeg2k_decode", None)
    with pytest.raises(InvalidImage, match="got one that claims 44 x 32"):
        decode(file_of({259: (SHORT, [JPEG2000])}, data))


def test_strips_that_share_their_bytes() -> None:
    strip = zlib.compress(bytes(WIDTH))
    tags: Tags = {259: (SHORT, [DEFLATE]), 278: (LONG, [1])}
    with pytest.raises(InvalidImage, match="the strips or tiles are larger than the file"):
        decode(file_of(tags | {273: (LONG, [8] * HEIGHT), 279: (LONG, [3000] * HEIGHT)}, without=()) + bytes(3000))
    equal = tags | {273: (LONG, [8] * HEIGHT), 279: (LONG, [len(strip)] * HEIGHT)}
    data = bytearray(file_of(equal))
    data[8 : 8 + len(strip)] = strip
    assert decode(bytes(data)).pixels.max() == 0


@pytest.mark.parametrize("compression", [NONE, LZW, DEFLATE, PACKBITS, JPEG])
def test_a_strip_that_breaks_off(compression: int) -> None:
    encoders: dict[int, Any] = {
        LZW: imagecodecs.lzw_encode,
        PACKBITS: imagecodecs.packbits_encode,
        DEFLATE: zlib.compress,
    }
    noise = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH)).astype(np.uint8)
    content = bytes(encoders.get(compression, lambda data: data)(noise.tobytes()))
    if compression == JPEG:
        content = bytes(imagecodecs.jpeg8_encode(noise))[:40]
    data = file_of({259: (SHORT, [compression])}, content)
    cut = file_of({259: (SHORT, [compression]), 273: (LONG, [len(data)]), 279: (LONG, [len(content)])})
    with pytest.raises(InvalidImage, match="damaged or truncated"):
        decode(cut + content[: len(content) // 2])


@pytest.mark.parametrize("strip", ["8076204a", "807620503824160d07844261", "80", "", "ffffffff"])
def test_damaged_lzw_does_not_end_the_process(strip: str) -> None:
    """imagecodecs' own decoder is killed by the first one."""
    with pytest.raises(InvalidImage, match="damaged or truncated"):
        decode(file_of({259: (SHORT, [LZW])}, bytes.fromhex(strip) or b"\0"))


@pytest.mark.parametrize(
    "tags",
    [
        {273: (LONG, [0]), 279: (LONG, [HEIGHT * WIDTH])},
        {273: (LONG, [2**31]), 279: (LONG, [HEIGHT * WIDTH])},
        {278: (LONG, [1])},
        {278: (LONG, [0])},
        {322: (LONG, [0]), 323: (LONG, [16])},
        {257: (LONG, [0])},
        {277: (SHORT, [0])},
    ],
)
def test_missing_strips_are_damage(tags: Tags) -> None:
    with pytest.raises(InvalidImage, match="damaged or truncated"):
        decode(file_of(tags))


@pytest.mark.parametrize("kind", [BYTE, SHORT, LONG, 5, 7, 11, 12, 16, 99])
@pytest.mark.parametrize("tag", [256, 258, 259, 270, 273, 277, 282, 301, 330, 338, 339, 700, 33723, 34377, 34675])
def test_a_tag_of_another_kind_and_2_billion_values(tag: int, kind: int) -> None:
    data = bytearray(file_of({tag: (LONG, [8, 8, 8])}))
    (first,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, first)
    place = next(
        place
        for place in range(first + 2, first + 2 + 12 * entries, 12)
        if data[place : place + 2] == struct.pack("<H", tag)
    )
    struct.pack_into("<HI", data, place + 2, kind, 2**31 - 1)
    try:
        picture = decode(bytes(data))
    except InvalidImage:
        return
    np.testing.assert_array_equal(picture.pixels, ramp())


def test_values_of_exif_that_are_larger_than_the_file() -> None:
    """4000 tags of EXIF that all refer to the same 100 kilobytes."""
    start = len(file_of({34665: (LONG, [0])}))
    entries = b"".join(struct.pack("<HHII", 1000 + number, 7, 100_000, 8) for number in range(4000))
    directory = struct.pack("<H", 4000) + entries + bytes(4)
    picture = decode(file_of({34665: (LONG, [start])}) + directory + bytes(100_000))
    np.testing.assert_array_equal(picture.pixels, ramp())
    assert picture.notes == ("dropped: EXIF, because it is damaged (the values are larger than the file)",)


def test_exif_that_points_at_itself() -> None:
    data = bytearray(file_of({34665: (LONG, [0]), 271: (2, b"Kodak\0")}))
    (first,) = struct.unpack_from("<I", data, 4)
    at = data.index(struct.pack("<HHI", 34665, 4, 1))
    struct.pack_into("<I", data, at + 8, first)
    np.testing.assert_array_equal(decode(bytes(data)).pixels, ramp())
