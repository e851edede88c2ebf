"""What lies under a stroke, and where it is cut off."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from colorizer import InvalidHints, Stroke
from colorizer.edits.strokes import MAX_POINTS, cut_off, footprint, paint

RED = (50.0, 30.0)
BLUE = (10.0, -60.0)
WAY = ((0.2, 0.2), (0.5, 0.7), (0.8, 0.3))
SHARES = st.floats(0, 1)
SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40))


def covered(points: Any, radius: float, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """The coverage in the whole picture."""
    whole = np.zeros(shape, np.uint8)
    box, inside = footprint(points, radius, shape)
    whole[box] = inside
    return whole


def distances(points: Any, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Pixels from each pixel's centre to the nearest of many places along the way."""
    height, width = shape
    ends = np.array(points) * (width, height)
    ends = np.vstack([ends, ends[-1:]])
    steps = np.linspace(0, 1, 150)[:, np.newaxis]
    along = np.vstack([start + steps * (stop - start) for start, stop in pairwise(ends)])
    rows, columns = np.mgrid[:height, :width] + 0.5
    return np.asarray(np.hypot(columns[..., None] - along[:, 0], rows[..., None] - along[:, 1]).min(-1))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=3), st.floats(0.05, 0.5), SHAPES)
def test_a_stroke_covers_what_is_as_near_as_its_radius(points: Any, radius: float, shape: tuple[int, int]) -> None:
    reach = max(0.5, radius * max(shape))
    found, away = covered(points, radius, shape), distances(points, shape)
    assert found[away < reach - 1.5].min(initial=255) == 255
    assert found[away > reach + 1.5].max(initial=0) == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=4), SHAPES)
def test_a_thin_stroke_covers_something_at_each_of_its_points(points: Any, shape: tuple[int, int]) -> None:
    found = covered(points, 1e-6, shape)
    for x, y in points:
        row, column = min(int(y * shape[0]), shape[0] - 1), min(int(x * shape[1]), shape[1] - 1)
        assert found[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].any()


def test_paint_replaces_colours_and_the_last_stroke_lies_on_top() -> None:
    ab = np.random.default_rng(1).normal(0, 20, (60, 90, 2)).astype(np.float32)
    before = ab.copy()
    strokes = [Stroke(((0.0, 0.5), (1.0, 0.5)), 0.1, RED), Stroke(((0.5, 0.0), (0.5, 1.0)), 0.1, BLUE)]
    painted = paint(ab, strokes)
    assert np.array_equal(ab, before)
    assert painted.dtype == np.float32
    assert np.allclose(painted[25:35, :30], RED, atol=1e-3)
    assert np.allclose(painted[:, 40:50], BLUE, atol=1e-3)
    assert np.array_equal(painted[:15, :30], ab[:15, :30])


def parts(*points: tuple[float, float]) -> list[list[list[float]]]:
    return [part.tolist() for part in cut_off(np.array(points))]


def test_a_way_is_cut_off_at_the_border() -> None:
    assert parts((0.5, 0.5)) == [[[0.5, 0.5]]]
    assert parts((1.5, 0.5)) == []
    assert parts((0.5, 0.5), (1.5, 0.5)) == [[[0.5, 0.5], [1.0, 0.5]]]
    assert parts((-1.0, 0.5), (3.0, 0.5)) == [[[0.0, 0.5], [1.0, 0.5]]]
    out_and_back = parts((0.5, 0.5), (1.5, 0.5), (1.5, 0.75), (0.5, 0.75))
    assert out_and_back == [[[0.5, 0.5], [1.0, 0.5]], [[1.0, 0.75], [0.5, 0.75]]]
    assert parts((0.25, 0.25), (0.25, 0.25), (0.5, 0.5)) == [[[0.25, 0.25], [0.5, 0.5]]]
    assert parts((0.5, 0.5), (np.nan, 0.5), (0.25, 0.25)) == [[[0.25, 0.25]]]
    assert parts((2.0, -1.0), (2.0, 3.0)) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=6))
def test_what_is_left_of_a_way_is_what_lies_inside(points: list[tuple[float, float]]) -> None:
    path = np.array(points)
    found = list(cut_off(path))
    assert sum(map(len, found)) <= 2 * len(path)
    for part in found:
        assert 1 <= len(part) <= len(path) + 1
        assert part.min() >= 0
        assert part.max() <= 1
    length = sum(float(np.hypot(*np.diff(part, axis=0).T).sum()) for part in found)
    steps = np.linspace(0, 1, 2001)[:, np.newaxis]
    inside = 0.0
    for start, stop in pairwise(path):
        along = start + steps * (stop - start)
        inside += float(np.hypot(*(stop - start)) * np.mean(np.all((along >= 0) & (along <= 1), axis=1)))
    assert length == pytest.approx(inside, abs=0.03)


def test_a_stroke_takes_lists_and_is_equal_to_that_of_tuples() -> None:
    assert Stroke([[0.2, 0.2], (0.5, 1)], 0.1, "#aa3311") == Stroke(((0.2, 0.2), (0.5, 1)), 0.1, "#aa3311")  # type: ignore[arg-type]
    assert hash(Stroke(WAY, 0.1, RED)) == hash(Stroke(WAY, 0.1, RED))
    assert Stroke(WAY, 0.1, RED) == Stroke(WAY, 0.1, RED, alike=False) != Stroke(WAY, 0.1, RED, alike=True)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"points": ()}, f"expected a stroke of 1 to {MAX_POINTS} points, got 0"),
        ({"points": WAY * MAX_POINTS}, f"expected a stroke of 1 to {MAX_POINTS} points, got {3 * MAX_POINTS}"),
        ({"points": "0.5"}, f"expected a stroke of 1 to {MAX_POINTS} points, got '0.5'"),
        ({"points": ((0.5, 1.5),)}, "points to be two numbers from 0 to 1 each, got (0.5, 1.5)"),
        ({"points": ((0.5,),)}, "points to be two numbers from 0 to 1 each, got (0.5,)"),
        ({"points": (0.5, 0.5)}, "points to be two numbers from 0 to 1 each, got 0.5"),
        ({"points": ((0.5, float("nan")),)}, "points to be two numbers from 0 to 1 each, got (0.5, nan)"),
        ({"radius": 0}, "radius to be a number above 0, up to 0.5, got 0"),
        ({"radius": 0.6}, "radius to be a number above 0, up to 0.5, got 0.6"),
        ({"radius": "wide"}, "radius to be a number above 0, up to 0.5, got 'wide'"),
        ({"reach": -0.1}, "expected a stroke's reach to be a number from 0 to 1, got -0.1"),
        ({"reach": True}, "expected a stroke's reach to be a number from 0 to 1, got True"),
        ({"alike": 1}, "expected a stroke's alike to be true or false, got 1"),
        ({"alike": None}, "expected a stroke's alike to be true or false, got null"),
        ({"color": "red"}, "expected a stroke's colour to be '#rrggbb' or two numbers a, b"),
    ],
)
def test_what_makes_no_stroke_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidHints, match=re.escape(message)):
        Stroke(**{"points": WAY, "radius": 0.1, "color": RED, **values})
