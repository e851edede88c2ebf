"""Colours from a reference: matches are found, agreement is counted, and what does not fit changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

from colorizer import Colorizer, InvalidImage, load_colorizer
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.edits.reference import GRID, Reference, SoftHints, cells, coherence, match, shrink_reference

PLACES = np.arange(GRID**2).reshape(GRID, GRID)


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return load_colorizer("compact")


def random_features(seed: int) -> list[Floats]:
    random = np.random.default_rng(seed)
    return [random.normal(size=(40, side, side)).astype(np.float32) for side in (GRID, GRID // 2)]


def random_colors(seed: int) -> Floats:
    return np.random.default_rng(seed).normal(0, 30, (GRID, GRID, 2)).astype(np.float32)


def reference_of(features: list[Floats], colors: Floats) -> Reference:
    views = [[cells(np.ascontiguousarray(feature[..., ::step])) for feature in features] for step in (1, -1)]
    return Reference((views[0], views[1]), (colors, np.ascontiguousarray(colors[:, ::-1])))


def mean_error(found: Pixels, truth: Pixels) -> float:
    return float(np.square(found.astype(np.float64) - truth).mean())


@given(seed=st.integers(0, 2**16), is_mirrored=st.booleans())
@settings(max_examples=8, deadline=None)
def test_the_same_features_take_the_colours_of_their_own_places(seed: int, is_mirrored: bool) -> None:
    features, colors = random_features(seed), random_colors(seed)
    reference = reference_of(features, colors)
    seen = [np.ascontiguousarray(feature[..., :: -1 if is_mirrored else 1]) for feature in features]
    found = match(seen, reference)
    assert np.abs(found.ab - reference.ab[is_mirrored]).mean() < 2
    assert found.weight.min() > 0.9


@given(seed=st.integers(0, 2**16))
@settings(max_examples=8, deadline=None)
def test_features_with_nothing_in_common_count_for_nothing(seed: int) -> None:
    found = match(random_features(seed), reference_of(random_features(seed + 1), random_colors(seed)))
    assert found.weight.max() < 0.15
    assert np.abs(found.ab).max() <= np.abs(random_colors(seed)).max()


@given(down=st.integers(-6, 6), right=st.integers(-6, 6))
def test_matches_that_move_as_a_whole_agree(down: int, right: int) -> None:
    rows, columns = np.indices((GRID, GRID))
    inside = (rows + down >= 0) & (rows + down < GRID) & (columns + right >= 0) & (columns + right < GRID)
    moved = np.clip(rows + down, 0, GRID - 1) * GRID + np.clip(columns + right, 0, GRID - 1)
    agreement = coherence(moved)
    assert agreement.shape == (GRID, GRID)
    assert agreement[inside].min() > 0.3
    assert np.median(agreement[inside]) == 1


def test_scattered_matches_do_not_agree() -> None:
    scattered = np.random.default_rng(3).permutation(PLACES.ravel()).reshape(PLACES.shape)
    assert coherence(scattered).mean() < 0.1
    assert coherence(PLACES).min() == 1
    assert coherence(np.zeros((1, 1), np.intp)) == 0


def test_soft_hints_pull_as_far_as_their_weight_says() -> None:
    wanted = np.full((4, 6, 2), 20, np.float32)
    weight = np.linspace(0, 1, 24, dtype=np.float32).reshape(4, 6)
    change = SoftHints(wanted, weight).pull(np.full((40, 60, 2), 10, np.float32))
    assert np.allclose(change, 10 * weight[..., np.newaxis])


def test_a_photograph_gets_its_colours_back_from_a_mirrored_crop_of_itself(colorizer: Colorizer) -> None:
    photograph = np.asarray(data.chelsea(), np.uint8)
    reference = colorizer.make_reference(np.ascontiguousarray(photograph[30:, 40:][:, ::-1]))
    gray = lab.luminance_to_rgb(lab.luminance(photograph))
    without, found = (colorizer.analyze(gray, reference=each).colorize() for each in (None, reference))
    assert mean_error(found, photograph) < 0.5 * mean_error(without, photograph)


def test_an_unrelated_reference_does_no_harm(colorizer: Colorizer) -> None:
    photograph = np.asarray(data.chelsea(), np.uint8)
    reference = colorizer.make_reference(np.asarray(data.coffee(), np.uint8))
    without, found = (colorizer.analyze(photograph, reference=each).colorize() for each in (None, reference))
    assert mean_error(found, photograph) < 10**0.02 * mean_error(without, photograph)  # 0.2 dB


def test_a_grey_reference_is_refused(colorizer: Colorizer) -> None:
    for gray in (np.full((30, 40), 90, np.uint8), np.full((30, 40, 3), 90, np.uint8)):
        with pytest.raises(InvalidImage, match="expected a reference with colours"):
            colorizer.make_reference(gray)


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 600, 3), (500, 2, 3)])
def test_any_shape_is_coloured_by_any_shape(shape: tuple[int, ...], colorizer: Colorizer) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    found = colorizer.analyze(pixels, reference=colorizer.make_reference(pixels)).colorize()
    assert found.shape == pixels.shape


def test_the_noise_of_a_grey_scan_is_no_colour(colorizer: Colorizer) -> None:
    gray = np.dstack([np.asarray(data.camera(), np.int16)] * 3)
    noisy = np.clip(gray + np.random.default_rng(2).integers(-2, 3, gray.shape), 0, 255).astype(np.uint8)
    with pytest.raises(InvalidImage, match="expected a reference with colours"):
        colorizer.make_reference(noisy)


def test_transparent_places_of_a_reference_have_no_say(colorizer: Colorizer) -> None:
    photograph = np.asarray(data.coffee()[::2, ::2], np.uint8)
    shown = np.full((*photograph.shape[:2], 1), 255, np.uint8)
    shown[:, :150] = 0

    def cut_out(hidden: Sequence[int]) -> Pixels:
        return np.dstack([np.where(shown > 0, photograph, np.array(hidden, np.uint8)), shown])

    def colorize(reference: Pixels) -> Pixels:
        return colorizer.colorize(photograph, reference=colorizer.make_reference(reference))

    dark, red = cut_out((0, 0, 0)), cut_out((255, 0, 0))
    found = colorize(dark)
    assert np.array_equal(found, colorize(red.astype(np.uint16) * 257))  # whatever is hidden, at any depth
    assert mean_error(found, photograph) < mean_error(colorize(np.ascontiguousarray(red[..., :3])), photograph)
    small = shrink_reference(red)
    assert np.array_equal(shrink_reference(small), small)
    whole = np.dstack([photograph, np.full_like(shown, 255)])
    assert np.array_equal(shrink_reference(whole), shrink_reference(photograph))
