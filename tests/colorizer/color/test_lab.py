from __future__ import annotations

import tracemalloc

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import lab2rgb, rgb2lab

from colorizer.arrays import Depth, Floats, Pixels
from colorizer.color import lab
from colorizer.color.merge import merge

DEPTHS = (np.uint8, np.uint16)
Doubles = NDArray[np.float64]

every_depth = pytest.mark.parametrize("dtype", DEPTHS, ids=["uint8", "uint16"])
every_channel_count = pytest.mark.parametrize("channels", [1, 3], ids=["grey", "RGB"])


def top(dtype: Depth) -> int:
    return int(np.iinfo(dtype).max)


def all_grays(dtype: Depth) -> Pixels:
    """Every grey value once: (256, 1) or (256, 256)."""
    grays: Pixels = np.arange(top(dtype) + 1).astype(dtype)
    return grays.reshape(256, -1)


def three_equal(gray: Pixels) -> Pixels:
    return np.repeat(gray[..., np.newaxis], 3, axis=2)


def primaries(dtype: Depth) -> Pixels:
    """The eight corners of the RGB cube: (2, 4, 3)."""
    return (np.indices((2, 2, 2)).reshape(3, 2, 4).transpose(1, 2, 0) * top(dtype)).astype(dtype)


def random_colors(dtype: Depth, *, limit: float = 1.0, shape: tuple[int, ...] = (60, 70, 3)) -> Pixels:
    return np.random.default_rng(3).integers(0, int(top(dtype) * limit) + 1, shape).astype(dtype)


def smooth_picture(height: int, width: int, channels: int, dtype: Depth) -> Pixels:
    """Grey (H, W) or RGB (H, W, 3), from nearly black to nearly white."""
    noise = np.random.default_rng(0).uniform(0.02, 0.98, (5, 6, channels)).astype(np.float32)
    values = cv2.resize(noise, (width, height), interpolation=cv2.INTER_LINEAR)
    return (values.reshape((height, width) if channels == 1 else (height, width, 3)) * top(dtype)).astype(dtype)


def random_ab(height: int, width: int, size: float = 30) -> Floats:
    return np.random.default_rng(9).uniform(-size, size, (height, width, 2)).astype(np.float32)


def as_rgb(pixels: Pixels) -> Pixels:
    return three_equal(pixels) if pixels.ndim == 2 else pixels


def true_lightness(pixels: Pixels) -> Doubles:
    return np.asarray(rgb2lab(as_rgb(pixels))[..., 0], np.float64)


def whole(pixels: Pixels, ab: Floats) -> Doubles:
    """Lab (H, W, 3) of the whole picture at once, by other libraries."""
    stretched = cv2.resize(ab, pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR).reshape(*pixels.shape[:2], 2)
    return np.dstack([true_lightness(pixels), stretched])


