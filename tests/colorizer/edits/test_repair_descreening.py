"""The dots of a halftone are found and taken out; a picture without them stays as it is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data
from skimage.metrics import peak_signal_noise_ratio

from colorizer import Restoration
from colorizer.arrays import Pixels
from colorizer.edits.descreening import descreen, find_screen, make_low_pass
from colorizer.edits.restoration import restore

every_depth = pytest.mark.parametrize("dtype", [np.uint8, np.uint16], ids=["uint8", "uint16"])


def halftone(gray: Pixels, period: float, degrees: float = 45.0) -> Pixels:
    """Dots whose area follows the picture's darkness, drawn four times finer and scanned."""
    large = cv2.resize(gray, None, fx=4, fy=4).astype(float) / 255
    y, x = np.mgrid[: large.shape[0], : large.shape[1]] * (2 * np.pi / (4 * period))
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    spot = (np.cos(x * c + y * s) + np.cos(y * c - x * s)) / 4 + 0.5
    rank = np.searchsorted(np.sort(spot[:200, :200], axis=None), spot) / 200**2
    ink = cv2.GaussianBlur((rank > large).astype(np.float32), (0, 0), 2)
    return np.asarray(np.rint(235 - 210 * cv2.resize(ink, gray.shape[::-1], interpolation=cv2.INTER_AREA)), np.uint8)


def toned(gray: Pixels) -> Pixels:
    return np.asarray(np.rint(25 + 210 * (gray / 255)), np.uint8)


@pytest.mark.parametrize(("period", "degrees"), [(3.2, 45), (4.5, 40), (7, 52), (12, 45)])
def test_a_screen_is_found_and_taken_out(period: float, degrees: float) -> None:
    gray = data.camera()[100:356, 100:400]
    printed = halftone(gray, period, degrees)
    assert find_screen(printed) == pytest.approx(1 / period, rel=0.06)
    before, after = (peak_signal_noise_ratio(toned(gray), each) for each in (printed, descreen(printed)))
    assert after > before + 5


@every_depth
@pytest.mark.parametrize("channels", [1, 3])
def test_every_kind_of_pixels(dtype: type[np.uint8 | np.uint16], channels: int) -> None:
    printed = halftone(data.camera()[:300, :280], 5)
    pixels = printed if dtype is np.uint8 else printed.astype(np.uint16) * 257
    pixels = pixels if channels == 1 else np.repeat(pixels[..., np.newaxis], 3, axis=2)
    result = restore(pixels, Restoration(descreen=True))
    assert (result.dtype, result.shape) == (pixels.dtype, pixels.shape)
    small = np.rint(result / (np.iinfo(dtype).max / 255)).reshape(300, 280, channels)
    assert np.abs(small - descreen(printed)[..., np.newaxis]).max() <= 1


@pytest.mark.parametrize("name", ["camera", "brick", "grass", "gravel", "page", "text", "coins", "moon"])
def test_without_a_screen_the_very_same_pixels_come_back(name: str) -> None:
    pixels = getattr(data, name)()
    assert descreen(pixels) is pixels


@pytest.mark.parametrize("quality", [10, 40, 90])
def test_the_blocks_of_jpeg_are_no_screen(quality: int) -> None:
    coded = cv2.imencode(".jpg", data.camera(), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    assert find_screen(np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)) is None


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (130, 140), (300, 260)])
def test_noise_of_any_size_is_no_screen(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    assert find_screen(noise) is None
    assert find_screen(np.full(shape, 7, np.uint16)) is None


@pytest.mark.parametrize("frequency", [0.06, 0.2, 0.4])
def test_the_filter_keeps_levels_and_stops_the_screen(frequency: float) -> None:
    kernel = make_low_pass(frequency)
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    reach = np.arange(len(kernel)) - len(kernel) // 2
    for degrees in (0, 20, 45):
        phase = (
            2 * np.pi * frequency * (reach * np.cos(np.radians(degrees)) + reach[:, None] * np.sin(np.radians(degrees)))
        )
        assert abs((kernel * np.exp(1j * phase)).sum()) < 0.06
        assert abs((kernel * np.exp(0.25j * phase)).sum()) > 0.95
