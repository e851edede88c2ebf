"""The steps of the lesson, compared with scikit-image and SciPy, for both networks."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps
from scipy.special import softmax
from skimage import data
from skimage.color import rgb2lab
from skimage.transform import resize

from colorizer import MODELS, Colorizer, images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color.tint import Coloring
from colorizer.network.predictor import Predictor
from colorizer.network.zhang2016 import color_points
from colorizer.picture import Picture
from dashboard.lesson.lesson import CELL_PIXELS, FALSE_LIGHTNESS, LESSON_SIDE, Lesson
from tests.conftest import THIN
from tests.support.paths import SAMPLES


@pytest.fixture(scope="module")
def photograph() -> Pixels:
    return np.asarray(data.astronaut(), np.uint8)


@pytest.fixture(scope="module", params=["compact", "zhang2016"])
def colorizer(request: pytest.FixtureRequest, thin_caffemodel: Path) -> Colorizer:
    if request.param == "compact":
        return load_colorizer("compact")
    return Colorizer(Predictor(MODELS["zhang2016"], thin_caffemodel, divisor=THIN))


def lesson_of(pixels: Pixels, alpha: Pixels | None = None) -> Lesson:
    return Lesson.from_picture("here", "picture", Picture(pixels, alpha))


def decode_picture(encoded: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(encoded)) as picture:
        return np.asarray(picture.convert("RGB"))


def test_a_colour_picture_is_split_into_its_own_l_a_and_b(photograph: Pixels) -> None:
    expected = rgb2lab(photograph)
    light, a, b = (rgb2lab(decode_picture(plane)) for plane in lesson_of(photograph).planes)
    assert np.abs(light[..., 0] - expected[..., 0]).mean() < 1
    # Only for colours in the gamut at that lightness, and with the errors of 8 bits and JPEG.
    shown = np.hypot(expected[..., 1], expected[..., 2]) < 30
    for plane, channel in ((a, 1), (b, 2)):
        assert np.abs(plane[shown, channel] - expected[shown, channel]).mean() < 1.5
        assert np.abs(plane[shown, 3 - channel]).mean() < 1.5
        assert np.abs(plane[shown, 0] - FALSE_LIGHTNESS).mean() < 1


def test_its_true_colours_are_known_and_counted(photograph: Pixels) -> None:
    truth = lesson_of(photograph).truth
    assert truth is not None
    assert truth.counts.sum() == photograph[..., 0].size
    expected = resize(rgb2lab(photograph)[..., 1:], truth.ab.shape[:2], order=1, anti_aliasing=True)
    assert np.abs(truth.ab - expected).mean() < 1


@pytest.mark.parametrize("kind", ["one channel", "three channels", "nearly"])
def test_a_grey_picture_has_no_true_colours(photograph: Pixels, kind: str) -> None:
    gray = np.asarray(Image.fromarray(photograph).convert("L"), np.uint8)
    pixels = gray if kind == "one channel" else np.dstack([gray] * 3)
    if kind == "nearly":  # the noise of a scan, one red spot
        pixels = np.clip(pixels + np.random.default_rng(0).integers(-1, 2, pixels.shape), 0, 255).astype(np.uint8)
        pixels[:10, :10] = (200, 30, 30)
    lesson = lesson_of(pixels)
    assert lesson.truth is None
    if kind != "nearly":
        for plane in lesson.planes[1:]:
            assert np.ptp(decode_picture(plane), axis=-1).max() <= 1


def test_the_brown_of_a_sepia_print_is_not_its_true_colour(photograph: Pixels) -> None:
    sepia = ImageOps.colorize(Image.fromarray(photograph).convert("L"), (36, 24, 14), (240, 222, 190))
    lesson = lesson_of(np.asarray(sepia, np.uint8))
    assert (lesson.coloring, lesson.truth) == (Coloring.TINTED, None)
    assert lesson_of(photograph).coloring is Coloring.COLORED


def test_a_large_picture_is_kept_small_and_its_transparency_laid_over_white() -> None:
    pixels = np.zeros((1500, 3000), np.uint8)
    alpha = np.full_like(pixels, 255)
    alpha[:, :1500] = 0
    lesson = lesson_of(pixels, alpha)
    assert (lesson.picture.width, lesson.picture.height) == (LESSON_SIDE, LESSON_SIDE // 2)
    assert decode_picture(lesson.planes[0])[200, 100].tolist() == [255, 255, 255]
    assert lesson.picture.alpha is None


def test_the_network_is_shown_lightness_at_its_own_size(colorizer: Colorizer, photograph: Pixels) -> None:
    network_input = decode_picture(lesson_of(photograph).run_model(colorizer).network_input)
    assert network_input.shape == (224, 224, 3)
    assert np.ptp(network_input, axis=-1).max() == 0
    expected = rgb2lab(resize(photograph, (224, 224), order=1, anti_aliasing=True))[..., 0]
    assert np.abs(rgb2lab(network_input)[..., 0] - expected).mean() < 2


def test_the_network_runs_once_whatever_follows(
    colorizer: Colorizer, photograph: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Mock(side_effect=colorizer.predict)
    monkeypatch.setattr(colorizer, "predict", counted)
    lesson = lesson_of(photograph)
    for temperature, point in ((0.38, (0.5, 0.5)), (1.0, (0.1, 0.9)), (0.38, (1.0, 0.0))):
        lesson.aim(point)
        lesson.run_model(colorizer)
        lesson.result(colorizer.spec.name, temperature)
        lesson.spot(colorizer.spec.name, temperature)
    assert counted.call_count == 1


@pytest.mark.parametrize("temperature", [1.0, 0.38, 0.02])
def test_a_spot_has_the_networks_own_distribution(colorizer: Colorizer, photograph: Pixels, temperature: float) -> None:
    lesson = lesson_of(photograph)
    scores = lesson.run_model(colorizer).prediction.scores
    lesson.aim((0.3, 0.85))
    spot = lesson.spot(colorizer.spec.name, temperature)
    assert (spot.row, spot.column) == (int(0.85 * 56), int(0.3 * 56))
    expected = softmax(scores[:, spot.row, spot.column].astype(np.float64) / temperature)
    np.testing.assert_allclose(spot.probabilities, expected, rtol=2e-3, atol=1e-6)
    np.testing.assert_allclose(spot.mean, expected @ color_points(), atol=0.05)
    cell = rgb2lab(photograph)[438:448, 146:156].reshape(-1, 3).mean(0)  # of the pixels under it
    assert spot.truth is not None
    assert np.abs(spot.truth - cell[1:]).max() < 4
    assert abs(spot.lightness - cell[0]) < 4


def test_the_result_goes_from_dull_to_vivid_with_its_own_lightness(colorizer: Colorizer) -> None:
    pixels = images.decode((SAMPLES / "dahlia.jpg").read_bytes()).pixels
    lesson = lesson_of(pixels)
    lesson.run_model(colorizer)
    results = [lesson.result(colorizer.spec.name, temperature) for temperature in (1.0, 0.38, 0.02)]
    assert results[0].chroma < results[1].chroma < results[2].chroma
    pictures = [rgb2lab(decode_picture(result.colorized)) for result in results]
    assert np.abs(pictures[0][..., 0] - rgb2lab(np.dstack([pixels] * 3))[..., 0]).mean() < 1
    if colorizer.spec.name == "compact":  # random weights give colours outside the gamut
        network_input = [np.hypot(picture[..., 1], picture[..., 2]).mean() for picture in pictures]
        assert network_input[0] < network_input[1] < network_input[2]


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.jpg")), ids=lambda path: path.stem)
def test_colours_differ_least_at_the_highest_temperature(sample: Path) -> None:
    """Lower ones are nearer to the likeliest colour, which may be grey, so the spread does not grow all the way."""
    lesson = lesson_of(images.decode(sample.read_bytes()).pixels)
    lesson.run_model(load_colorizer("compact"))
    spreads = [lesson.result("compact", temperature).spread for temperature in (1.0, 0.38, 0.02)]
    assert spreads[0] < min(spreads[1:])


def test_colour_alone_is_shown_as_the_network_gave_it_and_stretched(photograph: Pixels) -> None:
    colorizer = load_colorizer("compact")
    lesson = lesson_of(photograph[:400])
    ab = (softmax(lesson.run_model(colorizer).prediction.scores / 0.38, axis=0).T @ color_points()).transpose(1, 0, 2)
    result = lesson.result("compact", 0.38)
    cells = decode_picture(result.cells)
    assert cells.shape == (56 * CELL_PIXELS, 56 * CELL_PIXELS, 3)
    small = rgb2lab(cells[::CELL_PIXELS, ::CELL_PIXELS])
    assert np.abs(small[..., 1:] - ab).mean() < 0.5
    assert np.abs(small[..., 0] - FALSE_LIGHTNESS).max() < 3  # outside the sRGB gamut, clipping changes the lightness
    stretched = rgb2lab(decode_picture(result.stretched))
    assert stretched.shape[:2] == (400, 512)
    assert np.abs(stretched[..., 1:] - resize(ab, (400, 512), order=1)).mean() < 1


def test_the_last_result_is_kept_and_each_model_and_temperature_has_its_own(photograph: Pixels) -> None:
    colorizer = load_colorizer("compact")
    lesson = lesson_of(photograph)
    lesson.answers["other"] = replace(lesson.run_model(colorizer))
    first = lesson.result("compact", 0.38)
    lesson.aim((0.1, 0.1))
    assert lesson.result("compact", 0.38) is first
    assert lesson.result("compact", 0.5) is not first
    assert lesson.result("other", 0.5).model == "other"


def test_what_the_network_gave_a_grey_picture_is_counted(photograph: Pixels) -> None:
    gray = np.asarray(Image.fromarray(photograph).convert("L"), np.uint8)
    assert lesson_of(gray).run_model(load_colorizer("compact")).counts.sum() == 56 * 56
