"""Colour encodings that a file names with numbers, against what Chromium and LittleCMS make of them."""

from __future__ import annotations

import imagecodecs
import numpy as np
import pytest
from skimage.color import rgb2lab

from colorizer.arrays import Depth, Pixels
from colorizer.color import lab
from colorizer.color.encoding import ColorEncoding, describe_encoding, is_srgb, to_srgb
from colorizer.color.transfer import tone_map
from colorizer.images import icc
from tests.support.malformed import picture

D65 = (0.3127, 0.3290)
DISPLAY_P3 = (*D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
GRAYS = (0, 16, 32, 64, 96, 128, 160, 192, 216, 240, 255)
GAMMA_24 = (0, 4, 20, 54, 87, 121, 155, 189, 214, 239, 255)
# What a screenshot of Chromium 156 shows where a PNG with a cICP or gAMA chunk has GRAYS.
SHOWN = {
    "BT.709": (ColorEncoding(1), GAMMA_24),
    "gamma 2.2": (ColorEncoding(4), (0, 7, 26, 62, 96, 129, 161, 193, 217, 240, 255)),
    "gamma 2.8": (ColorEncoding(5), (0, 1, 10, 40, 72, 106, 142, 179, 208, 237, 255)),
    "BT.601": (ColorEncoding(6), GAMMA_24),
    "SMPTE 240M": (ColorEncoding(7), (0, 34, 50, 81, 112, 141, 170, 199, 221, 242, 255)),
    "linear": (ColorEncoding(8), (0, 71, 99, 137, 165, 188, 208, 225, 237, 248, 255)),
    "xvYCC": (ColorEncoding(11), GAMMA_24),
    "BT.2020": (ColorEncoding(14, 9), GAMMA_24),
    "BT.2020 of 12 bits": (ColorEncoding(15, 9), GAMMA_24),
    "PQ": (ColorEncoding(16, 9), (0, 1, 5, 30, 70, 132, 213, 255, 255, 255, 255)),
    "PQ of Display P3": (ColorEncoding(16, 12), (0, 1, 5, 30, 70, 132, 213, 255, 255, 255, 255)),
    "PQ without HDR": (ColorEncoding(16, 9, peak=203), (0, 2, 10, 44, 98, 181, 255, 255, 255, 255, 255)),
    "PQ up to 400": (ColorEncoding(16, 9, peak=400), (0, 1, 8, 39, 88, 163, 249, 255, 255, 255, 255)),
    "PQ up to 4000": (ColorEncoding(16, 9, peak=4000), (0, 1, 5, 30, 70, 132, 202, 226, 244, 255, 255)),
    "SMPTE 428": (ColorEncoding(17), (0, 3, 15, 48, 83, 118, 154, 191, 219, 247, 255)),
    "HLG": (ColorEncoding(18, 9), (0, 3, 14, 43, 71, 99, 135, 189, 220, 243, 255)),
    "HLG of BT.709": (ColorEncoding(18, 1), (0, 3, 14, 43, 71, 99, 135, 189, 220, 243, 255)),
    "HLG up to 400": (ColorEncoding(18, 9, peak=400), (0, 4, 20, 55, 89, 123, 166, 231, 253, 255, 255)),
    "gamma 1": (ColorEncoding(gamma=1.0), (0, 71, 99, 137, 165, 188, 208, 225, 237, 248, 255)),
    "gamma 1.8": (ColorEncoding(gamma=1.8), (0, 20, 43, 81, 115, 146, 176, 203, 224, 243, 255)),
    "gamma 0.5": (ColorEncoding(gamma=0.5), (0, 137, 161, 188, 205, 219, 230, 240, 246, 252, 255)),
}
EVERY_TRANSFER = pytest.mark.parametrize(("encoding", "shown"), SHOWN.values(), ids=SHOWN)


def ramp(dtype: Depth) -> Pixels:
    return (np.array([GRAYS], np.uint32) * (np.iinfo(dtype).max // 255)).astype(dtype)


@EVERY_TRANSFER
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_is_as_in_a_browser(encoding: ColorEncoding, shown: tuple[int, ...], dtype: Depth) -> None:
    result = to_srgb(ramp(dtype), encoding)
    assert result.dtype == dtype
    np.testing.assert_allclose(result[0] / (np.iinfo(dtype).max // 255), shown, atol=1.01)


@EVERY_TRANSFER
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_as_rgb_is_the_same(encoding: ColorEncoding, shown: tuple[int, ...], dtype: Depth) -> None:
    del shown
    gray = to_srgb(ramp(dtype), encoding)
    result = to_srgb(np.dstack([ramp(dtype)] * 3), encoding)
    assert result.shape == gray.shape
    np.testing.assert_allclose(result.astype(int), gray, atol=1 if dtype is np.uint8 else 8)


def test_colours_of_hdr_have_the_luminance_of_a_browser() -> None:
    """Blue with half as much green in PQ and in HLG, where the browser clips nothing."""
    values = np.array([[(0, level // 2, level) for level in (96, 128, 160)]], np.uint8)
    for transfer, shown in (
        (16, ((0, 15, 70), (0, 30, 132), (0, 45, 218))),
        (18, ((0, 29, 62), (0, 43, 87), (0, 57, 118))),
    ):
        expected = lab.luminance(np.array([shown], np.uint8))
        np.testing.assert_allclose(lab.luminance(to_srgb(values, ColorEncoding(transfer))), expected, atol=0.5)


@pytest.mark.parametrize("named", [True, False], ids=["code point", "chromaticities"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_wide_primaries_keep_their_lightness(dtype: Depth, named: bool) -> None:
    """LittleCMS converts sRGB to Display P3 with gamma 2.2; its L must be the same again."""
    points = [value for x, y in zip(DISPLAY_P3[2::2], DISPLAY_P3[3::2], strict=True) for value in (x, y, 1.0)]
    profile = imagecodecs.cms_profile("rgb", whitepoint=(*D65, 1.0), primaries=points, gamma=2.2)
    pixels = (picture(60, 80).astype(np.uint32) * 257).astype(np.uint16)
    moved = imagecodecs.cms_transform(
        pixels, icc.srgb_profile(), profile, colorspace="rgb", outcolorspace="rgb", intent=1, flags=0x100
    )
    stored: Pixels = moved if dtype is np.uint16 else ((moved.astype(np.uint32) + 128) // 257).astype(np.uint8)
    encoding = ColorEncoding(primaries=12, gamma=2.2) if named else ColorEncoding(gamma=2.2, chromaticities=DISPLAY_P3)
    difference = np.abs(lab.luminance(to_srgb(stored, encoding)) - rgb2lab(pixels)[..., 0])
    assert difference.mean() < (0.15 if dtype is np.uint8 else 0.05)
    assert difference.max() < (0.6 if dtype is np.uint8 else 0.2)


@pytest.mark.parametrize(("dtype", "unit"), [(np.uint8, 1), (np.uint16, 256)])
def test_a_narrow_range_is_stretched(dtype: Depth, unit: int) -> None:
    values: Pixels = (np.array([[0, 16, 235, 255]], np.uint32) * unit).astype(dtype)
    result = to_srgb(values, ColorEncoding(full_range=False))
    np.testing.assert_array_equal(result, np.array([[0, 0, 1, 1]]) * np.iinfo(dtype).max)


def test_the_logarithmic_curves() -> None:
    """ITU-T H.273, table 3: 100 to 1 and 100 * sqrt(10) to 1."""
    values = np.array([[0, 32768, 65535]], np.uint16)
    for transfer, decades in ((9, 2), (10, 2.5)):
        light = lab.linearize(to_srgb(values, ColorEncoding(transfer)))
        np.testing.assert_allclose(light[0], [0, 10 ** (-decades / 2), 1], rtol=2e-3)


@pytest.mark.parametrize(
    ("encoding", "gray", "rgb"),
    [
        (ColorEncoding(), True, True),
        (ColorEncoding(2, 2), True, True),
        (ColorEncoding(255, 255), True, True),
        (ColorEncoding(13, 12), True, False),
        (ColorEncoding(13, 9), True, False),
        (ColorEncoding(1), False, False),
        (ColorEncoding(gamma=2.2), False, False),
        (ColorEncoding(full_range=False), False, False),
    ],
)
def test_what_is_srgb_already(encoding: ColorEncoding, gray: bool, rgb: bool) -> None:
    assert is_srgb(encoding, gray=True) == gray
    assert is_srgb(encoding, gray=False) == rgb


@pytest.mark.parametrize("points", [(0.0,) * 8, (*D65, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3), (0.3, 0.3, 5, -4, 0, 1, 0, 0)])
def test_impossible_chromaticities_are_refused(points: tuple[float, ...]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  also NumPy's own, of a singular matrix
        to_srgb(np.zeros((2, 2, 3), np.uint8), ColorEncoding(gamma=1.8, chromaticities=points))


@pytest.mark.parametrize("peak", [100, 203, 210, 400, 1000, 4000, 10_000])
def test_tone_mapping_rises_to_white_at_the_peak(peak: float) -> None:
    light = np.linspace(0, 50, 20_001, dtype=np.float32)
    shown = tone_map(light, peak)
    assert (np.diff(shown) >= -1e-6).all()
    assert shown[0] == 0
    assert shown.max() == pytest.approx(1, abs=1e-5)
    assert tone_map(np.array([max(peak, 203) / 203], np.float32), peak)[0] == pytest.approx(1, abs=1e-5)


def test_descriptions() -> None:
    names = [
        describe_encoding(encoding)
        for encoding in (ColorEncoding(16), ColorEncoding(gamma=1.0), ColorEncoding(gamma=1 / 0.55))
    ]
    assert names == ["PQ (HDR)", "linear", "gamma 1.82"]
