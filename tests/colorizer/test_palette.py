from __future__ import annotations

import re

import numpy as np
import pytest
from skimage import data
from skimage.color import lab2rgb, rgb2lab

from colorizer import Analysis, Restoration, load_colorizer
from colorizer.analysis import MEMORY_COLORS, SUGGESTIONS, suggest_colors
from colorizer.color.lab import lab_to_hex
from colorizer.network.zhang2016 import color_points


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return load_colorizer("compact").analyze(data.astronaut())


def lab_of(color: str) -> np.ndarray:
    rgb = np.array([int(color[start : start + 2], 16) for start in (1, 3, 5)], np.uint8)
    return np.asarray(rgb2lab(rgb.reshape(1, 1, 3))[0, 0])


def test_every_colour_has_its_own_name_and_the_lightness_of_the_point(analysis: Analysis) -> None:
    swatches = suggest_colors(analysis, 0.3, 0.85)
    assert len({swatch.name for swatch in swatches}) == len(swatches) == SUGGESTIONS + len(MEMORY_COLORS)
    light = analysis.luminance[int(0.85 * 512), int(0.3 * 512)]
    for swatch in swatches:
        assert re.fullmatch("#[0-9a-f]{6}", swatch.color)
        assert lab_of(swatch.color)[0] == pytest.approx(light, abs=8)  # colours outside the sRGB gamut are clipped


def test_the_first_is_what_the_network_thinks_likeliest(analysis: Analysis) -> None:
    logits = analysis.prediction.logits
    assert logits is not None
    height, width = logits.shape[1:]
    likeliest = color_points()[logits[:, int(0.85 * height), int(0.3 * width)].argmax()]
    light = float(analysis.luminance[int(0.85 * 512), int(0.3 * 512)])
    assert suggest_colors(analysis, 0.3, 0.85)[0].color == lab_to_hex(light, *likeliest.tolist())


def test_without_the_distribution_the_everyday_colours_remain() -> None:
    analysis = load_colorizer("compact").analyze(data.astronaut(), distribution=False)
    assert [swatch.name for swatch in suggest_colors(analysis, 1, 1)] == list(MEMORY_COLORS)


def test_on_a_border_hidden_from_the_network_the_everyday_colours_remain() -> None:
    picture = np.pad(data.astronaut(), ((60, 60), (60, 60), (0, 0)), constant_values=245)
    analysis = load_colorizer("compact").analyze(picture, restoration=Restoration(crop_border=True))
    assert [swatch.name for swatch in suggest_colors(analysis, 0.01, 0.5)] == list(MEMORY_COLORS)
    assert len(suggest_colors(analysis, 0.5, 0.5)) == SUGGESTIONS + len(MEMORY_COLORS)


@pytest.mark.parametrize("color", [(50, 10, -20), (80, 0, 0), (30, 25, 20)])
def test_a_colour_is_written_as_scikit_image_has_it(color: tuple[float, float, float]) -> None:
    rgb = np.rint(255 * lab2rgb(np.array(color, np.float64).reshape(1, 1, 3)))[0, 0].astype(int)
    written = [int(lab_to_hex(*color)[start : start + 2], 16) for start in (1, 3, 5)]
    assert np.abs(rgb - written).max() <= 1
