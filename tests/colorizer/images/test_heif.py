"""Reading AVIF and HEIC files: depth, encoding, orientation, parts, and what else is in them."""

from __future__ import annotations

import io
import struct
import subprocess
from pathlib import Path

import imagecodecs
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageOps

from colorizer.arrays import Pixels
from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.images import decode, encode, icc
from tests.support.exiftool import read_tags
from tests.support.find_tools import find_tool
from tests.support.heif_files import (
    ALPHA,
    Part,
    auxiliary,
    box,
    coded,
    full_box,
    grid,
    heif,
    levels,
    nclx,
    size_of,
)
from tests.support.malformed import heic, picture, save_image

GRAYS = (0, 16, 32, 64, 96, 128, 160, 192, 216, 240, 255)
# What a screenshot of Chromium 156 shows for them in an AVIF.
SHOWN = {
    1: GRAYS, 2: GRAYS, 6: GRAYS, 13: GRAYS, 14: GRAYS, 15: GRAYS,
    4: (0, 7, 26, 62, 96, 129, 161, 193, 217, 240, 255),
    5: (0, 1, 10, 40, 72, 106, 142, 179, 208, 237, 255),
    7: (0, 34, 50, 81, 112, 141, 170, 199, 221, 242, 255),
    8: (0, 71, 99, 137, 165, 188, 208, 225, 237, 248, 255),
    16: (0, 1, 5, 30, 70, 132, 213, 255, 255, 255, 255),
    17: (0, 3, 15, 48, 83, 118, 154, 191, 219, 247, 255),
    18: (0, 3, 14, 43, 71, 99, 135, 189, 220, 243, 255),
}  # fmt: skip
PQ_UP_TO_400 = (0, 1, 8, 39, 88, 163, 249, 255, 255, 255, 255)
GAIN_MAP = "dropped: a gain map, which makes the picture brighter on HDR displays"
EXIF = b"MM\0*\0\0\0\x08\0\x01\x01\x0f\0\x02\0\0\0\x04abc\0\0\0\0\0"  # Make: abc
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='album'/></rdf:RDF></x:xmpmeta>"
)
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
SMALL: Pixels = picture(12, 16)


