"""A hint colours its region and no other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse.linalg import splu

from colorizer import Hint, Stroke
from colorizer.arrays import Floats
from colorizer.edits.hints import AnyHint
from colorizer.edits.likeness import KEPT
from colorizer.edits.propagation import HintPropagator
from colorizer.edits.restoration import WHOLE, Part

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


LEFT, RIGHT = (60, 100), (140, 100)  # x and y of the middles of two patches, in pixels
PATCH = 30  # pixels: the side of each


def patches() -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """L (SIDE, SIDE) with two light patches on dark ground, and masks of what is clearly in each, and in neither."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    ways = [np.maximum(np.abs(columns + 0.5 - x), np.abs(rows + 0.5 - y)) for x, y in (LEFT, RIGHT)]
    luminance = np.where(np.minimum(*ways) < PATCH / 2, 65, 30).astype(np.float32)
    left, right = (way < PATCH / 2 - BAND for way in ways)
    return luminance, left, right, np.minimum(*ways) > PATCH / 2 + 2 * BAND


def describe_patches() -> Floats:
    """Vectors (2, SIDE / 4, SIDE / 4): those of both patches are equal, and far from those of the ground."""
    luminance = patches()[0]
    is_patch = cv2.resize(luminance, (SIDE // 4, SIDE // 4), interpolation=cv2.INTER_AREA) > 47
    return np.stack([10.0 * ~is_patch, np.ones(is_patch.shape)]).astype(np.float32)


def at(place: tuple[int, int], color: tuple[float, float], *, alike: bool, reach: float = 0.6) -> Hint:
    return Hint(place[0] / SIDE, place[1] / SIDE, color, reach, alike)


def share(ab: Floats) -> Floats:
    """How much of RED there is, of a grey prediction."""
    return np.asarray(length(ab) / np.hypot(*RED), np.float32)


def stroke_at(place: tuple[int, int], color: tuple[float, float], *, alike: bool, reach: float = 0.6) -> Stroke:
    x, y = place
    return Stroke((((x - 6) / SIDE, y / SIDE), ((x + 6) / SIDE, y / SIDE)), 0.01, color, reach, alike)


class Counter:
    """Vectors, and how often they were asked for."""

    def __init__(self, vectors: Floats) -> None:
        self.vectors, self.calls = vectors, 0

    def __call__(self) -> Floats:
        self.calls += 1
        return self.vectors


def refuse() -> Floats:
    raise AssertionError("expected nobody to ask for vectors")


@pytest.mark.parametrize("make", [at, stroke_at])
def test_what_looks_alike_takes_the_colour_although_it_is_not_connected(make: Callable[..., AnyHint]) -> None:
    luminance, left, right, ground = patches()
    propagator, gray = HintPropagator(luminance, describe_patches), np.zeros((SIDE, SIDE, 2), np.float32)
    spread = propagator.propagate(gray, [make(LEFT, RED, alike=True)])
    assert spread.dtype == np.float32
    assert share(spread)[left].min() > 0.9
    assert share(spread)[right].min() > 0.5
    assert share(spread)[ground].max() < 0.05
    plain = propagator.propagate(gray, [make(LEFT, RED, alike=False)])
    assert share(plain)[left].min() > 0.9
    assert share(plain)[~left & (ground | right)].max() < 0.05


@pytest.mark.parametrize("place", [LEFT, (20, 30), (0, 0), (SIDE, SIDE), (46, 86)])
def test_the_place_of_an_alike_hint_has_its_colour(place: tuple[int, int]) -> None:
    luminance, _, _, _ = patches()
    row, column = min(place[1], SIDE - 1), min(place[0], SIDE - 1)
    spread = HintPropagator(luminance, describe_patches).propagate(noise(3), [at(place, RED, alike=True)])
    assert np.allclose(spread[row, column], RED, atol=4)


def test_the_reach_says_how_far_what_looks_alike_may_be() -> None:
    luminance, left, right, _ = patches()
    propagator, ab = HintPropagator(luminance, describe_patches), noise(10, 1)
    away = (RIGHT[0] - LEFT[0]) / SIDE
    near, far = (
        propagator.propagate(ab, [at(LEFT, RED, alike=True, reach=reach)]) for reach in (0.3 * away, 1.5 * away)
    )
    assert np.allclose(near[left].mean(0), RED, atol=4)
    assert np.array_equal(near[right], ab[right])
    assert np.hypot(*(far - ab)[right].mean(0)) > 0.4 * np.hypot(*RED)


def test_alike_points_leave_a_share_of_the_differences_and_strokes_none() -> None:
    luminance, left, _, _ = patches()
    ab = noise(11, 4)
    x, y = LEFT
    propagator = HintPropagator(luminance, describe_patches)
    point, stroke = (propagator.propagate(ab, [make(LEFT, RED, alike=True)]) for make in (at, stroke_at))
    assert np.allclose((point - point[y, x])[left], KEPT * (ab - ab[y, x])[left], atol=2)
    assert np.allclose(stroke[left], RED, atol=2)
    assert np.allclose(stroke[y, x - 4 : x + 5], RED, atol=1e-3)


def test_without_reach_an_alike_stroke_colours_what_it_covers_and_no_more() -> None:
    luminance, _, right, _ = patches()
    ab = noise(12)
    spread = HintPropagator(luminance, refuse).propagate(ab, [stroke_at(LEFT, RED, alike=True, reach=0)])
    assert np.allclose(spread[LEFT[1], LEFT[0] - 4 : LEFT[0] + 5], RED, atol=1e-3)
    assert np.array_equal(spread[right], ab[right])


@pytest.mark.parametrize("alike", [(True, False), (False, True), (True, True)])
@pytest.mark.parametrize("make", [at, stroke_at])
def test_each_hint_has_its_place_whatever_its_kind(make: Callable[..., AnyHint], alike: tuple[bool, bool]) -> None:
    luminance, left, right, _ = patches()
    hints = [make(LEFT, RED, alike=alike[0]), make(RIGHT, BLUE, alike=alike[1])]
    propagator, gray = HintPropagator(luminance, describe_patches), np.zeros((SIDE, SIDE, 2), np.float32)
    spread = propagator.propagate(gray, hints)
    for place, patch, color in ((LEFT, left, RED), (RIGHT, right, BLUE)):
        assert np.allclose(spread[place[1], place[0]], color, atol=4)
        assert np.allclose(spread[patch], color, atol=0.35 * np.hypot(*color))
    assert np.allclose(propagator.propagate(gray, hints[::-1]), spread, atol=1e-3)


def test_a_plain_hint_takes_a_part_of_a_surface_from_one_that_is_alike() -> None:
    even = np.full((SIDE, SIDE), 50, np.float32)
    propagator = HintPropagator(even, lambda: np.zeros((2, 50, 50), np.float32))
    hints = [at((50, 100), RED, alike=True), at((150, 100), BLUE, alike=False)]
    spread = propagator.propagate(np.zeros((SIDE, SIDE, 2), np.float32), hints)
    assert np.allclose(spread[100, 40:60], RED, atol=5)
    assert np.allclose(spread[100, 140:160], BLUE, atol=5)


def test_what_the_network_has_not_seen_is_not_alike_to_anything() -> None:
    luminance, left, right, _ = patches()
    part = (slice(None), slice(0, SIDE // 2))
    propagator = HintPropagator(luminance, lambda: np.zeros((2, 28, 28), np.float32), part)
    spread = propagator.propagate(np.zeros((SIDE, SIDE, 2), np.float32), [at(LEFT, RED, alike=True)])
    assert share(spread)[left].min() > 0.9
    assert share(spread)[:, : SIDE // 2 - 8].min() > 0.4
    assert share(spread)[:, SIDE // 2 + 8 :].max() < 0.02
    assert share(spread)[right].max() < 0.02


def test_places_are_looked_up_within_the_part() -> None:
    luminance, left, right, ground = patches()
    rows, columns = slice(48, 152), slice(20, 180)
    vectors = np.full((1, 26, 40), 10, np.float32)
    for x, y in (LEFT, RIGHT):
        top, start = (y - PATCH // 2 - rows.start) // 4, (x - PATCH // 2 - columns.start) // 4
        vectors[0, top : top + 8, start : start + 8] = 0
    propagator = HintPropagator(luminance, lambda: vectors, (rows, columns))
    spread = propagator.propagate(np.zeros((SIDE, SIDE, 2), np.float32), [at(LEFT, RED, alike=True)])
    assert share(spread)[left].min() > 0.9
    assert share(spread)[right].min() > 0.5
    assert share(spread)[ground].max() < 0.05


def test_an_alike_hint_on_a_border_that_the_network_has_not_seen_is_as_any_other() -> None:
    luminance, _, _, _ = patches()
    ab, inside = noise(13), (slice(40, 160), slice(40, 160))
    for hint in (at((10, 100), RED, alike=True), stroke_at((100, 180), RED, alike=True)):
        found = HintPropagator(luminance, refuse, inside).propagate(ab, [hint])
        assert np.array_equal(found, HintPropagator(luminance).propagate(ab, [replace(hint, alike=False)]))


def test_without_vectors_alike_hints_are_as_others() -> None:
    luminance, _, _, _ = patches()
    ab = noise(14)
    hints: list[AnyHint] = [at(LEFT, RED, alike=True), stroke_at(RIGHT, BLUE, alike=True)]
    plain = [replace(hint, alike=False) for hint in hints]
    assert np.array_equal(
        HintPropagator(luminance).propagate(ab, hints), HintPropagator(luminance).propagate(ab, plain)
    )


def test_vectors_are_asked_for_once_and_not_before_a_hint_is_alike() -> None:
    luminance, _, _, _ = patches()
    describe = Counter(describe_patches())
    propagator, gray = HintPropagator(luminance, describe), np.zeros((SIDE, SIDE, 2), np.float32)
    plain: list[AnyHint] = [at(LEFT, RED, alike=False), stroke_at(RIGHT, BLUE, alike=False)]
    without = propagator.propagate(gray, plain)
    assert describe.calls == 0
    assert np.array_equal(without, HintPropagator(luminance).propagate(gray, plain))
    for color in (RED, BLUE):
        for place in (LEFT, RIGHT):
            propagator.propagate(gray, [at(place, color, alike=True), *plain])
    assert describe.calls == 1
    assert np.array_equal(propagator.propagate(gray, plain), without)


@pytest.mark.parametrize("alike", [False, True])
def test_the_smallest_reach_leaves_no_hole(alike: bool) -> None:
    luminance, _, right, _ = patches()
    ab = noise(17)
    spread = HintPropagator(luminance, describe_patches).propagate(ab, [at(LEFT, RED, alike=alike, reach=1e-300)])
    assert np.isfinite(spread).all()
    assert np.array_equal(spread[right], ab[right])


PIXELS, GRIDS = st.tuples(st.integers(1, 30), st.integers(1, 30)), st.tuples(st.integers(1, 9), st.integers(1, 9))
UNIT = st.floats(0, 1)
WAYS = st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=3).map(tuple)
HINTS = st.lists(
    st.builds(Hint, UNIT, UNIT, st.just(RED), st.floats(0.01, 1), st.booleans())
    | st.builds(Stroke, WAYS, st.floats(0.001, 0.3), st.just(BLUE), UNIT, st.booleans()),
    min_size=1,
    max_size=4,
)


@st.composite
def parts_of(draw: st.DrawFn, shape: tuple[int, int]) -> Part:
    """Rows and columns of a picture, one at least."""
    starts = [draw(st.integers(0, side - 1)) for side in shape]
    first, second = (
        slice(start, draw(st.integers(start + 1, side))) for start, side in zip(starts, shape, strict=True)
    )
    return first, second


@settings(max_examples=50, deadline=None)
@given(PIXELS.flatmap(lambda shape: st.tuples(st.just(shape), parts_of(shape))), GRIDS, HINTS, st.integers(0, 99))
def test_any_part_of_any_picture_takes_any_hints(
    where: tuple[tuple[int, int], Part], grid: tuple[int, int], hints: list[AnyHint], seed: int
) -> None:
    (shape, part), random = where, np.random.default_rng(seed)
    luminance = random.uniform(0, 100, shape).astype(np.float32)
    ab = random.normal(0, 8, (*shape, 2)).astype(np.float32)
    vectors = random.normal(0, 3, (5, *grid)).astype(np.float32)
    spread = HintPropagator(luminance, lambda: vectors, part).propagate(ab, hints)
    assert spread.shape == ab.shape
    assert spread.dtype == np.float32
    assert np.abs(spread).max() < 300


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (600, 2), (40, 700)])
@pytest.mark.parametrize("part", [WHOLE, (slice(0, 1), slice(0, 1)), (slice(-1, None), slice(-1, None))])
def test_any_shape_takes_an_alike_hint_in_any_corner(shape: tuple[int, int], part: Part) -> None:
    ab = np.zeros((*shape, 2), np.float32)
    vectors = np.random.default_rng(15).normal(0, 0.2, (4, 56, 56)).astype(np.float32)
    propagator = HintPropagator(np.full(shape, 50, np.float32), lambda: vectors, part)
    for x, y in ((0, 0), (1, 1), (0, 1), (1, 0)):
        for hint in (Hint(x, y, RED, 0.6, True), Stroke(((x, y),), 0.01, RED, 0.6, True)):
            spread = propagator.propagate(ab, [hint])
            assert np.allclose(spread[int(y * (shape[0] - 1)), int(x * (shape[1] - 1))], RED, rtol=0.1)


def test_a_part_thinner_than_a_node_is_seen() -> None:
    describe = Counter(np.zeros((2, 56, 56), np.float32))
    propagator = HintPropagator(np.full((600, 8), 50, np.float32), describe, (slice(101, 102), slice(None)))
    spread = propagator.propagate(np.zeros((600, 8, 2), np.float32), [Hint(0.5, 101.5 / 600, RED, 0.6, True)])
    assert np.isfinite(spread).all()
    assert describe.calls == 1


def test_threads_may_share_one_with_alike_hints() -> None:
    luminance, _, _, _ = patches()
    propagator, ab = HintPropagator(luminance, describe_patches), noise(16)
    hints: list[list[AnyHint]] = [
        [at((x, 100), RED, alike=True), stroke_at(RIGHT, BLUE, alike=False)] for x in (20, 60, 100, 60)
    ]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: propagator.propagate(ab, each), hints))
    for each, found in zip(hints, together, strict=True):
        assert np.array_equal(found, HintPropagator(luminance, describe_patches).propagate(ab, each))
