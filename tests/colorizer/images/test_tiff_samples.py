"""What TIFF tags say about samples: depth, sense, packing, palette, Lab, YCbCr, alpha, transfer function."""

from __future__ import annotations

import io
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.errors import InvalidImage
from colorizer.images import decode
from tests.support.tiff_files import (
    LONG,
    RATIONAL,
    SHORT,
    SRATIONAL,
    Page,
    Value,
    page_of,
    reverse_bits,
    write_tiff,
)

HEIGHT, WIDTH = 24, 36
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, MASK, CMYK, YCBCR, CIELAB, ICCLAB, ITULAB = 0, 1, 2, 3, 4, 5, 6, 8, 9, 10
ASSOCIATED, UNASSOCIATED = 1, 2


def scene(top: int = 255) -> NDArray[np.uint32]:
    """A ramp of values up to `top`, with a black and a white corner."""
    light = np.linspace(0.15, 0.9, HEIGHT)[:, np.newaxis] * np.linspace(0.5, 1, WIDTH)
    light[:5, :5], light[-4:, -4:] = 0, 1
    return np.rint(light * top).astype(np.uint32)


def colors(count: int = 3, top: int = 255) -> NDArray[np.uint32]:
    return np.stack([np.roll(scene(top), (3 * number, 5 * number), (0, 1)) for number in range(count)], axis=-1)


def stretched(values: NDArray[Any], bits: int) -> NDArray[np.int64]:
    top = 255 if bits <= 8 else 65535
    return np.rint(values.astype(np.float64) * top / ((1 << bits) - 1)).astype(np.int64)


def assert_same(pixels: Pixels | None, expected: NDArray[Any], *, within: int = 0) -> None:
    assert pixels is not None
    assert pixels.flags.c_contiguous
    np.testing.assert_allclose(pixels.astype(int), expected.astype(int), atol=within)


