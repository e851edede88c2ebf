"""ICC profiles: LittleCMS makes the profiles and converts pixels to them; our conversion must undo it."""

from __future__ import annotations

import struct
import tracemalloc
from collections.abc import Sequence

import imagecodecs
import numpy as np
import pytest
from PIL import Image
from skimage.color import rgb2lab

from colorizer.arrays import Depth, Pixels
from colorizer.color import lab
from colorizer.images import decode, icc
from tests.support.malformed import heic, picture, save_image, tiff

SRGB = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)  # x and y of red, green and blue
ADOBE = (0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
DISPLAY_P3 = (0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
D65 = (0.3127, 0.3290, 1.0)

every_depth = pytest.mark.parametrize("dtype", [np.uint8, np.uint16], ids=["uint8", "uint16"])


def rgb_profile(primaries: Sequence[float], gamma: float) -> bytes:
    points = [value for x, y in zip(primaries[::2], primaries[1::2], strict=True) for value in (x, y, 1.0)]
    return bytes(imagecodecs.cms_profile("rgb", whitepoint=D65, primaries=points, gamma=gamma))


def colors(dtype: Depth) -> Pixels:
    """A smooth sRGB picture with saturated colours."""
    return (picture(60, 80).astype(np.uint32) * (np.iinfo(dtype).max // 255)).astype(dtype)


def convert(pixels: Pixels, profile: bytes, space: str) -> Pixels:
    """Convert sRGB pixels to the profile's space with LittleCMS at 16 bits."""
    deep = pixels.astype(np.uint16) * 257 if pixels.dtype == np.uint8 else pixels
    moved = imagecodecs.cms_transform(
        deep, icc.srgb_profile(), profile, colorspace="rgb", outcolorspace=space, intent=1, flags=0x100
    )
    return moved if pixels.dtype == np.uint16 else ((moved.astype(np.uint32) + 128) // 257).astype(np.uint8)


@every_depth
@pytest.mark.parametrize(
    ("primaries", "gamma"), [(ADOBE, 563 / 256), (DISPLAY_P3, 2.2), (SRGB, 1.8)], ids=["Adobe RGB", "P3", "gamma 1.8"]
)
def test_a_wider_space_keeps_its_lightness(primaries: Sequence[float], gamma: float, dtype: Depth) -> None:
    profile, pixels = rgb_profile(primaries, gamma), colors(dtype)
    assert not icc.is_srgb(profile)
    result = icc.to_srgb(convert(pixels, profile, "rgb"), profile)
    assert result.shape == pixels.shape[:2]
    assert result.dtype == dtype
    difference = np.abs(lab.luminance(result) - rgb2lab(pixels)[..., 0])
    assert difference.max() < (0.6 if dtype is np.uint8 else 0.1)
    assert difference.mean() < (0.15 if dtype is np.uint8 else 0.02)


@every_depth
@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.2])
def test_a_grey_gamma_keeps_its_lightness(gamma: float, dtype: Depth) -> None:
    profile = bytes(imagecodecs.cms_profile("gray", gamma=gamma))
    top = int(np.iinfo(dtype).max)
    values: Pixels = np.arange(top + 1).reshape(256, -1).astype(dtype)
    light = (values / top) ** gamma
    expected = 116 * np.where(light > 216 / 24389, np.cbrt(light), light * 24389 / 27 / 116 + 16 / 116) - 16
    difference = np.abs(lab.luminance(icc.to_srgb(values, profile)) - expected)
    assert difference.max() < (0.27 if dtype is np.uint8 else 0.01)


def test_dot_gain_is_a_table() -> None:
    """As Adobe's "Dot Gain 20%": a grey profile whose curve is a table."""
    light = np.linspace(0, 1, 256) ** 1.75
    table = b"curv" + bytes(4) + struct.pack(">I256H", 256, *np.rint(light * 65535).astype(int))
    made = bytes(imagecodecs.cms_profile("gray", gamma=2.2))
    count = struct.unpack_from(">I", made, 128)[0]
    entry = next(place for place in range(132, 132 + 12 * count, 12) if made[place : place + 4] == b"kTRC")
    profile = made[: entry + 4] + struct.pack(">II", len(made), len(table)) + made[entry + 12 :] + table
    gray = np.arange(256, dtype=np.uint8)[np.newaxis]
    np.testing.assert_allclose(lab.linearize(icc.to_srgb(gray, profile))[0], light, atol=0.005)


@pytest.mark.parametrize("kind", range(5))
def test_parametric_curves(kind: int) -> None:
    """Each type of function against its formula in ICC.1:2022, table 68."""
    g, a, b, c, d, e, f = 2.4, 0.9, 0.05, 0.07, 0.04, 0.02, 0.01
    x = np.linspace(0, 1, 256)
    numbers, expected = {
        0: ((g,), x**g),
        1: ((g, a, b), (a * x + b) ** g),
        2: ((g, a, b, c), (a * x + b) ** g + c),
        3: ((g, a, b, c, d), np.where(x >= d, (a * x + b) ** g, c * x)),
        4: ((g, a, b, c, d, e, f), np.where(x >= d, (a * x + b) ** g + e, c * x + f)),
    }[kind]
    curve = b"para" + bytes(4) + struct.pack(f">HH{len(numbers)}i", kind, 0, *(round(n * 65536) for n in numbers))
    made = bytes(imagecodecs.cms_profile("gray", gamma=2.2))
    count = struct.unpack_from(">I", made, 128)[0]
    entry = next(place for place in range(132, 132 + 12 * count, 12) if made[place : place + 4] == b"kTRC")
    profile = made[: entry + 4] + struct.pack(">II", len(made), len(curve)) + made[entry + 12 :] + curve
    gray = np.arange(256, dtype=np.uint16)[np.newaxis] * np.uint16(257)
    np.testing.assert_allclose(lab.linearize(icc.to_srgb(gray, profile))[0], expected, atol=1e-4)


def test_a_profile_of_another_space_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a profile of 4 channels, got one of RGB"):
        icc.to_srgb(np.zeros((2, 3, 4), np.uint8), icc.srgb_profile())


@every_depth
def test_files_with_a_profile(dtype: Depth) -> None:
    """A file with a profile keeps its L and gets a note and an sRGB profile."""
    profile, pixels = rgb_profile(ADOBE, 563 / 256), colors(dtype)
    moved = convert(pixels, profile, "rgb")
    if dtype is np.uint8:
        read = decode(save_image(Image.fromarray(moved), "PNG", icc_profile=profile))
    else:
        read = decode(tiff(moved, photometric="rgb", iccprofile=profile))
    assert read.pixels.dtype == dtype
    assert np.abs(lab.luminance(read.pixels) - rgb2lab(pixels)[..., 0]).mean() < 0.15
    assert read.metadata.icc_profile == icc.srgb_profile()
    assert [note.startswith("colour profile") for note in read.notes] == [True]


def test_srgb_stays_as_it_is() -> None:
    pixels = colors(np.uint8)
    read = decode(save_image(Image.fromarray(pixels), "PNG", icc_profile=icc.srgb_profile()))
    np.testing.assert_array_equal(read.pixels, pixels)
    assert read.metadata.icc_profile == icc.srgb_profile()
    assert read.notes == ()


def shared_tags(size: int, count: int) -> bytes:
    """An RGB profile of `size` bytes whose `count` tags all point at all of it."""
    table = b"".join(struct.pack(">4sII", f"t{number:03}".encode(), 0, size) for number in range(count))
    head = struct.pack(">I4s4s4s4s", size, b"lcms", struct.pack(">I", 0x4400000), b"mntr", b"RGB ").ljust(36, b"\0")
    return (head + b"acsp".ljust(92, b"\0") + struct.pack(">I", count) + table).ljust(size, b"\0")


def test_the_tags_of_a_profile_are_not_copied() -> None:
    """A profile of 4 MB with a thousand tags that each are all of it took 4 GB."""
    profile = shared_tags(4_000_000, 1000)
    tracemalloc.start()
    try:
        with pytest.raises(icc.BROKEN):
            icc.is_srgb(profile)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF", "HEIF"])
def test_a_profile_above_the_limit_is_left_out_with_a_note(kind: str) -> None:
    profile = icc.srgb_profile().ljust(5_000_000, b"\0")
    photo = Image.fromarray(colors(np.uint8))
    read = decode(heic(photo, icc_profile=profile) if kind == "HEIF" else save_image(photo, kind, icc_profile=profile))
    assert read.metadata.icc_profile is None
    assert read.notes == ("colour profile ignored, because it cannot be used (expected at most 4 MB, got 5 MB)",)


def test_a_long_description_is_shortened() -> None:
    """A description of megabytes would be shown on the page."""
    text = ("Scanner " * 20_000).encode("utf-16-be")
    content = b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    made = rgb_profile(ADOBE, 2.2)
    count = struct.unpack_from(">I", made, 128)[0]
    entry = next(place for place in range(132, 132 + 12 * count, 12) if made[place : place + 4] == b"desc")
    profile = made[: entry + 4] + struct.pack(">II", len(made), len(content)) + made[entry + 12 :] + content
    described = icc.describe_profile(struct.pack(">I", len(profile)) + profile[4:])
    assert described.startswith("Scanner Scanner")
    assert len(described) == 100


@pytest.mark.parametrize("profile", [b"no profile at all", bytes(2000), b"\0" * 128 + b"\xff" * 64], ids=str)
def test_an_unusable_profile_is_left_out_with_a_note(profile: bytes) -> None:
    pixels = colors(np.uint8)
    read = decode(save_image(Image.fromarray(pixels), "PNG", icc_profile=profile))
    np.testing.assert_array_equal(read.pixels, pixels)
    assert read.metadata.icc_profile is None
    assert [note.partition(",")[0] for note in read.notes] == ["colour profile ignored"]
