from __future__ import annotations

import re

import numpy as np
import pytest
from skimage import data
from skimage.color import lab2rgb, rgb2lab

from colorizer import Study, load_colorizer
from colorizer.analysis import EVERYDAY, SUGGESTIONS, palette
from colorizer.color.lab import hex_colour
from colorizer.network.zhang2016 import colour_points


@pytest.fixture(scope="module")
def study() -> Study:
    return load_colorizer("compact").study(data.astronaut())


def lab_of(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)], np.uint8)
    return np.asarray(rgb2lab(rgb.reshape(1, 1, 3))[0, 0])


def test_every_colour_has_its_own_name_and_the_lightness_of_the_point(study: Study) -> None:
    swatches = palette(study, 0.3, 0.85)
    assert len({swatch.name for swatch in swatches}) == len(swatches) == SUGGESTIONS + len(EVERYDAY)
    light = study.luminance[int(0.85 * 512), int(0.3 * 512)]
    for swatch in swatches:
        assert re.fullmatch("#[0-9a-f]{6}", swatch.colour)
        assert lab_of(swatch.colour)[0] == pytest.approx(light, abs=8)  # what sRGB has not is clipped


def test_the_first_is_what_the_network_thinks_likeliest(study: Study) -> None:
    logits = study.prediction.logits
    assert logits is not None
    height, width = logits.shape[1:]
    likeliest = colour_points()[logits[:, int(0.85 * height), int(0.3 * width)].argmax()]
    light = float(study.luminance[int(0.85 * 512), int(0.3 * 512)])
    assert palette(study, 0.3, 0.85)[0].colour == hex_colour(light, *likeliest.tolist())


def test_without_the_distribution_the_everyday_colours_remain() -> None:
    study = load_colorizer("compact").study(data.astronaut(), distribution=False)
    assert [swatch.name for swatch in palette(study, 1, 1)] == list(EVERYDAY)


def test_on_a_border_hidden_from_the_network_the_everyday_colours_remain() -> None:
    picture = np.pad(data.astronaut(), ((60, 60), (60, 60), (0, 0)), constant_values=245)
    study = load_colorizer("compact").study(picture, crop_border=True)
    assert [swatch.name for swatch in palette(study, 0.01, 0.5)] == list(EVERYDAY)
    assert len(palette(study, 0.5, 0.5)) == SUGGESTIONS + len(EVERYDAY)


@pytest.mark.parametrize("colour", [(50, 10, -20), (80, 0, 0), (30, 25, 20)])
def test_a_colour_is_written_as_scikit_image_has_it(colour: tuple[float, float, float]) -> None:
    rgb = np.rint(255 * lab2rgb(np.array(colour, np.float64).reshape(1, 1, 3)))[0, 0].astype(int)
    written = [int(hex_colour(*colour)[start : start + 2], 16) for start in (1, 3, 5)]
    assert np.abs(rgb - written).max() <= 1
