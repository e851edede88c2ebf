"""Encoding pictures as files, and resizing them for display."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from colorizer.arrays import Pixels
from colorizer.errors import InvalidImage
from colorizer.images import WRITABLE_SUFFIXES, Picture, crop_to_fill, decode, encode, shrink
from colorizer.images.naming import colorized_name

HEIGHT, WIDTH = 24, 31
FORMATS = {
    ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF", ".bmp": "BMP",
    ".avif": "AVIF",
}  # fmt: skip
LOSSLESS = (".png", ".tif", ".tiff", ".bmp")

every_depth = pytest.mark.parametrize("dtype", [np.uint8, np.uint16], ids=["uint8", "uint16"])
every_channel_count = pytest.mark.parametrize("channels", [1, 3], ids=["grey", "RGB"])


def smooth(channels: int, dtype: type[np.uint8 | np.uint16] = np.uint8, *, seed: int = 0) -> Pixels:
    noise = np.random.default_rng(seed).uniform(0.05, 0.95, (3, 4, channels)).astype(np.float32)
    values = cv2.resize(noise, (WIDTH, HEIGHT)).reshape((HEIGHT, WIDTH, channels)[: 3 if channels > 1 else 2])
    pixels: Pixels = (values * np.iinfo(dtype).max).astype(dtype)
    return pixels


def reread(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def test_every_suffix_has_a_format_here() -> None:
    assert set(FORMATS) == set(WRITABLE_SUFFIXES)


@every_channel_count
@pytest.mark.parametrize("suffix", [*WRITABLE_SUFFIXES, ".JPG", ".Png"])
def test_every_suffix_reads_back(suffix: str, channels: int) -> None:
    pixels = smooth(channels)
    image = reread(encode(Picture(pixels), suffix))
    assert image.format == FORMATS[suffix.lower()]
    assert image.size == (WIDTH, HEIGHT)
    pixels_back = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    if suffix.lower() in LOSSLESS:
        np.testing.assert_array_equal(pixels_back, pixels)
    else:
        assert np.abs(pixels_back.astype(int) - pixels).mean() < 3


@every_channel_count
@pytest.mark.parametrize("suffix", [".png", ".tif", ".tiff"])
def test_sixteen_bits_stay_sixteen_bits(suffix: str, channels: int) -> None:
    pixels = smooth(channels, np.uint16)
    data = encode(Picture(pixels), suffix)
    back = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED))
    back = back if channels == 1 else back[..., ::-1]
    assert back.dtype == np.uint16
    np.testing.assert_array_equal(back, pixels)
    if channels == 1:
        np.testing.assert_array_equal(decode(data).pixels, pixels)


@every_channel_count
@pytest.mark.parametrize("suffix", [".jpg", ".bmp", ".webp"])
def test_where_sixteen_bits_do_not_fit_they_are_rounded(suffix: str, channels: int) -> None:
    pixels = smooth(channels, np.uint16)
    back = np.asarray(reread(encode(Picture(pixels), suffix)).convert("L" if channels == 1 else "RGB"))
    difference = back - pixels / 257
    assert np.abs(difference).max() < (0.51 if suffix == ".bmp" else 25)
    assert abs(difference.mean()) < (0.1 if suffix == ".bmp" else 1)  # truncation would be 0.5 below


@every_depth
@every_channel_count
@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".tiff"])
def test_alpha_is_kept(suffix: str, channels: int, dtype: type[np.uint8 | np.uint16]) -> None:
    pixels, alpha = smooth(channels, dtype), smooth(1, dtype, seed=1)
    image = reread(encode(Picture(pixels, alpha), suffix))
    assert image.mode in ("LA", "RGBA")  # Pillow reads 16 bits with transparency at 8
    assert image.size == (WIDTH, HEIGHT)
    expected = alpha if dtype == np.uint8 else alpha / 257
    np.testing.assert_allclose(np.asarray(image)[..., -1], expected, atol=0 if dtype == np.uint8 else 1)
    if suffix != ".webp":
        expected = np.broadcast_to(pixels.reshape(HEIGHT, WIDTH, -1), (HEIGHT, WIDTH, 3)) / np.iinfo(dtype).max * 255
        np.testing.assert_allclose(np.asarray(image.convert("RGBA"))[..., :3], expected, atol=1)


def test_sixteen_bit_alpha_keeps_its_bits() -> None:
    pixels, alpha = smooth(3, np.uint16), smooth(1, np.uint16, seed=1)
    back = cv2.imdecode(np.frombuffer(encode(Picture(pixels, alpha), ".png"), np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(back, np.dstack([pixels[..., ::-1], alpha]))


@every_depth
@every_channel_count
@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".bmp"])
def test_without_alpha_the_picture_lies_on_white(suffix: str, channels: int, dtype: type[np.uint8 | np.uint16]) -> None:
    pixels, alpha = smooth(channels, dtype), smooth(1, dtype, seed=1)
    image = reread(encode(Picture(pixels, alpha), suffix))
    assert image.mode == ("L" if channels == 1 else "RGB")
    share = (alpha / np.iinfo(dtype).max).reshape(HEIGHT, WIDTH, *(1,) * (pixels.ndim - 2))
    expected = 255 * (pixels / np.iinfo(dtype).max * share + 1 - share)
    difference = np.abs(np.asarray(image) - expected)
    assert difference.max() < (1.5 if suffix == ".bmp" else 12)
    assert difference.mean() < (0.6 if suffix == ".bmp" else 2)


def test_jpeg_keeps_colour_at_full_size() -> None:
    image = reread(encode(Picture(smooth(3)), ".jpg"))
    assert JpegImagePlugin.get_sampling(image) == 0  # 4:4:4
    assert image.mode == "RGB"


@pytest.mark.parametrize("suffix", [".gif", "", "png", ".jp2"])
def test_other_suffixes_are_refused(suffix: str) -> None:
    with pytest.raises(ValueError, match=rf"expected one of the endings \.jpg, .*got '{suffix}'"):
        encode(Picture(smooth(3)), suffix)


@pytest.mark.parametrize(("suffix", "width"), [(".webp", 16384), (".jpg", 65536)])
def test_a_picture_too_wide_for_its_format_is_refused(suffix: str, width: int) -> None:
    with pytest.raises(InvalidImage, match=rf"expected .*{suffix}.*, got .*{width} x 2"):
        encode(Picture(np.zeros((2, width), np.uint8)), suffix)


@pytest.mark.parametrize(
    ("height", "width", "longest", "size"),
    [
        (300, 400, 100, (75, 100)),
        (400, 300, 100, (100, 75)),
        (1000, 3, 100, (100, 1)),  # never 0 pixels
        (300, 400, 400, (300, 400)),
        (30, 40, 100, (30, 40)),  # never enlarged
    ],
)
@every_depth
@every_channel_count
def test_shrink(
    height: int, width: int, longest: int, size: tuple[int, int], channels: int, dtype: type[np.uint8 | np.uint16]
) -> None:
    shape = (height, width) if channels == 1 else (height, width, 3)
    maximum = int(np.iinfo(dtype).max)
    small = shrink(Picture(np.full(shape, maximum, dtype), np.full((height, width), maximum // 3, dtype)), longest)
    assert small.alpha is not None
    assert small.pixels.shape == (*size, *shape[2:])
    assert small.alpha.shape == size
    assert small.pixels.dtype == small.alpha.dtype == np.uint8
    assert (small.width, small.height) == size[::-1]
    assert (small.pixels == 255).all()
    assert (small.alpha == 85).all()


def test_shrink_averages() -> None:
    fine = np.indices((64, 64)).sum(axis=0) % 2 * np.uint8(255)
    assert np.abs(shrink(Picture(fine.astype(np.uint8)), 16).pixels.astype(int) - 127).max() <= 1
    assert shrink(Picture(fine.astype(np.uint8)), 16).alpha is None


@pytest.mark.parametrize(("height", "width"), [(40, 100), (100, 40), (8, 9), (10, 23), (1, 1)])
def test_cut_takes_the_middle(height: int, width: int) -> None:
    pixels = np.tile(np.arange(width, dtype=np.uint8), (height, 1))
    part = crop_to_fill(Picture(pixels, pixels), 20, 10)
    assert part.pixels.shape == (10, 20)
    assert part.pixels.flags.c_contiguous
    assert part.alpha is not None
    assert part.alpha.flags.c_contiguous
    np.testing.assert_array_equal(part.alpha, part.pixels)
    assert abs(part.pixels.mean() - (width - 1) / 2) <= 0.6


@pytest.mark.parametrize(
    ("original", "suffix", "name"),
    [
        ("grandma.jpg", None, "grandma_colorized.jpg"),
        ("grandma.jpg", ".png", "grandma_colorized.png"),
        ("grand.ma.tar.tiff", None, "grand.ma.tar_colorized.tiff"),
        ("grandma", ".png", "grandma_colorized.png"),
        ("some/folder/grandma.PNG", None, "grandma_colorized.PNG"),
        ("großmutter 1950.webp", None, "großmutter 1950_colorized.webp"),
    ],
)
def test_colorized_name(original: str, suffix: str | None, name: str) -> None:
    assert colorized_name(original, suffix) == name
