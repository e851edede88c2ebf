"""Reading JPEG files: damaged ones, every kind of coding and colour, and what their segments say."""

from __future__ import annotations

import io
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from colorizer.arrays import Pixels
from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.images import decode, encode, icc
from tests.support.exiftool import exiftool
from tests.support.find_tools import find_tool
from tests.support.jpegs import jpeg, photo, scan_start, segment, with_segments

DAMAGED = "the file is damaged: a part of the picture may be missing or wrong"
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "restarts": {"restart_marker_rows": 1},
    "optimized": {"optimize": True},
}


def read_with_pillow(data: bytes) -> Pixels:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def encode_with_imagecodecs(pixels: Pixels, **options: Any) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(pixels, **options))


def zeros(data: bytes, place: int) -> bytes:
    return data[:place] + bytes(400) + data[place + 400 :]


def noise(data: bytes, place: int) -> bytes:
    return data[:place] + np.random.default_rng(1).bytes(400) + data[place + 400 :]


def missing(data: bytes, place: int) -> bytes:
    return data[:place] + data[place + 400 :]


def half_with_end(data: bytes, place: int) -> bytes:
    return data[:place] + b"\xff\xd9"


def cut_off(data: bytes, place: int) -> bytes:
    return data[:place]


@pytest.mark.parametrize("harm", [zeros, noise, missing, half_with_end, cut_off])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_scan_is_read_with_a_note(kind: str, channels: int, harm: Callable[[bytes, int], bytes]) -> None:
    data = jpeg(photo(channels=channels), **KINDS[kind])
    read = decode(harm(data, (scan_start(data) + len(data)) // 2))
    assert read.notes == (DAMAGED,)
    assert read.pixels.shape == photo(channels=channels).shape
    np.testing.assert_array_equal(read.pixels[:24], decode(data).pixels[:24])
    assert (read.pixels != decode(data).pixels).any()


@pytest.mark.parametrize("harm", [noise, half_with_end, cut_off])
@pytest.mark.parametrize("place", np.linspace(0.05, 0.85, 9))
@pytest.mark.parametrize("channels", [1, 3])
def test_of_damaged_progressive_files_the_sound_scans_are_read(
    channels: int, place: float, harm: Callable[[bytes, int], bytes]
) -> None:
    """Damage may hit the headers between the scans. Zeros in the last scans change bits that libjpeg does not miss."""
    data = jpeg(photo(channels=channels), progressive=True)
    start = scan_start(data)
    read = decode(harm(data, start + int(place * (len(data) - start))))
    assert read.notes == (DAMAGED,)
    assert np.abs(read.pixels.astype(int) - photo(channels=channels)).mean() < 60


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_end_marker_is_no_damage(kind: str, channels: int) -> None:
    data = jpeg(photo(channels=channels), **KINDS[kind])
    read = decode(data[:-2])
    assert read.notes == ()
    np.testing.assert_array_equal(read.pixels, read_with_pillow(data))


@pytest.mark.parametrize(
    "odd",
    [
        lambda data: data.replace(b"JFIF\0\1", b"JFIF\0\7"),
        lambda data: with_segments(data, b"rubbish"),
        lambda data: with_segments(data, segment(0xFE, b"a comment\0")),
        lambda data: data + bytes(9),
    ],
    ids=["version", "between", "comment", "behind"],
)
@pytest.mark.parametrize("harm", [None, zeros])
def test_odd_headers_are_no_damage_and_hide_none(
    harm: Callable[[bytes, int], bytes] | None, odd: Callable[[bytes], bytes]
) -> None:
    data = jpeg()
    made = odd(data if harm is None else harm(data, (scan_start(data) + len(data)) // 2))
    assert decode(made).notes == (() if harm is None else (DAMAGED,))


def test_restarts_in_another_order_are_damage() -> None:
    data = jpeg(**KINDS["restarts"])
    assert decode(data).notes == ()
    assert decode(data.replace(b"\xff\xd2", b"\xff\xd5", 1)).notes == (DAMAGED,)


def test_progressive_scans_that_are_missing_are_damage() -> None:
    """libjpeg does not warn of them, because more scans may follow at any time."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    assert decode(data).notes == ()
    assert decode(data[:last] + b"\xff\xd9").notes == (DAMAGED,)


@pytest.mark.parametrize("rest", [b"", b"\xff\xd9"])
def test_a_file_without_data_is_refused(rest: bytes) -> None:
    data = jpeg()
    with pytest.raises(InvalidImage, match="the data of its picture are missing"):
        decode(data[: scan_start(data)] + rest)


@pytest.mark.parametrize("bits", [2, 4, 8, 10, 12, 16])
@pytest.mark.parametrize("channels", [1, 3])
def test_lossless_files_of_every_depth(bits: int, channels: int) -> None:
    top, full = (1 << bits) - 1, 255 if bits <= 8 else 65535
    stored: Pixels = (photo(channels=channels).astype(np.uint32) * top // 255).astype(np.uint16)
    stored = stored.astype(np.uint8) if bits <= 8 else stored
    data = encode_with_imagecodecs(
        stored, lossless=True, bitspersample=bits, colorspace="RGB" if channels == 3 else None
    )
    read = decode(data)
    assert read.pixels.dtype == (np.uint8 if bits <= 8 else np.uint16)
    assert np.abs(read.pixels - stored / top * full).max() <= 0.5
    assert read.notes == ()


@pytest.mark.parametrize("channels", [1, 3])
def test_twelve_bits_stay_fine(channels: int) -> None:
    stored = photo(channels=channels).astype(np.uint16) * 16
    data = encode_with_imagecodecs(stored, bitspersample=12, level=95)
    read = decode(data)
    assert read.pixels.dtype == np.uint16
    assert len(np.unique(read.pixels)) > 1000
    assert np.abs(read.pixels / 65535 * 4095 - imagecodecs.jpeg8_decode(data)).max() < 0.51
    assert np.abs(read.pixels / 65535 - stored / 4095).mean() < 0.02


@pytest.mark.parametrize("stored", ["CMYK", "YCCK"])
def test_ink_is_read_as_others_read_it(stored: str) -> None:
    data = encode_with_imagecodecs(photo(channels=4), level=95, colorspace="CMYK", outcolorspace=stored)
    ink = read_with_pillow(data).astype(int)
    expected = (255 - ink[..., :3]) * (255 - ink[..., 3:]) / 255
    read = decode(data)
    assert np.abs(read.pixels - expected).max() < 1
    assert read.notes == ()


@pytest.mark.parametrize("transform", [None, 0, 1])
def test_three_channels_are_what_adobes_segment_says(transform: int | None) -> None:
    data = jpeg(photo(channels=3))
    bare = data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]  # without JFIF, which means YCbCr
    adobe = b"" if transform is None else segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([transform]))
    data = bare[:2] + adobe + bare[2:]
    np.testing.assert_array_equal(decode(data).pixels, read_with_pillow(data))


@pytest.mark.parametrize("layout", ["yuvj411p", "yuvj422p", "yuvj440p"])
def test_every_subsampling_is_read(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "in.png"
    Image.fromarray(photo(channels=3)).save(path)
    made = tmp_path / "made.jpg"
    command: list[str | Path] = [find_tool("ffmpeg"), "-v", "error", "-i", path, "-pix_fmt", layout, "-q:v", "2", made]
    subprocess.run(command, check=True)
    np.testing.assert_array_equal(decode(made.read_bytes()).pixels, read_with_pillow(made.read_bytes()))


@pytest.mark.parametrize(("end", "notes"), [(b"\xff\xd9", ()), (b"", (DAMAGED,))])
def test_subsampling_without_a_name_is_read(end: bytes, notes: tuple[str, ...]) -> None:
    """libjpeg's simple interface refuses it; without an end marker nobody knows whether it is whole.

    Three units of one block each for red, green and blue become one of four, four and one.
    """
    data = jpeg(photo(width=96, channels=3), keep_rgb=True)
    frame = data.index(b"\xff\xc0")
    changed = bytearray(data[:-2] + end)
    struct.pack_into(">H", changed, frame + 7, 128)
    changed[frame + 11], changed[frame + 14], changed[frame + 17] = 0x41, 0x41, 0x11
    read = decode(bytes(changed))
    assert read.notes == notes
    np.testing.assert_array_equal(read.pixels, read_with_pillow(bytes(changed[: len(data) - 2]) + b"\xff\xd9"))


@pytest.mark.parametrize(
    ("marker", "kind"),
    [(0xC5, "hierarchical"), (0xCF, "hierarchical"), (0xCB, "lossless one in arithmetic"), (0xF7, "JPEG-LS")],
)
def test_other_codings_are_refused_by_name(marker: int, kind: str) -> None:
    data = jpeg().replace(b"\xff\xc0", bytes([0xFF, marker]))
    with pytest.raises(InvalidImage, match=f"expected a sequential, progressive or lossless JPEG, got .*{kind}"):
        decode(data)


def test_two_channels_are_refused() -> None:
    data = jpeg()
    frame = data.index(b"\xff\xc0")
    (length,) = struct.unpack_from(">H", data, frame + 2)
    two = segment(0xC0, data[frame + 4 : frame + 9] + b"\x02\x01\x11\0\x02\x11\0")
    with pytest.raises(InvalidImage, match="expected a JPEG of 1, 3 or 4 channels, got 2"):
        decode(data[:frame] + two + data[frame + 2 + length :])


def test_the_height_may_come_after_the_scan() -> None:
    data = jpeg()
    place = data.index(b"\xff\xc0") + 5
    height = data[place : place + 2]
    late = data[:place] + b"\0\0" + data[place + 2 : -2] + segment(0xDC, height) + b"\xff\xd9"
    np.testing.assert_array_equal(decode(late).pixels, decode(data).pixels)
    with pytest.raises(InvalidImage, match="expected a JPEG with its size, got one of 128 x 0"):
        decode(data[:place] + b"\0\0" + data[place + 2 :])


def test_a_late_height_is_checked_too() -> None:
    data = jpeg()
    place = data.index(b"\xff\xc0") + 5
    late = data[:place] + b"\0\0\xff\xdc" + data[place + 4 : -2] + segment(0xDC, b"\xff\xdc") + b"\xff\xd9"
    with pytest.raises(ImageTooLarge):
        decode(late)


def test_too_many_scans_are_refused() -> None:
    data = jpeg(progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(InvalidImage, match="expected a JPEG of up to 100 scans, got"):
        decode(data[:-2] + last * 500 + b"\xff\xd9")


@pytest.mark.parametrize(
    ("unit", "density", "expected"),
    [
        (0, (1, 1), None),
        (0, (72, 72), None),
        (1, (300, 300), (300, 300)),
        (1, (200, 100), (200, 100)),
        (2, (118, 118), (299.72, 299.72)),
        (3, (300, 300), None),
        (1, (0, 0), None),
    ],
)
def test_the_resolution_is_what_the_file_says(
    unit: int, density: tuple[int, int], expected: tuple[float, float] | None, tmp_path: Path
) -> None:
    data = bytearray(jpeg())
    struct.pack_into(">BHH", data, 13, unit, *density)
    read = decode(bytes(data))
    assert read.metadata.dpi == (expected if expected is None else pytest.approx(expected))
    assert read.notes == ()
    path = tmp_path / "out.png"
    path.write_bytes(encode(read, ".png"))
    found = exiftool("-s3", "-n", "-PixelsPerUnitX", path).decode().strip()
    assert found == ("" if expected is None else str(round(expected[0] / 0.0254)))


def test_the_shape_of_the_pixels_is_named() -> None:
    data = bytearray(jpeg())
    struct.pack_into(">BHH", data, 13, 0, 2, 1)
    assert decode(bytes(data)).notes == ("dropped: the shape of the pixels, which is 1 : 2",)


@pytest.mark.parametrize("unit", [1, 2, 3])
def test_the_resolution_of_exif_counts_where_jfif_says_none(unit: int) -> None:
    exif = Image.Exif()
    exif[0x011A], exif[0x011B], exif[0x0128] = 300.0, 150.0, unit
    expected = {1: None, 2: (300, 150), 3: (762, 381)}[unit]
    read = decode(jpeg(exif=exif))
    assert read.metadata.dpi == (expected if expected is None else pytest.approx(expected))


def test_the_resolution_turns_with_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode(jpeg(exif=exif, dpi=(300, 150))).metadata.dpi == (150, 300)


def profile_chunks(pieces: int) -> list[bytes]:
    profile = icc.srgb_profile()
    size = -(-len(profile) // pieces)
    parts = [profile[start : start + size] for start in range(0, len(profile), size)]
    return [
        segment(0xE2, b"ICC_PROFILE\0" + bytes([number, len(parts)]) + part)
        for number, part in enumerate(parts, start=1)
    ]


def test_a_profile_is_joined_in_any_order() -> None:
    assert decode(with_segments(jpeg(), *reversed(profile_chunks(3)))).metadata.icc_profile == icc.srgb_profile()


def test_a_profile_with_a_missing_part_is_named() -> None:
    read = decode(with_segments(jpeg(), *profile_chunks(3)[:2]))
    assert read.metadata.icc_profile is None
    assert read.notes == ("dropped: the colour profile, of which a part is missing",)


@pytest.mark.parametrize(
    ("made", "note"),
    [
        (segment(0xE4, b"SCALADO\0data"), "1 private entry (APP4 SCALADO)"),
        (segment(0xE7, b"\x01\x02\x03"), "1 private entry (APP7)"),
        (
            segment(0xE4, b"SCALADO\0data") + segment(0xE9, b"Media Jukebox\0"),
            "2 private entries (APP4 SCALADO, APP9 Media Jukebox)",
        ),
        (segment(0xE1, b"FLIR\0\1\0\0data"), "temperatures (FLIR)"),
        (
            segment(0xEB, b"JP\0\1\0\0\0\1\0\0\0\x40jumb....jumdc2pa\0"),
            "content credentials (C2PA), which do not hold for a changed picture",
        ),
        (segment(0xEB, b"JP\0\1\0\0\0\1\0\0\0\x40jumb....jumdother\0"), "data in a JUMBF box"),
        (segment(0xED, b"Photoshop 3.0\x008BIM\x07\xd0\0\0\0\0\0\2ab"), "Photoshop's paths"),
        (segment(0xED, b"Photoshop 3.0\x008BIM\x0f\xa1\0\0\0\0\0\2ab"), "Photoshop's resource 4001"),
    ],
)
def test_segments_that_are_lost_are_named(made: bytes, note: str) -> None:
    assert decode(with_segments(jpeg(), made)).notes == (f"dropped: {note}",)


@pytest.mark.parametrize(
    "made",
    [
        segment(0xE0, b"JFXX\0\x10" + jpeg(photo(12, 16))),
        segment(0xEC, b"Ducky\0\1\0\4\0\0\0\x50\0\0"),
        segment(0xED, b"Photoshop 3.0\x008BIM\x03\xed\0\0\0\0\0\x02ab8BIM\x04\x25\0\0\0\0\0\2ab"),
        segment(0xEE, b"Adobe\0\x64\0\0\0\0\0"),
        segment(0xE3, jpeg(photo(12, 16))),
    ],
    ids=["thumbnail", "quality", "settings", "colour space", "preview"],
)
def test_what_the_picture_embodies_is_not_named(made: bytes) -> None:
    assert decode(with_segments(jpeg(), made)).notes == ()


FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x10mdat" + bytes(range(200))
SAMSUNG = b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data" + FILM + b"SEFH" + bytes(20) + b"SEFT"


@pytest.mark.parametrize(
    ("rest", "notes"),
    [
        (b"", ()),
        (bytes(100), ()),
        (b"\r\n", ()),
        (FILM, ("dropped: a film behind the picture, as in a motion photo",)),
        (SAMSUNG, ("dropped: a film behind the picture, as in a motion photo",)),
        (jpeg(photo(12, 16)), ("dropped: a further picture in the file",)),
        (jpeg(photo(12, 16)) * 2, ("dropped: a further picture in the file (2 times)",)),
        (
            jpeg(photo(12, 16)) + bytes(3) + FILM,
            (
                "dropped: a further picture in the file",
                "dropped: a film behind the picture, as in a motion photo",
            ),
        ),
        (
            with_segments(jpeg(photo(12, 16)), segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0")) + FILM,
            ("dropped: an HDR gain map", "dropped: a film behind the picture, as in a motion photo"),
        ),
        (b"unknown data", ("dropped: 12 bytes behind the picture",)),
    ],
)
def test_what_lies_behind_the_picture_is_named(rest: bytes, notes: tuple[str, ...]) -> None:
    data = jpeg()
    read = decode(data + rest)
    assert read.notes == notes
    np.testing.assert_array_equal(read.pixels, decode(data).pixels)


def test_the_gain_map_of_googles_library_goes() -> None:
    light = np.linspace(0, 4, 64 * 64, dtype=np.float16).reshape(64, 64)
    data = bytes(imagecodecs.ultrahdr_encode(np.dstack([light, light, light, np.ones_like(light)])))
    assert imagecodecs.ultrahdr_decode(data).shape == (64, 64, 4)
    read = decode(data)
    assert "dropped: an HDR gain map" in read.notes
    with pytest.raises(imagecodecs.UltrahdrError, match="does not contain gainmap"):
        imagecodecs.ultrahdr_decode(encode(read, ".jpg"))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("kind", "notes"), [(0x010002, ()), (0, ("dropped: a further picture in the file",))], ids=["preview", "picture"]
)
def test_small_copies_in_an_index_of_pictures_are_not_named(order: str, kind: int, notes: tuple[str, ...]) -> None:
    data, second = jpeg(), jpeg(photo(12, 16))

    def index(offset: int) -> bytes:
        head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
        table = struct.pack(f"{order}HHHIII", 1, 0xB002, 7, 32, 26, 0)
        first = struct.pack(f"{order}IIIHH", 0x20030000, len(data), 0, 0, 0)
        return segment(0xE2, b"MPF\0" + head + table + first + struct.pack(f"{order}IIIHH", kind, 100, offset, 0, 0))

    start = 20 + 8  # of the index in the file: behind the start, JFIF, the marker, the length and "MPF"
    length = len(with_segments(data, index(0)))
    assert decode(with_segments(data, index(length - start)) + second).notes == notes
