from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data, exposure

from colorizer import Restoration
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.edits.restoration import WHOLE, find_picture_part, restore

every_depth = pytest.mark.parametrize("dtype", [np.uint8, np.uint16], ids=["uint8", "uint16"])
SEPIA = np.array([[0.25, 0.18, 0.12], [0.95, 0.86, 0.66]])  # R, G, B of the faded black and white


def camera(dtype: type[np.uint8 | np.uint16] = np.uint8) -> Pixels:
    """A grey photograph (512, 512) that uses its range."""
    gray = np.asarray(exposure.rescale_intensity(data.camera(), in_range=(5, 230)), np.uint8)
    return gray if dtype is np.uint8 else gray.astype(np.uint16) * 257


def fade(gray: Pixels, ends: NDArray[np.float64] = SEPIA) -> Pixels:
    """Fade grey (H, W) so that black and white become the colours `ends` (2, 3): RGB of the same dtype."""
    top = np.iinfo(gray.dtype).max
    share = gray[..., np.newaxis] / top
    return np.asarray(np.rint((ends[0] + share * (ends[1] - ends[0])) * top), gray.dtype)


def spread_of_channels(pixels: Pixels) -> float:
    """The mean difference between the channels, as a share of the range."""
    return float(np.ptp(pixels.astype(np.float64), axis=2).mean() / np.iinfo(pixels.dtype).max)


@every_depth
def test_without_care_the_very_same_pixels_come_back(dtype: type[np.uint8 | np.uint16]) -> None:
    pixels = fade(camera(dtype))
    assert restore(pixels, Restoration()) is pixels
    assert restore(pixels, Restoration(crop_border=True)) is pixels


@every_depth
def test_unfade_takes_the_tint_away(dtype: type[np.uint8 | np.uint16]) -> None:
    pixels = fade(camera(dtype))
    result = restore(pixels, Restoration(unfade=True))
    assert result.dtype == pixels.dtype
    assert spread_of_channels(pixels) > 0.15
    assert spread_of_channels(result) < 0.01


@every_depth
def test_unfade_and_levels_bring_the_picture_back(dtype: type[np.uint8 | np.uint16]) -> None:
    gray = camera(dtype)
    off = [
        np.abs(lab.luminance(pixels) - lab.luminance(gray)).mean()
        for pixels in (fade(gray), restore(fade(gray), Restoration(unfade=True, levels=True)))
    ]
    assert off[0] > 8
    assert off[1] < 1


@every_depth
def test_unfade_leaves_a_grey_picture_alone(dtype: type[np.uint8 | np.uint16]) -> None:
    gray = camera(dtype) // 2
    assert restore(gray, Restoration(unfade=True)) is gray
    rgb = np.repeat(gray[..., np.newaxis], 3, axis=2)
    assert np.abs(restore(rgb, Restoration(unfade=True)).astype(np.int32) - rgb).max() <= 1


def test_levels_agree_with_scikit_image_on_grey() -> None:
    gray = np.asarray(60 + camera() // 3, np.uint8)
    low, high = np.percentile(gray, (0.5, 99.5))
    expected = exposure.rescale_intensity(gray, in_range=(low, high), out_range=(0, 255))
    assert np.abs(restore(gray, Restoration(levels=True)).astype(float) - expected).max() <= 1


def test_levels_stretch_all_channels_alike() -> None:
    pixels = fade(camera())
    result = restore(pixels, Restoration(levels=True)).astype(float)
    middle = (result > 5).all(axis=2) & (result < 250).all(axis=2)
    ratios = [np.ptp(result[middle][:, channel]) / np.ptp(pixels[middle][:, channel]) for channel in range(3)]
    assert np.allclose(ratios, ratios[0], rtol=0.05)
    assert lab.luminance(np.asarray(result, np.uint8)).min() < 5


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_picture_of_one_value_stays(value: int) -> None:
    flat = np.full((20, 30, 3), value, np.uint8)
    assert np.array_equal(restore(flat, Restoration(unfade=True, levels=True)), flat)


def test_a_channel_that_is_nearly_gone_is_not_blown_up() -> None:
    pixels = fade(camera(), np.array([[0.1, 0.1, 0.50], [0.9, 0.9, 0.51]]))
    blue = restore(pixels, Restoration(unfade=True))[..., 2]
    assert np.ptp(blue) <= np.ptp(pixels[..., 2]) + 1


def add_frame(margins: tuple[int, int, int, int], *, paper: float = 236, noise: float = 2) -> Pixels:
    """The photograph within paper: margins left, top, right and bottom in pixels."""
    left, top, right, bottom = margins
    paper_pixels = np.random.default_rng(6).normal(paper, noise, (512 + top + bottom, 512 + left + right))
    paper_pixels[top : top + 512, left : left + 512] = camera()
    return np.asarray(np.clip(np.rint(paper_pixels), 0, 255), np.uint8)


@pytest.mark.parametrize("margins", [(20, 20, 20, 20), (40, 20, 40, 90), (6, 8, 10, 12)])
@pytest.mark.parametrize("paper", [200, 236, 255])
def test_the_border_of_a_print_is_found(margins: tuple[int, int, int, int], paper: float) -> None:
    left, top, _, _ = margins
    rows, columns = find_picture_part(lab.luminance(add_frame(margins, paper=paper)))
    expected = (top, top + 512, left, left + 512)
    found = (rows.start, rows.stop, columns.start, columns.stop)
    assert np.abs(np.subtract(found, expected)).max() <= 3


def test_dust_hides_no_border() -> None:
    pixels = add_frame((20, 20, 20, 20))
    dust = np.random.default_rng(7).random(pixels.shape) < 0.01
    rows, columns = find_picture_part(lab.luminance(np.where(dust, 40, pixels).astype(np.uint8)))
    assert (rows.start, columns.start) == pytest.approx((20, 20), abs=3)


@pytest.mark.parametrize(
    "pixels",
    [
        camera(),
        add_frame((0, 60, 0, 0), paper=240),  # a light sky, along one side only
        add_frame((20, 20, 20, 20), paper=30),  # a dark frame
        add_frame((300, 300, 300, 300)),  # more paper than picture
        np.full((60, 80), 250, np.uint8),
        np.full((1, 1), 250, np.uint8),
    ],
    ids=["no border", "sky", "dark", "too wide", "blank", "one pixel"],
)
def test_what_is_no_border_is_left_to_the_network(pixels: Pixels) -> None:
    assert find_picture_part(lab.luminance(pixels)) == WHOLE


def test_paper_has_no_say_in_the_levels() -> None:
    dark = np.asarray(add_frame((60, 60, 60, 60)), np.uint8)
    dark[60:-60, 60:-60] //= 2
    assert np.percentile(restore(dark, Restoration(levels=True))[60:-60, 60:-60], 99.5) > 240