def in_gamut(colors: Doubles) -> NDArray[np.bool_]:
    """Which Lab colours are inside the sRGB gamut, computed in float64 before any clipping."""
    y = (colors[..., 0] + 16) / 116
    f = np.stack([y + colors[..., 1] / 500, y, y - colors[..., 2] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, (f - 16 / 116) / 7.787) * [0.95047, 1.0, 1.08883]
    matrix = [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
    linear = xyz @ np.linalg.inv(np.array(matrix)).T
    return np.asarray(((linear > 1e-5) & (linear < 1 - 1e-5)).all(axis=-1))


@every_depth
@pytest.mark.parametrize("colors", ["greys", "primaries", "random", "dark"])
def test_lab_agrees_with_scikit_image(colors: str, dtype: Depth) -> None:
    pixels = {
        "greys": three_equal(all_grays(dtype)),
        "primaries": primaries(dtype),
        "random": random_colors(dtype),
        "dark": random_colors(dtype, limit=0.05),
    }[colors]
    expected = rgb2lab(pixels)
    ours = lab.rgb_to_lab(pixels)
    assert ours.shape == pixels.shape
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours[..., 0], expected[..., 0], rtol=0, atol=0.01)
    np.testing.assert_allclose(ours[..., 1:], expected[..., 1:], rtol=0, atol=0.05)
    luminance = lab.luminance(pixels)
    assert luminance.shape == pixels.shape[:2]
    assert luminance.dtype == np.float32
    np.testing.assert_allclose(luminance, expected[..., 0], rtol=0, atol=0.01)


@every_depth
def test_luminance_of_every_grey(dtype: Depth) -> None:
    grays = all_grays(dtype)
    luminance = lab.luminance(grays)
    assert luminance.shape == grays.shape
    assert luminance.dtype == np.float32
    np.testing.assert_allclose(luminance, true_lightness(grays), rtol=0, atol=0.01)
    assert (np.diff(luminance.ravel()) > 0).all()


@pytest.mark.parametrize(("dtype", "bound"), [(np.uint8, 0), (np.uint16, 1)])
def test_to_lab_and_back(dtype: Depth, bound: int) -> None:
    for pixels in (three_equal(all_grays(dtype)), primaries(dtype), random_colors(dtype, shape=(300, 300, 3))):
        back = lab.lab_to_rgb(lab.rgb_to_lab(pixels), dtype)
        assert back.dtype == dtype
        assert back.shape == pixels.shape
        assert np.abs(back.astype(int) - pixels).max() <= bound


def test_colours_outside_srgb_are_clipped() -> None:
    outside = np.array([[[50, -200, 0], [50, 200, 0], [99, 0, 300], [100, 0, -50]]], np.float32)
    for dtype in DEPTHS:
        red, blue = lab.lab_to_rgb(outside, dtype)[0, :, 0], lab.lab_to_rgb(outside, dtype)[0, :, 2]
        assert (red[0], red[1]) == (0, top(dtype))
        assert (blue[2], blue[3]) == (0, top(dtype))


@every_depth
def test_grey_undoes_luminance(dtype: Depth) -> None:
    expected = three_equal(all_grays(dtype))
    for pixels in (all_grays(dtype), expected):
        gray = lab.luminance_to_rgb(lab.luminance(pixels), dtype)
        assert gray.dtype == dtype
        np.testing.assert_array_equal(gray, expected)


@every_depth
@every_channel_count
def test_merge_keeps_lightness_wherever_srgb_holds_the_colour(channels: int, dtype: Depth) -> None:
    pixels, ab = smooth_picture(150, 130, channels, dtype), random_ab(7, 9)
    inside = in_gamut(whole(pixels, ab))
    assert 0.5 < inside.mean() < 1  # both kinds occur
    result = merge(pixels, ab)
    assert result.shape == (150, 130, 3)
    assert result.dtype == dtype
    assert np.abs(true_lightness(result) - true_lightness(pixels))[inside].max() < 1
    assert np.ptp(result.astype(int), axis=2).mean() > top(dtype) / 20  # and it is coloured


@pytest.mark.parametrize(("dtype", "bound", "mean"), [(np.uint8, 1, 0.02), (np.uint16, 3, 0.3)])
@every_channel_count
@pytest.mark.parametrize("ab_size", [(7, 9), (56, 56), (200, 301), (1, 1)])
def test_merge_agrees_with_the_whole_picture_at_once(
    ab_size: tuple[int, int], channels: int, dtype: Depth, bound: int, mean: float
) -> None:
    """The result differs from scikit-image's exact one only by rounding."""
    pixels, ab = smooth_picture(150, 130, channels, dtype), random_ab(*ab_size)
    colors = whole(pixels, ab)
    inside = in_gamut(colors)
    expected = np.rint(lab2rgb(np.where(inside[..., np.newaxis], colors, 50)) * top(dtype))
    difference = np.abs(merge(pixels, ab).astype(np.float64) - expected)[inside]
    assert difference.max() <= bound
    assert difference.mean() <= mean


@every_depth
@every_channel_count
def test_without_colour_the_channels_are_equal(channels: int, dtype: Depth) -> None:
    pixels = smooth_picture(40, 50, channels, dtype)
    result = merge(pixels, np.zeros((7, 9, 2), np.float32))
    np.testing.assert_array_equal(result, three_equal(result[..., 0]))
    if channels == 1:
        np.testing.assert_array_equal(result, three_equal(pixels))
    else:
        np.testing.assert_allclose(true_lightness(result), true_lightness(pixels), rtol=0, atol=0.3)


@every_depth
def test_without_colour_every_grey_survives(dtype: Depth) -> None:
    for grays in (all_grays(dtype), three_equal(all_grays(dtype))):
        result = merge(grays, np.zeros((7, 9, 2), np.float32))
        np.testing.assert_array_equal(result, three_equal(all_grays(dtype)))


@every_depth
@every_channel_count
@pytest.mark.parametrize("strip_pixels", [1, 50, 333])
def test_the_result_does_not_depend_on_the_strips(
    strip_pixels: int, channels: int, dtype: Depth, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels, ab = smooth_picture(97, 50, channels, dtype), random_ab(7, 9)
    expected = merge(pixels, ab)
    monkeypatch.setattr("colorizer.parallel.STRIP_PIXELS", strip_pixels)
    # Not bit for bit, because a matrix product of another size may add in another order.
    difference = np.abs(merge(pixels, ab).astype(int) - expected)
    assert difference.max() <= (1 if dtype is np.uint8 else 3)
    assert (difference > 0).mean() < 0.01


def test_no_seams_between_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("colorizer.parallel.STRIP_PIXELS", 30 * 8)  # strips of 8 rows
    ramp = np.linspace(-15, 15, 5, dtype=np.float32)
    ab = np.ascontiguousarray(np.stack([ramp, ramp], axis=-1)[:, np.newaxis])
    result = merge(np.full((400, 30), 32768, np.uint16), ab).astype(int)
    steps = np.abs(np.diff(result, axis=0)).max(axis=(1, 2))
    assert steps.max() < 2 * np.median(steps[50:350])


@every_depth
@every_channel_count
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (7, 1), (3, 2000), (2000, 3), (20, 30)])
def test_any_size(size: tuple[int, int], channels: int, dtype: Depth) -> None:
    pixels, ab = smooth_picture(*size, channels, dtype), random_ab(56, 56, 10)
    for strength in (0.0, 1.0):
        result = merge(pixels, ab * np.float32(strength))
        assert result.shape == (*size, 3)
        assert result.dtype == dtype
        assert result.flags.c_contiguous
    colors = whole(pixels, ab)
    difference = np.abs(rgb2lab(result) - colors)[in_gamut(colors)]
    assert difference.size
    assert difference[:, 0].max() < 1
    assert np.median(difference) < 1


