"""Grey, tinted and coloured pictures are told apart; scikit-image has the photographs, Pillow makes the prints."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from skimage import data

from colorizer.arrays import Pixels
from colorizer.color.tint import Coloring, find_coloring, has_colors

INKS = {"sepia": ((36, 24, 14), (240, 222, 190)), "cyanotype": ((10, 30, 80), (230, 240, 250))}


def gray() -> Image.Image:
    return Image.fromarray(data.camera()).resize((160, 160))


def toned(ink: str) -> Pixels:
    """A print of one ink, with the noise of a scan."""
    print_ = np.asarray(ImageOps.colorize(gray(), *INKS[ink]), np.int16)
    noise = np.random.default_rng(0).integers(-6, 7, print_.shape)
    return np.asarray(np.clip(print_ + noise, 0, 255), np.uint8)


@pytest.mark.parametrize("ink", INKS)
def test_a_print_of_one_ink_is_tinted(ink: str) -> None:
    assert find_coloring(toned(ink)) is Coloring.TINTED
    assert not has_colors(toned(ink))


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
def test_a_photograph_in_colour_is_coloured(name: str) -> None:
    pixels = np.asarray(Image.fromarray(getattr(data, name)()).resize((160, 120)), np.uint8)
    assert find_coloring(pixels) is Coloring.COLORED
    assert find_coloring(pixels.astype(np.uint16) * 257) is Coloring.COLORED


def test_a_grey_picture_with_a_flower_in_it_is_no_print_of_one_ink() -> None:
    pixels = np.dstack([np.asarray(gray())] * 3)
    pixels[100:125, 100:125] = (200, 30, 60)  # 2.4 % of it
    assert find_coloring(pixels) is Coloring.COLORED


@given(st.integers(0, 255), st.integers(1, 40), st.integers(1, 40))
def test_grey_is_grey_in_one_channel_or_three(level: int, height: int, width: int) -> None:
    pixels = np.full((height, width), level, np.uint8)
    assert find_coloring(pixels) is Coloring.GRAY
    assert find_coloring(np.dstack([pixels] * 3)) is Coloring.GRAY
