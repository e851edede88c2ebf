"""A hint colours its region and no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse.linalg import splu

from colorizer import Hint, Stroke
from colorizer.arrays import Floats
from colorizer.edits.hints import AnyHint
from colorizer.edits.propagation import HintPropagator

SIDE = 200
BAND = 4  # pixels either side of an edge, where the picture itself mixes both regions
RED = (50.0, 30.0)
BLUE = (10.0, -60.0)


def disc(*, inside: float, outside: float) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """L (SIDE, SIDE) with a disc in the middle, and masks of the pixels clearly inside and clearly outside."""
    rows, columns = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    radius = np.hypot(rows, columns)
    luminance = np.where(radius < SIDE / 4, inside, outside).astype(np.float32)
    return luminance, radius < SIDE / 4 - BAND, radius > SIDE / 4 + BAND


def change(luminance: Floats, *hints: AnyHint) -> Floats:
    """The chroma that the hints bring to a grey prediction: (SIDE, SIDE, 2)."""
    return HintPropagator(luminance).propagate(np.zeros((*luminance.shape, 2), np.float32), hints)


def length(ab: Floats) -> Floats:
    return np.asarray(np.hypot(ab[..., 0], ab[..., 1]), np.float32)


@pytest.mark.parametrize(("inside", "outside"), [(60, 35), (30, 80), (95, 70)])
def test_a_hint_fills_its_region_and_stays_in_it(inside: float, outside: float) -> None:
    luminance, within, beyond = disc(inside=inside, outside=outside)
    spread = change(luminance, Hint(0.5, 0.5, RED))
    assert np.allclose(spread[SIDE // 2, SIDE // 2], RED, rtol=0.05)
    assert length(spread)[within].min() > 0.9 * np.hypot(*RED)
    assert length(spread)[beyond].max() < 0.02 * np.hypot(*RED)


def test_noise_as_of_film_keeps_no_hint_from_its_region() -> None:
    luminance, within, beyond = disc(inside=65, outside=30)
    luminance += np.random.default_rng(4).normal(0, 2, luminance.shape).astype(np.float32)
    spread = length(change(luminance, Hint(0.5, 0.5, RED))) / np.hypot(*RED)
    assert spread[within].mean() > 0.9
    assert spread[beyond].max() < 0.05


def test_a_blurred_edge_still_holds_the_colour_back() -> None:
    luminance, _, _ = disc(inside=70, outside=20)
    blurred = cv2.GaussianBlur(luminance, (0, 0), 3)
    spread = length(change(np.asarray(blurred, np.float32), Hint(0.5, 0.5, RED))) / np.hypot(*RED)
    assert spread[SIDE // 2, SIDE // 2] > 0.95
    assert spread[:20].max() < 0.02


def test_two_hints_in_one_region_are_both_obeyed_and_blend_between() -> None:
    even = np.full((SIDE, SIDE), 50, np.float32)
    spread = change(even, Hint(0.25, 0.5, RED), Hint(0.75, 0.5, BLUE))
    middle = SIDE // 2
    assert np.allclose(spread[middle, SIDE // 4], RED, atol=3)
    assert np.allclose(spread[middle, 3 * SIDE // 4], BLUE, atol=3)
    assert np.allclose(spread[middle, middle], np.mean([RED, BLUE], axis=0), atol=3)


def test_two_hints_across_an_edge_keep_to_their_sides() -> None:
    luminance, within, beyond = disc(inside=60, outside=30)
    spread = change(luminance, Hint(0.5, 0.5, RED, 1), Hint(0.02, 0.5, BLUE, 1))
    assert np.allclose(spread[within], RED, atol=5)
    assert np.allclose(spread[60:140, :40], BLUE, atol=5)
    assert spread[beyond][:, 0].max() < 15, "red outside the disc"


def test_the_reach_ends_a_hint_on_an_even_surface() -> None:
    even = np.full((SIDE, SIDE), 50, np.float32)
    away = np.abs(np.arange(SIDE) - SIDE / 2) / SIDE
    spread = length(change(even, Hint(0.5, 0.5, RED, 0.3))[SIDE // 2]) / np.hypot(*RED)
    assert spread[away < 0.08].min() > 0.9
    assert spread[away > 0.33].max() < 0.01
    assert np.all(np.diff(spread[SIDE // 2 :]) < 1e-3)


def test_the_prediction_shines_through_as_a_difference() -> None:
    luminance, within, beyond = disc(inside=60, outside=30)
    ab = np.random.default_rng(5).normal(0, 3, (SIDE, SIDE, 2)).astype(np.float32)
    spread = HintPropagator(luminance).propagate(ab, [Hint(0.5, 0.5, RED)])
    assert np.allclose(spread[SIDE // 2, SIDE // 2], RED, atol=3)
    assert np.allclose(spread[beyond], ab[beyond], atol=1)
    assert np.allclose((spread - ab)[within], RED - ab[SIDE // 2, SIDE // 2], atol=5)


def noise(seed: int, deviation: float = 8) -> Floats:
    """A prediction (SIDE, SIDE, 2) of many colours."""
    return np.random.default_rng(seed).normal(0, deviation, (SIDE, SIDE, 2)).astype(np.float32)


def test_a_stroke_has_its_colour_exactly_and_fills_its_region() -> None:
    luminance, within, beyond = disc(inside=60, outside=30)
    ab = noise(6)
    stroke = Stroke(((0.4, 0.45), (0.5, 0.55), (0.6, 0.45)), 0.03, RED)
    spread = HintPropagator(luminance).propagate(ab, [stroke])
    for x, y in stroke.points:
        row, column = int(y * SIDE), int(x * SIDE)
        assert np.allclose(spread[row - 3 : row + 4, column - 3 : column + 4], RED, atol=1e-3)
    assert np.allclose(spread[within], RED, atol=5)
    assert np.allclose(spread[beyond], ab[beyond], atol=1)


def test_without_reach_a_stroke_colours_what_it_covers_and_no_more() -> None:
    luminance, _, _ = disc(inside=60, outside=30)
    ab = noise(7)
    spread = HintPropagator(luminance).propagate(ab, [Stroke(((0.1, 0.5), (0.9, 0.5)), 0.05, RED, 0)])
    assert np.allclose(spread[93:107, 20:180], RED, atol=1e-3)
    assert np.array_equal(spread[:88], ab[:88])
    assert np.array_equal(spread[112:], ab[112:])


@pytest.mark.parametrize("radius", [0.003, 0.02, 0.1])
def test_a_stroke_reaches_as_far_from_its_outline_whatever_its_width(radius: float) -> None:
    even = np.full((SIDE, SIDE), 50, np.float32)
    spread = length(change(even, Stroke(((0.2, 0.5), (0.8, 0.5)), radius, RED, 0.3))[:, SIDE // 2]) / np.hypot(*RED)
    away = np.abs((np.arange(SIDE) + 0.5) / SIDE - 0.5) - radius
    assert spread[away < 0.11].min() > 0.95
    assert spread[away > 0.33].max() < 0.02


def test_a_stroke_over_two_regions_colours_both() -> None:
    luminance, within, beyond = disc(inside=60, outside=30)
    spread = change(luminance, Stroke(((0.05, 0.5), (0.5, 0.5)), 0.02, RED, 1))
    assert np.allclose(spread[within], RED, atol=4)
    assert np.allclose(spread[beyond & (np.mgrid[:SIDE, :SIDE][1] < SIDE // 3)], RED, atol=6)


def test_a_stroke_over_dark_and_light_leaves_what_lies_between_alone() -> None:
    luminance = np.repeat(np.array([20, 80, 50], np.float32), (40, 80, 80))[np.newaxis].repeat(SIDE, axis=0)
    blurred = np.asarray(cv2.GaussianBlur(luminance, (0, 0), 2), np.float32)
    spread = length(change(blurred, Stroke(((0.05, 0.5), (0.55, 0.5)), 0.02, RED, 0.3))) / np.hypot(*RED)
    assert spread[80:120, 5:36].min() > 0.9
    assert spread[80:120, 45:112].min() > 0.9
    assert spread[:, 128:].max() < 0.05


def test_strokes_and_points_share_a_surface() -> None:
    even = np.full((SIDE, SIDE), 50, np.float32)
    spread = change(even, Stroke(((0.2, 0.1), (0.2, 0.9)), 0.02, RED), Hint(0.8, 0.5, BLUE))
    assert np.allclose(spread[100, 20:50], RED, atol=4)
    assert np.allclose(spread[100, 160], BLUE, atol=4)


def test_all_that_a_stroke_covers_costs_one_map() -> None:
    luminance, _, _ = disc(inside=60, outside=30)
    propagator, ab = HintPropagator(luminance), np.zeros((SIDE, SIDE, 2), np.float32)
    strokes = [Stroke(((0.1, 0.1), (0.9, 0.9)), 0.05, color) for color in (RED, BLUE)]
    for stroke in (*strokes, *strokes):
        propagator.propagate(ab, [stroke])
    assert propagator._distance.cache_info().misses == 1


def test_without_hints_the_prediction_stays() -> None:
    ab = np.ones((20, 30, 2), np.float32)
    assert HintPropagator(np.full((20, 30), 50, np.float32)).propagate(ab, ()) is ab


def test_an_undone_hint_leaves_nothing_behind() -> None:
    luminance, _, _ = disc(inside=60, outside=30)
    propagator, ab = HintPropagator(luminance), np.zeros((SIDE, SIDE, 2), np.float32)
    first, second = Hint(0.5, 0.5, RED), Hint(0.1, 0.1, BLUE)
    once = propagator.propagate(ab, [first])
    propagator.propagate(ab, [first, second])
    assert np.array_equal(propagator.propagate(ab, [first]), once)


def test_the_picture_is_factorised_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def factorize(matrix: Any, **options: Any) -> Any:
        sizes.append(matrix.shape)
        return splu(matrix, **options)

    monkeypatch.setattr("scipy.sparse.linalg.splu", factorize)
    luminance, _, _ = disc(inside=60, outside=30)
    propagator, ab = HintPropagator(luminance), np.zeros((SIDE, SIDE, 2), np.float32)
    for x in (0.2, 0.5, 0.8):
        propagator.propagate(ab, [Hint(x, 0.5, RED)])
    assert sizes == [(SIDE**2, SIDE**2)]


@pytest.mark.parametrize("shape", [(1, 1), (1, 600), (600, 2), (40, 700)])
def test_any_shape_takes_a_hint_in_any_corner(shape: tuple[int, int]) -> None:
    ab = np.zeros((*shape, 2), np.float32)
    propagator = HintPropagator(np.full(shape, 50, np.float32))
    for x, y in ((0, 0), (1, 1), (0, 1), (1, 0)):
        for hint in (Hint(x, y, RED), Stroke(((x, y),), 0.01, RED)):
            spread = propagator.propagate(ab, [hint])
            assert np.allclose(spread[int(y * (shape[0] - 1)), int(x * (shape[1] - 1))], RED, rtol=0.05)


def test_threads_may_share_it() -> None:
    luminance, _, _ = disc(inside=60, outside=30)
    propagator, ab = HintPropagator(luminance), np.zeros((SIDE, SIDE, 2), np.float32)
    hints = [Hint(x, 0.5, RED) for x in (0.1, 0.3, 0.5, 0.7)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda hint: propagator.propagate(ab, [hint]), hints))
    for hint, found in zip(hints, together, strict=True):
        assert np.array_equal(found, HintPropagator(luminance).propagate(ab, [hint]))


def test_a_map_of_one_colour_is_spread_as_it_is() -> None:
    luminance = np.random.default_rng(8).uniform(0, 100, (SIDE, 3 * SIDE)).astype(np.float32)
    spread = HintPropagator(luminance).spread(np.full((14, 14, 2), RED, np.float32))
    assert spread.shape == (SIDE, 3 * SIDE, 2)
    assert np.allclose(spread, RED, atol=0.01)


def test_a_coarse_map_is_spread_up_to_the_edges_of_the_picture() -> None:
    luminance, _, _ = disc(inside=70, outside=40)
    is_inside = luminance > 55
    truth = np.where(is_inside[..., np.newaxis], RED, BLUE).astype(np.float32)
    coarse = cv2.resize(truth, (14, 14), interpolation=cv2.INTER_AREA)
    stretched = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    spread = HintPropagator(luminance).spread(np.asarray(coarse, np.float32))
    near = cv2.dilate(is_inside.astype(np.uint8), np.ones((9, 9))) != cv2.erode(
        is_inside.astype(np.uint8), np.ones((9, 9))
    )
    assert length(spread - truth)[near].mean() < 0.7 * length(stretched - truth)[near].mean()