@pytest.mark.parametrize("axis", [0, 1])
def test_a_step_in_ab_becomes_a_slope(axis: int) -> None:
    step = np.array([[-40, 0], [40, 0]], np.float32).reshape((2, 1, 2) if axis == 0 else (1, 2, 2))
    result = merge(np.full((100, 100), 128, np.uint8), step).astype(int)
    red = result[:, 50, 0] if axis == 0 else result[50, :, 0]
    assert (np.diff(red) >= 0).all()
    assert len(np.unique(red)) > 40
    assert np.diff(red).max() < np.ptp(red) / 10
    np.testing.assert_array_equal(np.unique(red[:25]), red[0])  # and constant beyond the outer samples
    np.testing.assert_array_equal(np.unique(red[75:]), red[-1])


@every_channel_count
def test_a_large_picture_needs_no_float_copy(channels: int) -> None:
    shape = (3000, 4000) if channels == 1 else (3000, 4000, 3)
    pixels, ab = np.full(shape, 100, np.uint8), random_ab(56, 56)
    tracemalloc.start()  # NumPy reports to it, and OpenCV's results are NumPy's
    try:
        merge(pixels, ab)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    float_copy = 3000 * 4000 * 3 * 4
    assert 3000 * 4000 * 3 < peak < 0.6 * float_copy  # the result is a quarter of one


@pytest.mark.parametrize("color", [(50, 10, -20), (80, 0, 0), (30, 25, 20)])
def test_a_colour_is_written_as_scikit_image_has_it(color: tuple[float, float, float]) -> None:
    rgb = np.rint(255 * lab2rgb(np.array(color, np.float64).reshape(1, 1, 3)))[0, 0].astype(int)
    written = [int(lab.lab_to_hex(*color)[start : start + 2], 16) for start in (1, 3, 5)]
    assert np.abs(rgb - written).max() <= 1
