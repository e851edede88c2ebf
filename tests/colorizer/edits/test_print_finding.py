"""Prints on a table are found where they lie, and ordinary photographs give no suggestion."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from benchmarks.made_prints import TABLES, make_print
from benchmarks.prints import corner_error
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.edits.geometry import Geometry
from colorizer.edits.print_finding import find_print, find_tint
from colorizer.edits.warping import transform_pixels
from colorizer.picture import Picture
from colorizer.resize import resize

CAT, COFFEE, ROCKET = (np.asarray(each) for each in (data.chelsea(), data.coffee(), data.rocket()))
# Of scikit-image: photographs, surfaces, and a page, whose margin is no border of a print.
ORDINARY = ("chelsea", "coffee", "rocket", "astronaut", "camera", "brick", "grass", "gravel", "coins", "moon", "page")


def tone(gray: Pixels, black: NDArray[Any], white: NDArray[Any]) -> Pixels:
    return np.asarray(np.rint(black + gray[..., np.newaxis] / 255 * (white - black)), np.uint8)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("tilt", [-8.0, 3.0])
def test_a_tilted_print_on_a_table_is_found(table: str, tilt: float) -> None:
    random = np.random.default_rng(3)
    made = make_print(CAT, random, table=table, tilt=tilt, perspective=0.01)
    finding = find_print(Picture(made.pixels))
    assert corner_error(finding, made) < 0.012
    assert finding.confidence >= 0.5
    assert finding.tilt == pytest.approx(tilt, abs=1.0)


def test_the_border_is_cut_off_too_and_the_picture_is_left() -> None:
    made = make_print(COFFEE, np.random.default_rng(1), table="wood", tilt=4.0, border=0.06)
    finding = find_print(Picture(made.pixels))
    assert finding.picture is not None
    cut = transform_pixels(made.pixels, finding.picture)
    height, width = cut.shape[:2]
    light = lab.luminance(cut)
    expected = lab.luminance(resize(COFFEE, width, height))
    assert np.corrcoef(light.ravel(), expected.ravel())[0, 1] > 0.97
    assert max(light[0].std(), light[:, 0].std()) > 2  # no stripe of paper is left


@pytest.mark.parametrize(("paper", "ink"), [(245, 0.8), (8, 1.0)], ids=["white", "black"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_an_upright_border_is_cut_off_without_resampling(
    paper: int, ink: float, dtype: type[np.uint8 | np.uint16]
) -> None:
    gray = (lab.luminance_to_rgb(lab.luminance(CAT))[..., 0] * ink).astype(np.uint8)
    scale = 1 if dtype is np.uint8 else 257
    framed: Pixels = np.asarray(np.pad(gray, ((30, 30), (40, 40)), constant_values=paper).astype(int) * scale, dtype)
    geometry = find_print(Picture(framed)).geometry
    assert geometry.corners is None
    assert geometry.angle == 0
    height, width = framed.shape
    expected = (40 / width, 30 / height, 1 - 40 / width, 1 - 30 / height)
    assert geometry.crop == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_photograph_gives_no_geometry(name: str) -> None:
    finding = find_print(Picture(np.asarray(getattr(data, name)())))
    assert finding.geometry == Geometry()


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (70, 70), (64, 900, 3)])
def test_pictures_without_content_give_nothing(shape: tuple[int, ...]) -> None:
    for value in (0, 128, 255):
        assert find_print(Picture(np.full(shape, value, np.uint8))).geometry == Geometry()


@pytest.mark.parametrize(
    ("black", "white", "expected"),
    [
        ((51, 33, 20), (247, 224, 178), "sepia"),
        ((31, 26, 15), (242, 230, 178), "yellowed"),
        ((10, 20, 60), (200, 220, 250), "tinted"),
        ((5, 5, 5), (250, 250, 250), None),
        ((12, 12, 10), (250, 249, 244), None),  # too little to be seen as a tint
    ],
)
def test_a_tint_is_named(black: tuple[int, ...], white: tuple[int, ...], expected: str | None) -> None:
    gray = lab.luminance_to_rgb(lab.luminance(COFFEE))[..., 0]
    toned = tone(gray, np.array(black), np.array(white))
    noisy = np.clip(toned + np.random.default_rng(0).normal(0, 4, toned.shape), 0, 255).astype(np.uint8)
    assert find_tint(noisy) == expected


@pytest.mark.parametrize("pixels", [CAT, COFFEE, ROCKET, np.asarray(data.camera())], ids=range(4))
def test_colours_and_grey_are_no_tint(pixels: Pixels) -> None:
    assert find_tint(pixels) is None


def test_a_sepia_print_on_a_table_is_cut_out_and_its_tint_is_named() -> None:
    made = make_print(COFFEE, np.random.default_rng(2), table="wood", tone="sepia", tilt=4.0)
    finding = find_print(Picture(made.pixels))
    assert finding.tint == "sepia"
    assert finding.outline is not None
    assert corner_error(finding, made) < 0.012
    assert finding.geometry.corners == finding.outline.corners