def deep_heic(values: Pixels, mode: str, bits: int, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A lossless HEIC of uint16 values that are stretched to 16 bits."""
    monkeypatch.setattr(pillow_heif.options, "SAVE_HDR_TO_12_BIT", bits == 12)
    buffer = io.BytesIO()
    height, width = values.shape[:2]
    made = pillow_heif.from_bytes(mode, (width, height), values.tobytes())
    made.save(buffer, quality=-1, **({} if values.ndim == 2 else {"chroma": "444", "matrix_coefficients": 0}))
    return buffer.getvalue()


# Depth


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("bits", [8, 10, 12])
def test_avif_keeps_its_levels(bits: int, channels: int, tmp_path: Path) -> None:
    values = levels(bits, channels)
    read = decode(heif([coded(values, bits)]))
    assert read.pixels.dtype == (np.uint8 if bits == 8 else np.uint16)
    top = np.iinfo(read.pixels.dtype).max
    np.testing.assert_array_equal(read.pixels, np.rint(values / ((1 << bits) - 1) * top))
    assert read.notes == ()
    path = tmp_path / "result.png"
    path.write_bytes(encode(read, ".png"))
    assert read_tags(path, "-n")["PNG:BitDepth"] == (8 if bits == 8 else 16)
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        assert channels == 3 or len(np.unique(np.asarray(image))) == 1 << bits


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize(("mode", "channels"), [("I;16", 1), ("RGB;16", 3), ("RGBA;16", 4)])
def test_heic_keeps_its_levels(mode: str, channels: int, bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = np.ascontiguousarray(levels(bits, channels)[:, :: 1 << (bits - 8)])  # 256 of them; x265 is slow
    read = decode(deep_heic(stored << np.uint16(16 - bits), mode, bits, monkeypatch))
    expected = np.rint(stored / ((1 << bits) - 1) * 65535)
    assert read.pixels.dtype == np.uint16
    got = read.pixels if read.alpha is None else np.dstack([read.pixels, read.alpha])
    np.testing.assert_array_equal(got, expected)
    assert read.notes == ()


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_heic_pixels_outlive_the_file(mode: str) -> None:
    made = [Image.fromarray(picture(90, 120)[::step, ::step]).convert(mode) for step in (1, -1)]
    first = decode(heic(made[0]))
    kept = first.pixels.copy()
    for _ in range(8):  # their memory would be that of the first
        decode(heic(made[1]))
    np.testing.assert_array_equal(first.pixels, kept)
    assert np.abs(kept - np.asarray(made[0], np.float64).reshape(kept.shape)).mean() < 12


@pytest.mark.parametrize("bits", [8, 10])
def test_alpha_is_kept(bits: int) -> None:
    colors, shares = levels(bits, 3), levels(bits)[:, ::-1].copy()
    alpha = coded(shares, bits, auxiliary(ALPHA), references={"auxl": [1]})
    read = decode(heif([coded(colors, bits), alpha]))
    top = np.iinfo(read.pixels.dtype).max
    np.testing.assert_array_equal(read.alpha, np.rint(shares / ((1 << bits) - 1) * top))
    np.testing.assert_array_equal(read.pixels, np.rint(colors / ((1 << bits) - 1) * top))
    assert read.notes == ()


@pytest.mark.parametrize("kind", ["AVIF", "HEIC"])
def test_premultiplied_colours_are_divided(kind: str) -> None:
    colors = np.dstack([np.full((40, 50, 3), 200, np.uint8), np.full((40, 50), 128, np.uint8)])
    if kind == "AVIF":
        data = save_image(Image.fromarray(colors), "AVIF", alpha_premultiplied=True, quality=100, subsampling="4:4:4")
    else:
        premultiplied = colors.copy()
        premultiplied[..., :3] = 100
        made = pillow_heif.from_bytes("RGBa", (50, 40), premultiplied.tobytes())
        buffer = io.BytesIO()
        made.save(buffer, quality=-1)
        data = buffer.getvalue()
    assert b"prem" in data
    read = decode(data)
    np.testing.assert_allclose(read.pixels, 200, atol=3)
    np.testing.assert_allclose(read.alpha.astype(int) if read.alpha is not None else 0, 128, atol=1)


# Encoding


@pytest.mark.parametrize("transfer", SHOWN)
@pytest.mark.parametrize("primaries", [1, 9])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_encoding_of_avif_is_applied(channels: int, primaries: int, transfer: int) -> None:
    values = np.repeat(np.array([GRAYS] * 12, np.uint8)[..., np.newaxis], channels, axis=2)
    values = values[..., 0] if channels == 1 else values
    matrix = 1 if channels == 1 else 0
    read = decode(heif([coded(values, 8, nclx(primaries, transfer, matrix))]))
    gray = read.pixels if read.pixels.ndim == 2 else read.pixels[..., 0]
    np.testing.assert_allclose(gray[0], SHOWN[transfer], atol=1.01)
    is_srgb = SHOWN[transfer] is GRAYS and (channels == 1 or primaries == 1)
    assert [note.startswith("colour encoding") for note in read.notes] == [] if is_srgb else [True]


@pytest.mark.parametrize(
    "light",
    [
        box("clli", struct.pack(">HH", 400, 100)),
        box("mdcv", struct.pack(">8HII", 8500, 39850, 6550, 2300, 35400, 14600, 15635, 16450, 4_000_000, 1)),
    ],
    ids=["clli", "mdcv"],
)
def test_the_brightest_light_counts(light: bytes) -> None:
    values = np.array([GRAYS] * 12, np.uint16) * 4 + (np.array(GRAYS) == 255) * 3
    read = decode(heif([coded(values.astype(np.uint16), 10, nclx(9, 16, 1), light)]))
    np.testing.assert_allclose(read.pixels[0] / 257, PQ_UP_TO_400, atol=2)
    assert read.notes == ("colour encoding PQ (HDR) applied; the result is sRGB, without the brightness of HDR",)


def test_the_encoding_of_heic_is_applied() -> None:
    values = np.array([GRAYS * 6] * 64, np.uint8)
    data = heic(Image.fromarray(values), transfer_characteristics=8, color_primaries=9)
    (note,) = decode(data).notes
    assert note == "colour encoding linear applied; the result is sRGB"


def test_a_profile_comes_before_the_code_points() -> None:
    profile = icc.srgb_profile()
    data = heif([coded(SMALL, 8, nclx(1, 8), box("colr", b"prof", profile))])
    read = decode(data)
    np.testing.assert_array_equal(read.pixels, SMALL)
    assert read.metadata.icc_profile == profile
    assert read.notes == ()


# Orientation and crop


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [None, 0, 1])
def test_turned_and_mirrored_as_pillow_does(turns: int, mirrored: int | None) -> None:
    properties = [box("irot", bytes([turns]))] + ([] if mirrored is None else [box("imir", bytes([mirrored]))])
    exif = Part(
        "Exif", bytes(4) + EXIF.replace(b"\x01\x0f\0\x02\0\0\0\x04abc\0", b"\x01\x12\0\x03\0\0\0\x01\0\x08\0\0")
    )
    exif.references = {"cdsc": [1]}
    data = heif([coded(SMALL, 8, *properties), exif])  # whose own orientation is no longer true
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    read = decode(data)
    np.testing.assert_array_equal(read.pixels, expected)
    assert read.metadata.exif is not None
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x01" in read.metadata.exif
    assert read.notes == ()


def test_the_clean_aperture_is_cut_out() -> None:
    aperture = box("clap", struct.pack(">8i", 10, 1, 6, 1, -2, 1, 1, 1))  # its centre is 2 left and 1 below
    read = decode(heif([coded(SMALL, 8, aperture)]))
    np.testing.assert_array_equal(read.pixels, SMALL[4:10, 1:11])


@pytest.mark.parametrize("values", [(0, 1, 0, 1, 0, 1, 0, 1), (10, 0, 6, 1, 0, 1, 0, 1), (99, 1, 6, 1, 0, 1, 0, 1)])
def test_an_impossible_aperture_is_ignored(values: tuple[int, ...]) -> None:
    aperture = box("clap", struct.pack(">8i", *values))
    try:
        read = decode(heif([coded(SMALL, 8, aperture)]))
    except InvalidImage:
        return  # libavif does not accept all of them
    np.testing.assert_array_equal(read.pixels, SMALL)


# Parts


def test_tiles_are_one_picture() -> None:
    whole: Pixels = picture(128, 192)
    tiles = [coded(np.ascontiguousarray(whole[y : y + 64, x : x + 96]), 8) for y in (0, 64) for x in (0, 96)]
    read = decode(heif([grid(2, 2, 192, 128, [2, 3, 4, 5], nclx(1, 13, 0)), *tiles]))
    np.testing.assert_array_equal(read.pixels, whole)
    assert read.notes == ()


def test_deep_tiles_and_their_encoding() -> None:
    values = np.repeat(np.repeat(np.array(GRAYS, np.uint16) * 4, 8)[np.newaxis], 64, axis=0)[:, :64].copy()
    tiles = [coded(values, 10, nclx(9, 16, 1)) for _ in range(2)]
    read = decode(heif([grid(1, 2, 128, 64, [2, 3]), *tiles]))
    assert read.pixels.shape == (64, 128)
    np.testing.assert_allclose(read.pixels[0, 4:64:8] / 257, SHOWN[16][:8], atol=2)


def auxiliary_picture(urn: str) -> Part:
    return coded(SMALL[..., 0].copy(), 8, auxiliary(urn), references={"auxl": [1]})


@pytest.mark.parametrize(
    ("parts", "notes"),
    [
        ([coded(SMALL, references={"thmb": [1]})], ()),
        ([coded(SMALL), coded(SMALL)], ("the first of 3 pages or pictures",)),
        ([auxiliary_picture("urn:mpeg:mpegB:cicp:systems:auxiliary:depth")], ("dropped: a depth map",)),
        ([auxiliary_picture("urn:com:apple:photo:2020:aux:hdrgainmap")], (GAIN_MAP,)),
        (
            [auxiliary_picture("urn:com:apple:photo:2018:aux:portraiteffectsmatte")],
            ("dropped: a matte of a part of the picture",),
        ),
        ([auxiliary_picture("urn:example:heat")], ("dropped: an auxiliary picture (urn:example:heat)",)),
        ([Part("tmap", bytes(62), [size_of(16, 12)], {"dimg": [1, 3]}), coded(SMALL[..., 0].copy())], (GAIN_MAP,)),
        (
            [Part("mime", b"{}", references={"cdsc": [1]}, content_type="application/json")],
            ("dropped: 1 private entry (application/json)",),
        ),
        ([Part("uri ", b"x", references={"cdsc": [1]})], ("dropped: 1 private entry (uri )",)),
        ([Part("Exif", bytes(4) + EXIF, references={"cdsc": [1]})], ()),
    ],
)
def test_other_pictures_and_entries_are_named(parts: list[Part], notes: tuple[str, ...]) -> None:
    read = decode(heif([coded(SMALL), *parts]))
    np.testing.assert_array_equal(read.pixels, SMALL)
    assert read.notes == notes


@pytest.mark.parametrize(
    ("properties", "notes"),
    [
        ([box("pasp", struct.pack(">II", 1, 1))], ()),
        ([box("pasp", struct.pack(">II", 2, 1))], ("dropped: the shape of the pixels, which is 2 : 1",)),
        ([full_box("udes", 0, 0, b"en\0Lake\0\0\0")], ("dropped: a description of the picture (udes)",)),
        ([box("zzzz", b"1")], ("dropped: 1 private entry (zzzz)",)),
    ],
)
def test_properties_that_are_lost_are_named(properties: list[bytes], notes: tuple[str, ...]) -> None:
    assert decode(heif([coded(SMALL, 8, *properties)])).notes == notes


@pytest.mark.parametrize(
    ("behind", "notes"),
    [
        (box("free", bytes(9)), ()),
        (box("mpvd", b"a film"), ("dropped: the film of a motion photo",)),
        (box("sefd", b"Samsung's"), ("dropped: 1 private entry (sefd)",)),
        (box("uuid", C2PA, b"c2pa"), ("dropped: content credentials (C2PA)",)),
        (box("uuid", bytes(16)), ("dropped: a private entry (uuid)",)),
        (b"\0\0\0\1end", ("dropped: 7 bytes behind the picture",)),
    ],
)
def test_what_is_behind_the_picture_is_named(behind: bytes, notes: tuple[str, ...]) -> None:
    assert decode(heif([coded(SMALL)], behind=behind)).notes == notes


def test_metadata_of_the_picture() -> None:
    other = Part("Exif", bytes(4) + EXIF.replace(b"abc", b"xyz"), references={"cdsc": [3]})
    parts = [
        coded(SMALL),
        other,
        auxiliary_picture("urn:mpeg:hevc:2015:auxid:2"),
        Part("Exif", struct.pack(">I", 6) + b"Exif\0\0" + EXIF, references={"cdsc": [1]}),
        Part("mime", XMP, references={"cdsc": [1]}, content_type="application/rdf+xml"),
    ]
    metadata = decode(heif(parts)).metadata
    assert metadata.exif == EXIF
    assert metadata.xmp == XMP
    assert metadata.dpi is None


def test_exif_behind_its_prefix() -> None:
    part = Part("Exif", struct.pack(">I", 6) + b"Exif\0\0" + EXIF, references={"cdsc": [1]})
    assert decode(heif([coded(SMALL), part])).metadata.exif == EXIF


# HEIC


def test_parts_of_heic() -> None:
    image = Image.fromarray(picture(64, 80))
    several = pillow_heif.HeifFile()
    for _ in range(3):
        several.add_from_pillow(image)
    buffer = io.BytesIO()
    several.save(buffer, quality=80)
    assert decode(buffer.getvalue()).notes == ("the first of 3 pages or pictures",)
    with_thumbnail = pillow_heif.from_pillow(image)
    with_thumbnail.info["thumbnails"] = [32]
    buffer = io.BytesIO()
    with_thumbnail.save(buffer, quality=80)
    assert b"thmb" in buffer.getvalue()
    assert decode(buffer.getvalue()).notes == ()


def test_metadata_of_heic() -> None:
    read = decode(heic(Image.fromarray(picture(64, 80)), exif=b"Exif\0\0" + EXIF, xmp=XMP))
    assert (read.metadata.exif, read.metadata.xmp) == (EXIF, XMP)
    assert read.notes == ()


# Sequences


def test_of_a_sequence_the_first_frame() -> None:
    frames = [Image.fromarray(np.full((40, 50, 3), level, np.uint8)) for level in (10, 100, 200)]
    read = decode(save_image(frames[0], "AVIF", save_all=True, append_images=frames[1:], quality=100))
    np.testing.assert_allclose(read.pixels, 10, atol=1)
    assert (read.pages, read.notes) == (3, ("the first of 3 pages or pictures",))


def test_of_a_deep_sequence_eight_bits_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "film.avif"
    source = "testsrc=size=64x48:rate=5:duration=1"
    command = [str(find_tool("ffmpeg")), "-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv444p10le"]
    subprocess.run([*command, "-c:v", "libaom-av1", "-cpu-used", "8", str(path)], check=True)
    read = decode(path.read_bytes())
    assert read.pixels.shape == (48, 64, 3)
    assert read.notes == ("the first of 5 pages or pictures", "10 bits per channel reduced to 8")


# Limits and damage


@pytest.mark.parametrize("place", ["picture", "tile", "alpha"])
def test_the_size_of_every_part_is_checked_first(place: str) -> None:
    huge, small = size_of(20_000, 20_000), coded(SMALL)
    large = Part("av01", small.payload, (huge, *small.properties[1:]))
    parts = {
        "picture": [large],
        "tile": [grid(1, 1, 16, 12, [2]), large],
        "alpha": [small, Part("av01", b"", (huge, auxiliary(ALPHA)), {"auxl": [1]})],
    }[place]
    with pytest.raises(ImageTooLarge, match=r"at most 100 megapixels, got 400 megapixels \(20000 x 20000\)"):
        decode(heif(parts))


def test_a_film_is_no_picture() -> None:
    data = box("ftyp", b"isom", bytes(4), b"isom", b"mp41") + box("moov", box("mvhd", bytes(100)))
    with pytest.raises(InvalidImage, match="got an MP4"):
        decode(data)


def test_circles_and_lies_end_soon() -> None:
    endless = grid(1, 1, 16, 12, [1])
    many = [Part("Exif", b"", references={"cdsc": [1]}) for _ in range(2000)]
    for data in (heif([endless]), heif([coded(SMALL), *many]), b"\0\0\0\x18ftypavif"):
        try:
            decode(data)
        except InvalidImage:
            continue


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_survived(seed: int) -> None:
    random = np.random.default_rng(seed)
    alpha = coded(SMALL[..., 0].copy(), 8, auxiliary(ALPHA), references={"auxl": [1]})
    data = bytearray(heif([coded(SMALL), alpha, Part("Exif", bytes(4) + EXIF, references={"cdsc": [1]})]))
    for _ in range(4):
        data[int(random.integers(4, 700))] = int(random.integers(256))
    try:
        assert decode(bytes(data)).pixels.size
    except InvalidImage:
        return


def test_imagecodecs_makes_what_the_case_has() -> None:
    """AVIF of 10 bits without code points, as an encoder writes it by default."""
    values = levels(10, 3)
    data = bytes(imagecodecs.avif_encode(values, level=100, bitspersample=10, pixelformat="444", matrix=0, speed=10))
    read = decode(data)
    assert read.pixels.dtype == np.uint16
    assert len(np.unique(read.pixels)) == 1024
