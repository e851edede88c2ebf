"""Colours in a video frame's planes, compared with the exact result in float Lab at full size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.edits.look import Look, apply_look
from colorizer.frames.yuv import YuvColorizer, YuvFrame, copy_gray, shrink_luminance, to_gray_pixels
from tests.support.paths import SAMPLES

ranges = pytest.mark.parametrize("full_range", [False, True], ids=["limited", "full"])


def frame(name: str = "coffee", size: tuple[int, int] = (640, 480), *, full_range: bool = False) -> YuvFrame:
    """A sample as a camera's frame; its chroma is arbitrary."""
    with Image.open(SAMPLES / f"{name}.jpg") as picture:
        gray = np.asarray(picture.convert("L").resize(size))
    planes = YuvFrame.empty(*size, full_range=full_range)
    planes.y[:] = gray if full_range else np.rint(16 + gray * (219 / 255)).astype(np.uint8)
    planes.u[:], planes.v[:] = 77, 200
    return planes


def to_rgb(planes: YuvFrame) -> Floats:
    """The plain BT.601 conversion, with chroma upsampled linearly: (H, W, 3), 0..255, unrounded."""
    size = (planes.width, planes.height)
    y, u, v = (cv2.resize(plane, size).astype(np.float64) for plane in (planes.y, planes.u, planes.v))
    luma_scale, chroma_scale, black = (1.0, 1.0, 0) if planes.full_range else (255 / 219, 255 / 224, 16)
    y, u, v = (y - black) * luma_scale, (u - 128) * chroma_scale, (v - 128) * chroma_scale
    rgb = np.dstack([y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u])
    return np.clip(rgb, 0, 255).astype(np.float32)


@pytest.fixture(scope="module")
def compact() -> Colorizer:
    return load_colorizer("compact")


@ranges
@pytest.mark.parametrize("name", ["coffee", "pagoda", "astronaut"])
@pytest.mark.parametrize(
    ("strength", "most_on_average", "most_at_99_percent", "most", "most_of_light"),
    [(1.0, 0.8, 3.2, 25, 1.0), (1.6, 0.9, 7, 60, 1.7)],
)
def test_the_error_against_the_exact_way(
    compact: Colorizer,
    name: str,
    strength: float,
    most_on_average: float,
    most_at_99_percent: float,
    most: float,
    most_of_light: float,
    full_range: bool,
) -> None:
    """Bounds in levels of RGB and in L. Pixels at sharp edges differ more, most of all outside the sRGB gamut.

    Stronger colours are outside more often, so the bounds depend on the strength.
    """
    source = frame(name, full_range=full_range)
    out = YuvFrame.empty(640, 480, full_range=full_range)
    ab = compact.predict_ab(shrink_luminance(source, compact.spec.side), vividness=0.5)
    YuvColorizer().colorize(source, ab, out, Look(strength=strength))
    exact = merge(to_gray_pixels(source), ab * np.float32(strength))
    shown = to_rgb(out)
    off = np.abs(shown - exact)
    assert off.mean() < most_on_average
    assert np.quantile(off, 0.99) < most_at_99_percent
    assert off.max() < most
    off_light = np.abs(lab.luminance(np.rint(shown).astype(np.uint8)) - lab.luminance(to_gray_pixels(source)))
    assert off_light.mean() < 0.25
    assert np.quantile(off_light, 0.99) < most_of_light
    assert np.ptp(exact.astype(int), axis=2).mean() > 2, "expected colour in the result"


@ranges
@pytest.mark.parametrize("warmth", [-1.0, 0.8])
def test_warmth_acts_on_frames_as_on_photographs(compact: Colorizer, warmth: float, full_range: bool) -> None:
    source, look = frame(full_range=full_range), Look(strength=0.8, warmth=warmth)
    out = YuvFrame.empty(640, 480, full_range=full_range)
    ab = compact.predict_ab(shrink_luminance(source, compact.spec.side))
    pixels = to_gray_pixels(source)
    exact, plain = merge(pixels, apply_look(ab, lab.luminance(pixels), look)), merge(pixels, ab * np.float32(0.8))
    YuvColorizer().colorize(source, ab, out, look)
    assert np.abs(to_rgb(out) - exact).mean() < 0.8
    assert np.abs(plain.astype(int) - exact).mean() > 2, "expected a difference that warmth makes"


@ranges
def test_no_strength_is_exactly_grey(full_range: bool) -> None:
    source = frame(full_range=full_range)
    painted, grayed = (YuvFrame.empty(640, 480, full_range=full_range) for _ in range(2))
    YuvColorizer().colorize(source, np.full((56, 56, 2), 40, np.float32), painted, Look(strength=0))
    copy_gray(source, grayed)
    for out in (painted, grayed):
        np.testing.assert_array_equal(out.y, source.y)
        assert (out.u == 128).all()
        assert (out.v == 128).all()


def test_the_source_is_not_changed() -> None:
    source = frame()
    before = source.y.copy(), source.u.copy(), source.v.copy()
    YuvColorizer().colorize(source, np.full((56, 56, 2), 40, np.float32), YuvFrame.empty(640, 480))
    for plane, was in zip((source.y, source.u, source.v), before, strict=True):
        np.testing.assert_array_equal(plane, was)


@pytest.mark.parametrize("size", [(320, 240), (1280, 720), (641, 481), (2, 2)])
def test_any_size_and_the_next_one_too(size: tuple[int, int]) -> None:
    yuv_colorizer, ab = YuvColorizer(), np.full((56, 56, 2), 30, np.float32)
    for width, height in (size, (64, 48), size):
        source, out = frame(size=(width, height)), YuvFrame.empty(width, height)
        yuv_colorizer.colorize(source, ab, out)
        expected = merge(to_gray_pixels(source), ab)
        assert np.abs(to_rgb(out) - expected).mean() < 4  # at odd and tiny sizes, chroma is shifted by half a pixel


def test_padded_rows_are_painted_in_place() -> None:
    """Decoders pad the rows, and the planes are views of that memory."""
    source, wide = frame(), np.zeros((480, 704), np.uint8)
    halves = [np.zeros((240, 384), np.uint8) for _ in range(2)]
    out = YuvFrame(wide[:, :640], halves[0][:, :320], halves[1][:, :320])
    plain, ab = YuvFrame.empty(640, 480), np.full((56, 56, 2), 30, np.float32)
    YuvColorizer().colorize(source, ab, out)
    YuvColorizer().colorize(source, ab, plain)
    for padded, whole in zip((out.y, out.u, out.v), (plain.y, plain.u, plain.v), strict=True):
        np.testing.assert_array_equal(padded, whole)
    assert not wide[:, 640:].any()


def test_luminance_of_black_and_white() -> None:
    for full_range, black, white in ((False, 16, 235), (True, 0, 255)):
        for level, expected in ((black, 0.0), (white, 100.0)):
            planes = YuvFrame.empty(64, 64, full_range=full_range)
            planes.y[:] = level
            small = shrink_luminance(planes, 32)
            assert small.shape == (32, 32)
            assert small.dtype == np.float32
            np.testing.assert_allclose(small, expected, atol=0.01)


def test_small_luminance_is_what_the_photo_way_sees() -> None:
    source = frame()
    pixels: Pixels = to_gray_pixels(source)
    small = np.asarray(cv2.resize(lab.luminance(pixels), (224, 224), interpolation=cv2.INTER_AREA))
    assert np.abs(shrink_luminance(source, 224) - small).mean() < 0.5
