"""Reading PNG files: every colour type, depth and encoding, and what their chunks say."""

from __future__ import annotations

import io
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from colorizer import Look, load_colorizer
from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.images import decode, encode, icc
from tests.support.exiftool import read_tags
from tests.support.find_tools import find_tool
from tests.support.malformed import save_image
from tests.support.png_files import CHANNELS, DEPTHS, Values, chunk, png, raw_profile

GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6
SRGB_CHROMATICITIES = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
P3_CHROMATICITIES = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def scene(bits: int = 8) -> Values:
    """A synthetic grey scene, (96, 128, 1): a ramp, dark at its corner, with a bright disc and a dark stripe."""
    y, x = np.mgrid[:96, :128]
    values = 30 + 150 * (x / 127) * (0.4 + 0.6 * y / 95)
    values = np.where((x - 80) ** 2 + (y - 40) ** 2 < 26**2, 216, values)
    values[70:78, 10:70] = 12
    return np.rint(values / 255 * ((1 << bits) - 1)).astype(np.uint16)[..., np.newaxis]


def gamma(value: int) -> tuple[bytes, bytes]:
    return b"gAMA", struct.pack(">I", value)


def srgb(light: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Linear light 0..1 -> sRGB 0..1 (IEC 61966-2-1)."""
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)


# Random files


@st.composite
def pictures(draw: st.DrawFn) -> tuple[bytes, np.ndarray[Any, Any], np.ndarray[Any, Any] | None, bool]:
    """A file, its colours (H, W, 1 or 3) and its alpha (H, W) or None in 0..1, and whether it has 16 bits."""
    color_type = draw(st.sampled_from(sorted(DEPTHS)))
    bits = draw(st.sampled_from(DEPTHS[color_type]))
    height, width = draw(st.integers(1, 19)), draw(st.integers(1, 19))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    top = (1 << bits) - 1
    values = random.integers(0, top + 1, (height, width, CHANNELS[color_type]))
    before: list[tuple[bytes, bytes]] = []
    alpha: np.ndarray[Any, Any] | None = values[..., -1] / top if color_type in (GRAY_ALPHA, RGBA) else None
    colors = values[..., :-1] / top if color_type in (GRAY_ALPHA, RGBA) else values / top
    exponent = draw(st.sampled_from([None, 45455, 100_000, 55_556, 40_000]))
    if exponent is not None:
        before.append(gamma(exponent))
    has_transparency = draw(st.booleans())
    if color_type == PALETTE:
        palette = random.integers(0, 256, (top + 1, 3))
        before.append((b"PLTE", palette.astype(np.uint8).tobytes()))
        colors = palette[values[..., 0]] / 255
        if has_transparency:
            shares = random.integers(0, 256, draw(st.integers(1, top + 1)))
            before.append((b"tRNS", shares.astype(np.uint8).tobytes()))
            alpha = np.append(shares, [255] * (top + 1 - len(shares)))[values[..., 0]] / 255
    elif has_transparency and color_type in (GRAY, RGB):
        key = values[0, 0]
        before.append((b"tRNS", key.astype(">u2").tobytes()))
        alpha = 1.0 - (values == key).all(axis=-1)
    if exponent not in (None, 45455):
        light = colors ** (100_000 / exponent)
        light = light if light.shape[2] == 1 else light @ np.array([[0.2126], [0.7152], [0.0722]])
        colors = srgb(light)
    data = png(values, bits, color_type, before=before, interlaced=draw(st.booleans()), pieces=draw(st.integers(1, 3)))
    return data, colors, alpha, bits == 16


@settings(max_examples=150, deadline=None, derandomize=True)
@given(pictures())
def test_random_files_are_read_right(
    made: tuple[bytes, np.ndarray[Any, Any], np.ndarray[Any, Any] | None, bool],
) -> None:
    data, colors, alpha, is_deep = made
    read = decode(data)
    top, atol = (65535, 9) if is_deep else (255, 1)
    assert read.pixels.dtype == (np.uint16 if is_deep else np.uint8)
    np.testing.assert_allclose(read.pixels.reshape(colors.shape), colors * top, atol=atol)
    assert (read.alpha is None) == (alpha is None)
    if read.alpha is not None and alpha is not None:
        np.testing.assert_allclose(read.alpha, alpha * top, atol=0.51)


@pytest.mark.parametrize(("color_type", "bits"), [(kind, bits) for kind in DEPTHS for bits in DEPTHS[kind]])
def test_as_ffmpeg_reads_them(color_type: int, bits: int, tmp_path: Path) -> None:
    values = np.repeat(scene(bits), CHANNELS[color_type], axis=2)
    levels = (np.arange(1 << bits) * 255 // ((1 << bits) - 1)).astype(np.uint8).repeat(3).tobytes()
    palette = [(b"PLTE", levels)] if color_type == PALETTE else []
    path = tmp_path / "file.png"
    path.write_bytes(png(values, bits, color_type, before=palette, interlaced=True))
    layout, dtype = ("rgba64be", ">u2") if bits == 16 else ("rgba", "u1")
    command = [str(find_tool("ffmpeg")), "-v", "error", "-i", str(path), "-pix_fmt", layout, "-f", "rawvideo", "-"]
    output = subprocess.run(command, capture_output=True, check=True).stdout
    theirs = np.frombuffer(output, dtype).reshape(96, 128, 4)
    read = decode(path.read_bytes())
    ours = read.pixels if read.pixels.ndim == 3 else np.dstack([read.pixels] * 3)
    np.testing.assert_allclose(ours.astype(int), theirs[..., :3], atol=1)
    alpha = np.full((96, 128), np.iinfo(ours.dtype).max) if read.alpha is None else read.alpha
    np.testing.assert_allclose(alpha.astype(int), theirs[..., 3], atol=1)
    assert read.notes == ()


# Encodings

GRAYS = (0, 16, 32, 64, 96, 128, 160, 192, 216, 240, 255)
# What a screenshot of Chromium 156 shows for them.
LINEAR = (0, 71, 99, 137, 165, 188, 208, 225, 237, 248, 255)
PQ = (0, 1, 5, 30, 70, 132, 213, 255, 255, 255, 255)
PQ_UP_TO_400 = (0, 1, 8, 39, 88, 163, 249, 255, 255, 255, 255)
HLG = (0, 3, 14, 43, 71, 99, 135, 189, 220, 243, 255)
GAMMA_18 = (0, 20, 43, 81, 115, 146, 176, 203, 224, 243, 255)
BT709 = (0, 4, 20, 54, 87, 121, 155, 189, 214, 239, 255)
MASTERING = struct.pack(">8HII", 35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450, 4_000_000, 1)


def cicp(primaries: int, transfer: int, matrix: int = 0, full_range: int = 1) -> tuple[bytes, bytes]:
    return b"cICP", bytes([primaries, transfer, matrix, full_range])


@pytest.mark.parametrize(
    ("chunks", "shown"),
    [
        ([], GRAYS),
        ([gamma(45_455)], GRAYS),
        ([gamma(43_500)], GRAYS),
        ([gamma(47_500)], GRAYS),
        ([gamma(0)], GRAYS),
        ([gamma(100_000)], LINEAR),
        ([gamma(55_556)], GAMMA_18),
        ([gamma(100_000), (b"cHRM", SRGB_CHROMATICITIES)], LINEAR),
        ([(b"sRGB", b"\0"), gamma(100_000)], GRAYS),
        ([cicp(9, 16)], PQ),
        ([cicp(1, 16)], PQ),
        ([cicp(9, 16), (b"cLLI", struct.pack(">II", 4_000_000, 0))], PQ_UP_TO_400),
        ([cicp(9, 16), (b"mDCV", MASTERING)], PQ_UP_TO_400),
        ([cicp(9, 18)], HLG),
        ([cicp(1, 1)], BT709),
        ([cicp(1, 8), gamma(45_455)], LINEAR),
        ([cicp(1, 2), gamma(100_000)], LINEAR),
        ([cicp(1, 13), gamma(100_000)], GRAYS),
        ([(b"iCCP", b"name\0\0" + zlib.compress(icc.srgb_profile())), cicp(1, 8)], LINEAR),
    ],
)
@pytest.mark.parametrize("color_type", [GRAY, RGB])
@pytest.mark.parametrize("bits", [8, 16])
def test_the_encoding_of_the_file_is_applied(
    bits: int, color_type: int, chunks: list[tuple[bytes, bytes]], shown: tuple[int, ...]
) -> None:
    unit = 257 if bits == 16 else 1
    values = np.repeat(np.array([GRAYS] * 4)[..., np.newaxis] * unit, CHANNELS[color_type], axis=2)
    read = decode(png(values, bits, color_type, before=chunks))
    assert read.pixels.dtype == (np.uint16 if bits == 16 else np.uint8)
    gray = read.pixels if read.pixels.ndim == 2 else read.pixels[..., 0]
    np.testing.assert_allclose(gray[0] / unit, shown, atol=1.01)
    assert [note.startswith("colour encoding") for note in read.notes] == [True] * (shown != GRAYS)


def test_a_profile_comes_before_gamma() -> None:
    profile = (b"iCCP", b"name\0\0" + zlib.compress(icc.srgb_profile()))
    read = decode(png(np.repeat(scene(), 3, axis=2), 8, RGB, before=[gamma(100_000), profile]))
    np.testing.assert_array_equal(read.pixels, np.repeat(scene(), 3, axis=2))
    assert read.metadata.icc_profile == icc.srgb_profile()
    assert read.notes == ()


def test_colours_of_wide_primaries_become_grey() -> None:
    values = np.array([[[255, 0, 0], [0, 255, 0], [255, 255, 255]]])
    read = decode(png(values, 8, RGB, before=[gamma(45_455), (b"cHRM", P3_CHROMATICITIES)]))
    light = np.array([[0.22897, 0.69174, 1.0]])  # the row of Y of Display P3
    np.testing.assert_allclose(read.pixels, srgb(light) * 255, atol=1)


def test_impossible_primaries_are_named() -> None:
    values = np.repeat(scene(), 3, axis=2)
    read = decode(png(values, 8, RGB, before=[(b"cHRM", bytes(32))]))
    np.testing.assert_array_equal(read.pixels, values)
    (note,) = read.notes
    assert note.startswith("colour encoding ignored, because it cannot be used (expected")


def test_a_linear_file_stays_right_in_the_result() -> None:
    """Coloured with strength 0 and written, as another program reads it."""
    values = np.array([GRAYS] * 11)[..., np.newaxis]
    gray = load_colorizer("compact").colorize_picture(
        decode(png(values, 8, GRAY, before=[gamma(100_000)])), Look(strength=0)
    )
    with Image.open(io.BytesIO(encode(gray, ".png"))) as image:
        np.testing.assert_allclose(np.asarray(image.convert("L"))[0], LINEAR, atol=1)


# Transparency


@pytest.mark.parametrize(("color_type", "bits"), [(kind, bits) for kind in (GRAY, RGB) for bits in DEPTHS[kind]])
def test_one_transparent_colour(color_type: int, bits: int, tmp_path: Path) -> None:
    values = np.repeat(scene(bits), CHANNELS[color_type], axis=2)
    key = values[0, 0]
    read = decode(png(values, bits, color_type, before=[(b"tRNS", key.astype(">u2").tobytes())]))
    assert read.alpha is not None
    np.testing.assert_array_equal(read.alpha == 0, (values == key).all(axis=2))
    path = tmp_path / "result.png"
    path.write_bytes(encode(read, ".png"))
    found = read_tags(path, "-n")
    assert found["PNG:BitDepth"] == (16 if bits == 16 else 8)
    assert found["PNG:ColorType"] == (4 if color_type == GRAY else 6)  # with alpha


# What the chunks hold

XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='album'/></rdf:RDF></x:xmpmeta>"
)
EXIF = b"II*\0\x08\0\0\0\x01\0\x0f\x01\x02\0\x04\0\0\0abc\0\0\0\0\0"  # Make: abc
IPTC = b"\x1c\x02\x78\0\x07Grandma"
RESOURCE = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(IPTC)) + IPTC


def text(kind: str, content: bytes) -> tuple[bytes, bytes]:
    return kind.encode(), content


def read_gray(*before: tuple[bytes, bytes], after: tuple[tuple[bytes, bytes], ...] = ()) -> Any:
    return decode(png(scene(), 8, GRAY, before=before, after=after))


def test_texts_are_kept() -> None:
    read = read_gray(
        (b"tEXt", b"Title\0The lake"),
        (b"zTXt", b"Author\0\0" + zlib.compress("Zoë".encode("latin-1"))),
        (b"iTXt", b"Description\0\0\0\0\0" + "Café, 1931 ☀".encode()),
        after=((b"iTXt", b"Comment\0\x01\0\0\0" + zlib.compress(b"behind")),),
    )
    assert read.metadata.texts == (
        ("Title", "The lake"),
        ("Author", "Zoë"),
        ("Description", "Café, 1931 ☀"),
        ("Comment", "behind"),
    )
    assert read.notes == ()


def test_texts_stay_in_the_result(tmp_path: Path) -> None:
    read = read_gray((b"tEXt", b"Title\0The lake"), (b"iTXt", b"Description\0\0\0\0\0" + "Café, 1931".encode()))
    path = tmp_path / "result.png"
    path.write_bytes(encode(read, ".png"))
    found = read_tags(path, "-n")
    assert (found["PNG:Title"], found["PNG:Description"]) == ("The lake", "Café, 1931")


@pytest.mark.parametrize(
    ("key", "chunk_content", "expected"),
    [
        ("exif", (b"eXIf", EXIF), EXIF),
        ("exif", (b"eXIf", b"Exif\0\0" + EXIF), EXIF),
        ("exif", raw_profile("exif", b"Exif\0\0" + EXIF), EXIF),
        ("exif", raw_profile("APP1", b"Exif\0\0" + EXIF), EXIF),
        ("xmp", (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP), XMP),
        ("xmp", (b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0" + zlib.compress(XMP)), XMP),
        ("xmp", raw_profile("xmp", XMP), XMP),
        ("xmp", raw_profile("APP1", b"http://ns.adobe.com/xap/1.0/\0" + XMP), XMP),
        ("iptc", raw_profile("iptc", IPTC), IPTC),
        ("iptc", raw_profile("iptc", RESOURCE), IPTC),
        ("iptc", raw_profile("8bim", b"Photoshop 3.0\0" + RESOURCE), IPTC),
    ],
)
def test_metadata_in_every_place(key: str, chunk_content: tuple[bytes, bytes], expected: bytes) -> None:
    read = read_gray(chunk_content)
    assert getattr(read.metadata, key) == expected
    assert read.metadata.texts == ()
    assert read.notes == ()


def test_a_profile_in_a_text_is_applied() -> None:
    profile = bytes(imagecodecs.cms_profile("gray", gamma=1.0))
    read = read_gray(raw_profile("icc", profile))
    assert read.pixels.mean() > 150
    assert [note.startswith("colour profile") for note in read.notes] == [True]


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_orientation_of_exif(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = png(scene(), 8, GRAY, before=[(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))])
    turns = {1: 0, 3: 2, 6: 3}[orientation]
    np.testing.assert_array_equal(decode(stored).pixels, np.rot90(scene()[..., 0], turns))


@pytest.mark.parametrize(
    ("content", "dpi", "notes"),
    [
        (struct.pack(">IIB", 11811, 11811, 1), 300, ()),
        (struct.pack(">IIB", 1, 1, 0), None, ()),
        (struct.pack(">IIB", 2, 1, 0), None, ("dropped: the shape of the pixels, which is 2 : 1",)),
        (struct.pack(">IIB", 0, 0, 1), None, ()),
        (b"short", None, ()),
        (None, None, ()),
    ],
)
def test_resolution(content: bytes | None, dpi: float | None, notes: tuple[str, ...]) -> None:
    read = read_gray(*([(b"pHYs", content)] if content is not None else []))
    assert read.metadata.dpi == (None if dpi is None else pytest.approx((dpi, dpi), abs=0.01))
    assert read.notes == notes


@pytest.mark.parametrize(
    ("before", "notes"),
    [
        ([(b"sBIT", b"\x05"), (b"hIST", b"\0\1"), (b"iDOT", bytes(28))], ()),
        ([(b"bKGD", b"\0\0")], ("dropped: the background colour",)),
        ([(b"tIME", bytes([7, 140, 1, 2, 3, 4, 5]))], ("dropped: the time of the last change",)),
        ([(b"caBX", b"jumb")], ("dropped: content credentials (C2PA)",)),
        ([(b"vpAg", bytes(9))], ("dropped: 1 private entry (vpAg)",)),
        ([(b"vpAg", bytes(9)), (b"caNv", bytes(16))], ("dropped: 2 private entries (caNv, vpAg)",)),
        ([(b"ABCD", b"unknown, but critical")], ("dropped: 1 private entry (ABCD)",)),
        ([(b"tEXt", b"no keyword")], ("dropped: a damaged entry (tEXt)",)),
        ([(b"zTXt", b"Title\0\0no zlib")], ("dropped: a damaged entry (zTXt)",)),
        ([(b"iTXt", b"Title\0\0\0\0\0\xff")], ("dropped: a damaged entry (iTXt)",)),
        ([(b"iCCP", b"name\0\0no zlib")], ("dropped: a damaged entry (iCCP)",)),
        ([(b"iTXt", b"Title\0\0\0de\0Titel\0See")], ("dropped: the language of a text",)),
        (
            [(b"tEXt", b"Raw profile type exif\0\nexif\n 9\nzz")],
            ("dropped: a damaged entry (Raw profile type exif)",),
        ),
        ([(b"eXIf", EXIF), raw_profile("exif", b"Exif\0\0" + EXIF + b"\0")], ("dropped: a second EXIF",)),
    ],
)
def test_what_is_not_taken_is_named(before: list[tuple[bytes, bytes]], notes: tuple[str, ...]) -> None:
    read = read_gray(*before)
    np.testing.assert_array_equal(read.pixels, scene()[..., 0])
    assert read.notes == notes


@pytest.mark.parametrize("kind", [b"tEXt", b"iCCP", b"eXIf", b"gAMA", b"pHYs"])
def test_a_wrong_checksum_of_an_entry_does_not_cost_the_picture(kind: bytes) -> None:
    content = {b"gAMA": gamma(100_000)[1], b"pHYs": struct.pack(">IIB", 9, 9, 1)}.get(kind, b"Title\0text")
    data = png(scene(), 8, GRAY, before=[(kind, content)])
    place = data.index(kind) + 4 + len(content)
    read = decode(data[:place] + b"\0\0\0\0" + data[place + 4 :])
    np.testing.assert_array_equal(read.pixels, scene()[..., 0])
    assert read.notes == (f"dropped: a damaged entry ({kind.decode()})",)


def test_bytes_behind_the_end_are_named() -> None:
    assert decode(png(scene(), 8, GRAY) + b"a film").notes == ("dropped: 6 bytes behind the picture",)


@pytest.mark.parametrize("default_image", [False, True])
def test_of_an_animation_the_default_image(default_image: bool) -> None:
    frames = [Image.fromarray(np.full((8, 9), level, np.uint8)) for level in (10, 100, 200)]
    read = decode(save_image(frames[0], "PNG", save_all=True, append_images=frames[1:], default_image=default_image))
    np.testing.assert_array_equal(read.pixels, 10)
    assert (read.pages, read.notes) == (3, ("the first of 3 pages or pictures",))


# Damage


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("interlaced", [False, True])
def test_only_the_end_is_missing(interlaced: bool, bits: int) -> None:
    data = png(scene(bits), bits, GRAY, interlaced=interlaced, pieces=2)
    for cut in (4, 12, 13, 16, 20):  # parts of IEND, of the last checksum and of that of the deflate stream
        read = decode(data[:-cut])
        np.testing.assert_array_equal(read.pixels, scene(bits)[..., 0])
        assert read.notes == ()


@pytest.mark.parametrize("cut", [40, 200, 1000])
def test_missing_rows_are_refused(cut: int) -> None:
    with pytest.raises(InvalidImage, match="expected a complete picture, got a damaged or truncated file"):
        decode(png(scene(), 8, GRAY)[:-cut])


def test_very_many_chunks_are_refused_soon() -> None:
    with pytest.raises(InvalidImage, match="expected up to 100000 chunks, got more"):
        decode(png(scene(), 8, GRAY, before=[]).replace(chunk(b"IEND", b""), chunk(b"aaAa", b"") * 100_001))


def test_compressed_texts_have_a_limit() -> None:
    bomb = b"Title\0\0" + zlib.compress(bytes(40_000_000), 1)
    read = read_gray((b"zTXt", bomb), (b"zTXt", bomb), (b"tEXt", b"Author\0K."))
    assert len(read.metadata.texts) == 2
    assert read.notes == ("dropped: a damaged entry (zTXt)",)


def test_the_size_is_checked_first() -> None:
    with pytest.raises(ImageTooLarge, match=r"100 megapixels, got 400 megapixels \(20000 x 20000\)"):
        decode(
            png(np.zeros((1, 1, 1), np.uint8), 8, GRAY).replace(
                struct.pack(">II", 1, 1), struct.pack(">II", 20000, 20000)
            )
        )