@pytest.mark.parametrize("big", [False, True], ids=["classic", "big"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("photometric", [WHITE_IS_ZERO, BLACK_IS_ZERO])
@pytest.mark.parametrize("bits", range(1, 17))
def test_grey_of_every_depth(bits: int, photometric: int, order: str, big: bool) -> None:
    values = scene((1 << bits) - 1)
    data = write_tiff(page_of(values, bits, photometric, order=order), order=order, big=big)
    if not big:  # the file is as libtiff reads it
        np.testing.assert_array_equal(imagecodecs.tiff_decode(data), values)
    np.testing.assert_array_equal(tifffile.imread(io.BytesIO(data)), values)
    picture = decode(data)
    light = values if photometric == BLACK_IS_ZERO else (1 << bits) - 1 - values
    assert picture.pixels.dtype == (np.uint8 if bits <= 8 else np.uint16)
    assert_same(picture.pixels, stretched(light, bits))
    assert picture.notes == ()


@pytest.mark.parametrize("bits", [1, 3, 8, 12, 16])
def test_rgb_of_every_depth(bits: int) -> None:
    values = colors(3, (1 << bits) - 1)
    assert_same(decode(write_tiff(page_of(values, bits, RGB))).pixels, stretched(values, bits))


@pytest.mark.parametrize("bits", [1, 4, 8, 12, 16])
def test_the_lowest_bit_first(bits: int) -> None:
    values = scene((1 << bits) - 1)
    page = page_of(values, bits, BLACK_IS_ZERO)
    data = write_tiff(Page(page.tags | {266: (SHORT, [2])}, [reverse_bits(page.blocks[0])]))
    np.testing.assert_array_equal(imagecodecs.tiff_decode(data), values)
    assert_same(decode(data).pixels, stretched(values, bits))


@pytest.mark.parametrize("kind", [ASSOCIATED, UNASSOCIATED], ids=["associated", "unassociated"])
@pytest.mark.parametrize("photometric", [WHITE_IS_ZERO, BLACK_IS_ZERO])
@pytest.mark.parametrize("bits", [2, 8, 12, 16])
def test_grey_with_alpha(bits: int, photometric: int, kind: int) -> None:
    top = (1 << bits) - 1
    gray, alpha = scene(top), np.maximum(scene(top)[::-1], top // 3)
    stored = np.rint(gray * (alpha / top)) if kind == ASSOCIATED else gray
    values = np.dstack([stored, alpha]).astype(np.uint32)
    picture = decode(write_tiff(page_of(values, bits, photometric, t338=(SHORT, [kind]))))
    light = gray if photometric == BLACK_IS_ZERO else top - gray
    assert_same(picture.alpha, stretched(alpha, bits))
    step = stretched(np.array([1]), bits)[0]  # the stored value was rounded, and is divided by up to a third
    assert_same(picture.pixels, stretched(light, bits), within=2 * step if kind == ASSOCIATED else 0)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_associated_rgb(dtype: type[np.uint8 | np.uint16]) -> None:
    top = int(np.iinfo(dtype).max)
    rgb, alpha = colors(3, top), np.maximum(scene(top)[::-1], top // 3)
    stored = np.rint(rgb * (alpha / top)[..., np.newaxis])
    buffer = io.BytesIO()
    values = np.dstack([stored, alpha]).astype(dtype)
    tifffile.imwrite(buffer, values, photometric="rgb", extrasamples=["assocalpha"])
    picture = decode(buffer.getvalue())
    assert_same(picture.pixels, rgb, within=2)
    assert_same(picture.alpha, alpha)


@pytest.mark.parametrize(
    ("photometric", "used", "kinds", "note"),
    [
        (BLACK_IS_ZERO, 1, [0], "dropped: 1 extra channel, such as infrared"),
        (BLACK_IS_ZERO, 1, None, "dropped: 1 extra channel, such as infrared"),
        (RGB, 3, [0], "dropped: 1 extra channel, such as infrared"),
        (RGB, 3, [0, 0], "dropped: 2 extra channels, such as infrared"),
        (CMYK, 4, [0], "dropped: 1 extra channel, such as infrared"),
    ],
)
def test_infrared_is_named(photometric: int, used: int, kinds: list[int] | None, note: str) -> None:
    values = colors(used + len(kinds or [0]))
    more: dict[str, Any] = {} if kinds is None else {"t338": (SHORT, kinds)}
    picture = decode(write_tiff(page_of(values, 8, photometric, **more)))
    plain = decode(write_tiff(page_of(values[..., 0] if used == 1 else values[..., :used], 8, photometric)))
    assert picture.alpha is None
    assert_same(picture.pixels, plain.pixels)
    assert picture.notes == (note,)


def test_alpha_behind_infrared() -> None:
    values = colors(5)
    picture = decode(write_tiff(page_of(values, 8, RGB, t338=(SHORT, [0, UNASSOCIATED]))))
    assert_same(picture.pixels, values[..., :3])
    assert_same(picture.alpha, values[..., 4])
    assert picture.notes == ("dropped: 1 extra channel, such as infrared",)


@pytest.mark.parametrize("scale", [257, 256, 1])
@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_palettes_of_8_bits(bits: int, scale: int) -> None:
    colors_8 = np.random.default_rng(bits).integers(0, 256, (3, 1 << bits))
    colors_8[0, 0] = 255
    data = write_tiff(page_of(indices(bits), bits, PALETTE, t320=(SHORT, (colors_8 * scale).ravel().tolist())))
    picture = decode(data)
    assert picture.pixels.dtype == np.uint8
    assert_same(picture.pixels, imagecodecs.tiff_decode(data, asrgb=True)[..., :3])


@pytest.mark.parametrize("bits", [3, 8, 12])
def test_palettes_of_16_bits(bits: int) -> None:
    colors_16 = np.random.default_rng(bits).integers(0, 65536, (3, 1 << bits))
    picture = decode(write_tiff(page_of(indices(bits), bits, PALETTE, t320=(SHORT, colors_16.ravel().tolist()))))
    assert picture.pixels.dtype == np.uint16
    assert_same(picture.pixels, colors_16.T[indices(bits)])


def test_a_palette_with_alpha() -> None:
    palette = np.random.default_rng(0).integers(0, 65536, (3, 16))
    values = np.dstack([indices(4), indices(4)[::-1]])
    tags: dict[str, Any] = {"t320": (SHORT, palette.ravel().tolist()), "t338": (SHORT, [UNASSOCIATED])}
    picture = decode(write_tiff(page_of(values, 4, PALETTE, **tags)))
    assert_same(picture.pixels, palette.T[values[..., 0]])
    assert_same(picture.alpha, values[..., 1] * 4369)


def test_a_palette_that_is_too_short_is_damage() -> None:
    with pytest.raises(InvalidImage, match="expected a palette of 768 values, got 6"):
        decode(write_tiff(page_of(scene(), 8, PALETTE, t320=(SHORT, [1, 2, 3, 4, 5, 6]))))


def indices(bits: int) -> NDArray[np.uint32]:
    return (np.arange(HEIGHT * WIDTH, dtype=np.uint32) % (1 << bits)).reshape(HEIGHT, WIDTH)


@pytest.mark.parametrize("subsampling", [(1, 1), (2, 1), (2, 2), (1, 2), (4, 1), (4, 2)])
def test_ycbcr_without_jpeg(subsampling: tuple[int, int]) -> None:
    across, down = subsampling
    luma, blue, red = scene(), scene()[::-1] // 2 + 60, 200 - scene() // 2
    units = luma.reshape(HEIGHT // down, down, WIDTH // across, across).transpose(0, 2, 1, 3)
    chroma = np.dstack([blue, red])[::down, ::across]
    block = np.concatenate([units.reshape(*chroma.shape[:2], -1), chroma], axis=2).astype(np.uint8).tobytes()
    page = page_of(np.dstack([luma, blue, red]), 8, YCBCR, t530=(SHORT, subsampling))
    data = write_tiff(Page(page.tags, [block]))
    assert_same(decode(data).pixels, imagecodecs.tiff_decode(data, asrgb=True)[..., :3], within=1)


def test_ycbcr_of_a_film() -> None:
    """Black is 16, white is 235: the reference values are tags."""
    values = np.dstack([np.clip(scene(), 16, 235), np.full((HEIGHT, WIDTH), 128), np.full((HEIGHT, WIDTH), 128)])
    reference = [part for value in (16, 235, 128, 240, 128, 240) for part in (value, 1)]
    page = page_of(values, 8, YCBCR, t530=(SHORT, [1, 1]), t532=(RATIONAL, reference))
    gray = np.rint((values[..., 0] - 16.0) * 255 / 219)
    assert_same(decode(write_tiff(page)).pixels, np.dstack([gray] * 3))


@pytest.mark.parametrize("mode", ["L", "RGB", "YCbCr"])
@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_jpeg", "packbits"])
def test_as_pillow_reads_them(mode: str, compression: str) -> None:
    image = Image.fromarray(colors().astype(np.uint8)).convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", compression=compression)
    with Image.open(io.BytesIO(buffer.getvalue())) as reread:
        expected = np.asarray(reread.convert("RGB" if mode == "YCbCr" else mode))
    assert_same(decode(buffer.getvalue()).pixels, expected, within=1 if mode == "YCbCr" else 0)


@pytest.mark.parametrize(
    ("photometric", "bits", "white"),
    [(CIELAB, 8, 255), (CIELAB, 16, 65535), (ICCLAB, 8, 255), (ICCLAB, 16, 65280), (ITULAB, 8, 255)],
)
def test_lab_becomes_grey_of_the_same_l(photometric: int, bits: int, white: int) -> None:
    neutral = 0 if photometric == CIELAB else 1 << (bits - 1)
    lightness = scene(white)
    values = np.dstack([lightness, np.full((HEIGHT, WIDTH, 2), neutral)])
    picture = decode(write_tiff(page_of(values, bits, photometric)))
    assert picture.pixels.shape == (HEIGHT, WIDTH)
    difference = np.abs(lab.luminance(picture.pixels) - 100 * lightness / white)
    assert difference.max() < (0.3 if bits == 8 else 0.003)


def test_lab_of_l_alone_with_alpha() -> None:
    values = np.dstack([scene(), scene()[::-1]])
    picture = decode(write_tiff(page_of(values, 8, CIELAB, t338=(SHORT, [UNASSOCIATED]))))
    assert np.abs(lab.luminance(picture.pixels) - values[..., 0] / 2.55).max() < 0.3
    assert_same(picture.alpha, values[..., 1])


def test_the_ranges_of_itulab() -> None:
    ranges = [part for value in (20, 80, -85, 85, -75, 125) for part in (value, 1)]
    values = np.dstack([scene(), np.full((HEIGHT, WIDTH, 2), 128)])
    picture = decode(write_tiff(page_of(values, 8, ITULAB, t433=(SRATIONAL, ranges))))
    assert np.abs(lab.luminance(picture.pixels) - (20 + values[..., 0] * 60 / 255)).max() < 0.3


def test_cmyk() -> None:
    data = write_tiff(page_of(colors(4), 8, CMYK))
    assert_same(decode(data).pixels, imagecodecs.tiff_decode(data, asrgb=True)[..., :3], within=1)


def test_32_bits_become_16() -> None:
    values = scene(65535)
    assert_same(decode(write_tiff(page_of(values * np.uint32(65537), 32, BLACK_IS_ZERO))).pixels, values)


@pytest.mark.parametrize("bits", [8, 16, 32])
def test_signed_values_that_are_not_negative(bits: int) -> None:
    values = scene(127)
    assert_same(decode(write_tiff(page_of(values, bits, BLACK_IS_ZERO, t339=(SHORT, [2])))).pixels, values)


@pytest.mark.parametrize("missing", [258, 259, 262, 277, 278, 279])
def test_missing_tags_have_the_values_of_libtiff(missing: int) -> None:
    page = page_of(np.where(scene() > 99, 1, 0), 1, BLACK_IS_ZERO)
    tags = {tag: entry for tag, entry in page.tags.items() if tag != missing}
    data = write_tiff(Page(tags | {279: (LONG, [0])} if missing == 279 else tags, page.blocks))
    assert_same(decode(data).pixels, np.where(scene() > 99, 255, 0))


def transfer_table(gamma: float, bits: int, channels: int = 1) -> tuple[int, list[int]]:
    curve = np.rint(np.linspace(0, 1, 1 << bits) ** gamma * 65535).astype(int).tolist()
    return SHORT, curve * channels


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("bits", [4, 8, 16])
@pytest.mark.parametrize("gamma", [1.0, 1.8])
def test_the_transfer_function_is_applied(gamma: float, bits: int, channels: int) -> None:
    values = colors(3, (1 << bits) - 1)
    picture = decode(write_tiff(page_of(values, bits, RGB, t301=transfer_table(gamma, bits, channels))))
    light = (values / ((1 << bits) - 1)) ** gamma
    expected = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    top = int(np.iinfo(picture.pixels.dtype).max)
    assert_same(picture.pixels, np.rint(expected * top), within=1 if bits < 16 else 10)
    assert picture.notes == ("transfer function applied; the result is sRGB",)


def test_a_transfer_function_like_that_of_srgb_changes_nothing() -> None:
    encoded = np.linspace(0, 1, 256)
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    page = page_of(scene(), 8, BLACK_IS_ZERO, t301=(SHORT, np.rint(light * 65535).astype(int).tolist()))
    picture = decode(write_tiff(page))
    assert_same(picture.pixels, scene())
    assert picture.notes == ()


def test_a_transfer_function_that_does_not_fit_is_named() -> None:
    picture = decode(write_tiff(page_of(scene(), 8, WHITE_IS_ZERO, t301=transfer_table(1.8, 8))))
    assert_same(picture.pixels, 255 - scene())
    assert picture.notes == ("the file's transfer function is not used, because it does not fit the picture",)


def test_primaries_in_tags() -> None:
    """The primaries of Adobe RGB: the grey of the result has the luminance of the stored colours."""
    adobe = [part for value in (64, 33, 21, 71, 15, 6) for part in (value, 100)]
    values = colors()
    tagged = page_of(values, 8, RGB, t318=(RATIONAL, [3127, 10000, 329, 1000]), t319=(RATIONAL, adobe))
    picture = decode(write_tiff(tagged))
    linear = lab.linearize(values.astype(np.uint8))
    expected = lab.encode(np.asarray(linear @ np.array([0.29734, 0.62736, 0.07529], np.float32), np.float32))
    assert_same(picture.pixels, expected, within=1)


@pytest.mark.parametrize(
    ("bits", "photometric", "more", "message"),
    [
        (8, MASK, {}, "got only a mask"),
        (16, 32844, {}, "got LOGL$"),
        (16, 32845, {}, "got LOGLUV$"),
        (8, 77, {}, r"got an unknown kind \(77\)"),
        (32, BLACK_IS_ZERO, {339: (SHORT, [3])}, "whole-number pixels .*got floating-point"),
        (16, BLACK_IS_ZERO, {339: (SHORT, [3])}, "whole-number pixels .*got floating-point"),
        (32, BLACK_IS_ZERO, {}, "expected 32-bit values"),
        (8, BLACK_IS_ZERO, {339: (SHORT, [5])}, "got COMPLEXINT of 8 bits"),
        (12, BLACK_IS_ZERO, {339: (SHORT, [2])}, "got INT of 12 bits"),
        (8, BLACK_IS_ZERO, {339: (SHORT, [2])}, r"expected grey values of 0\.\.255, got -"),
        (8, BLACK_IS_ZERO, {258: (SHORT, [24])}, "got 24 bits"),
        (8, BLACK_IS_ZERO, {258: (SHORT, [5, 6, 5]), 277: (SHORT, [3])}, "got 5, 6, 5"),
        (8, RGB, {}, "expected 3 samples for RGB, got 1"),
        (8, CMYK, {277: (SHORT, [4]), 332: (SHORT, [2])}, "expected the inks CMYK, got 4 other ones"),
        (8, BLACK_IS_ZERO, {259: (SHORT, [34661])}, "got JBIG$"),
        (8, BLACK_IS_ZERO, {259: (SHORT, [34887])}, "got LERC$"),
        (8, BLACK_IS_ZERO, {259: (SHORT, [4711])}, r"got an unknown kind \(4711\)"),
        (12, BLACK_IS_ZERO, {259: (SHORT, [5]), 317: (SHORT, [2])}, "got HORIZONTAL of 12 bits"),
        (8, BLACK_IS_ZERO, {32997: (LONG, [7])}, "got one of 7 layers"),
    ],
)
def test_what_is_refused_in_words(
    bits: int, photometric: int, more: dict[int, tuple[int, Value]], message: str
) -> None:
    page = page_of(scene(min((1 << bits) - 1, 65535)), bits, photometric)
    with pytest.raises(InvalidImage, match=message):
        decode(write_tiff(Page(page.tags | more, page.blocks)))
