"""Turning, straightening and cropping: exact where nothing is between pixels, else as scikit-image computes it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from skimage import data, transform

from colorizer import Geometry, Hint, InvalidSetting, Stroke
from colorizer.arrays import Pixels
from colorizer.edits.geometry import Corners, move_hints, plan_geometry
from colorizer.edits.strokes import footprint
from colorizer.edits.warping import transform_pixels

WHOLE: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
NEAR = st.floats(0, 0.3)
FAR = st.floats(0.7, 1)
CORNERS = st.tuples(st.tuples(NEAR, NEAR), st.tuples(FAR, NEAR), st.tuples(FAR, FAR), st.tuples(NEAR, FAR))
CROPS = st.tuples(st.floats(0, 0.4), st.floats(0, 0.4), st.floats(0.5, 1), st.floats(0.5, 1))
GEOMETRIES = st.builds(
    Geometry,
    corners=st.none() | CORNERS,
    quarter_turns=st.integers(0, 3),
    angle=st.just(0.0) | st.floats(-45, 45),
    crop=st.just((0.0, 0.0, 1.0, 1.0)) | CROPS,
)
SIDES = st.integers(1, 90)
CAT = np.asarray(data.chelsea())  # (300, 451, 3)
BODY = (slice(4, -4), slice(4, -4))  # without the edge, where interpolations differ in what is beyond


def noise(width: int, height: int, dtype: type[np.uint8 | np.uint16] = np.uint8) -> Pixels:
    return np.random.default_rng(0).integers(0, np.iinfo(dtype).max, (height, width, 3), dtype)


def difference(one: NDArray[Any], other: NDArray[Any]) -> float:
    """The mean difference away from the edge, in levels."""
    return float(np.abs(one[BODY].astype(float) - other[BODY]).mean())


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_identity_is_exact_and_copies_nothing(dtype: type[np.uint8 | np.uint16]) -> None:
    pixels = noise(41, 30, dtype)
    assert np.shares_memory(transform_pixels(pixels, Geometry()), pixels)
    for geometry in (Geometry(), Geometry(corners=WHOLE)):
        assert np.array_equal(transform_pixels(pixels, geometry), pixels)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("channels", [(), (3,)])
def test_quarter_turns_and_crops_are_exact(
    turns: int, dtype: type[np.uint8 | np.uint16], channels: tuple[int, ...]
) -> None:
    pixels = noise(40, 20, dtype) if channels else noise(40, 20, dtype)[..., 0].copy()
    turned = np.rot90(pixels, -turns)
    result = transform_pixels(pixels, Geometry(quarter_turns=turns, crop=(0.25, 0.5, 1.0, 0.75)))
    height, width = turned.shape[:2]
    assert result.flags.c_contiguous
    assert result.dtype == dtype
    assert np.array_equal(result, turned[height // 2 : height * 3 // 4, width // 4 :])
    # The general way, by resampling, gives the same.
    assert np.array_equal(
        transform_pixels(pixels, Geometry(corners=WHOLE, quarter_turns=turns)), transform_pixels(turned, Geometry())
    )


@settings(max_examples=60, deadline=None)
@given(GEOMETRIES, SIDES, SIDES)
def test_the_result_has_the_size_that_is_told_and_never_more_pixels(
    geometry: Geometry, width: int, height: int
) -> None:
    result = transform_pixels(np.full((height, width), 77, np.uint8), geometry)
    _, columns, rows = plan_geometry(geometry, width, height)
    assert result.shape == (rows, columns)
    assert 1 <= result.size <= width * height
    assert (result == 77).all()  # nothing from outside of the picture


@settings(max_examples=60, deadline=None)
@given(GEOMETRIES, st.integers(-4, 4))
def test_further_turns_show_the_same_part(geometry: Geometry, quarters: int) -> None:
    turned = geometry.turned(quarters)
    assert turned.turned(-quarters).quarter_turns == geometry.quarter_turns
    assert turned.turned(-quarters).crop == pytest.approx(geometry.crop, abs=2e-6)
    size = plan_geometry(geometry, 1200, 800)[1:]
    assert plan_geometry(turned, 1200, 800)[1:] == pytest.approx(size[::-1] if quarters % 2 else size, abs=1)


def test_four_turns_of_a_rounded_crop_are_none() -> None:
    geometry = Geometry(crop=(0.1, 0.23456, 0.9, 1.0))
    assert geometry.turned(1).turned(1).turned(1).turned(1) == geometry
    assert geometry.turned(1).turned(-1) == geometry


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("angle", [-30.0, -3.0, 0.7, 12.0])
def test_straightening_is_a_clockwise_turn_as_scikit_image_makes_it(
    angle: float, dtype: type[np.uint8 | np.uint16]
) -> None:
    scale = 1 if dtype is np.uint8 else 257
    pixels: Pixels = np.asarray(CAT.astype(int) * scale, dtype)
    result = transform_pixels(pixels, Geometry(angle=angle))
    turned = transform.rotate(CAT, -angle, order=3, preserve_range=True)  # counter-clockwise there
    height, width = result.shape[:2]
    top, left = (300 - height) / 2, (451 - width) / 2
    shift = transform.EuclideanTransform(translation=(left, top))
    expected = transform.warp(turned, shift, order=3, output_shape=(height, width), preserve_range=True)
    assert difference(result / scale, expected) < 3  # of two interpolations; the other direction gives over 20
    assert width / height == pytest.approx(451 / 300, rel=0.01)


def test_corners_become_a_rectangle_as_scikit_image_makes_it() -> None:
    corners: Corners = ((0.1, 0.15), (0.85, 0.05), (0.95, 0.9), (0.05, 0.8))
    result = transform_pixels(CAT, Geometry(corners=corners))
    height, width = result.shape[:2]
    rectangle = np.array([(0, 0), (width, 0), (width, height), (0, height)]) - 0.5
    places = np.array(corners) * (451, 300) - 0.5  # from places to centres of pixels
    projection = transform.ProjectiveTransform.from_estimate(rectangle, places)
    expected = transform.warp(CAT, projection, order=3, output_shape=(height, width), preserve_range=True)
    assert difference(result, expected) < 1.0
    sides = np.hypot(*(np.roll(places, -1, axis=0) - places).T)
    assert (width, height) == (round(max(sides[0], sides[2])), round(max(sides[1], sides[3])))


def test_turning_back_gives_the_middle_of_the_picture() -> None:
    once = transform_pixels(CAT, Geometry(angle=7.0))
    back = transform_pixels(once, Geometry(angle=-7.0))
    height, width = back.shape[:2]
    top, left = (300 - height) // 2, (451 - width) // 2
    assert difference(back, CAT[top : top + height, left : left + width]) < 5


def test_a_picture_longer_than_opencv_maps_is_turned_in_pieces() -> None:
    pixels = np.zeros((4, 40_000), np.uint8)
    pixels[:, 35_000:] = 200
    for corners in (WHOLE, ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.1, 1.0))):  # the second one is made smaller, too
        result = transform_pixels(pixels, Geometry(corners=corners))
        assert result[0, -1] == 200
        assert result[0, 0] == 0


@settings(max_examples=60, deadline=None)
@given(GEOMETRIES, GEOMETRIES, st.floats(0.4, 0.6), st.floats(0.4, 0.6))
def test_a_hint_stays_where_it_is_in_the_picture(one: Geometry, other: Geometry, x: float, y: float) -> None:
    size = (300, 200)
    for placed in (Hint(x, y, "#aa0000", 0.3), Stroke(((x, y),), 0.02, "#aa0000", 0.3)):
        for hint in move_hints([placed], one, other, size):
            (back,) = move_hints([hint], other, one, size)
            assert back.points[0] == pytest.approx((x, y), abs=1e-6)
            assert back.radius == pytest.approx(placed.radius, rel=1e-6)
            assert (type(back), back.color, back.reach) == (type(placed), "#aa0000", 0.3)


def test_a_hint_points_at_the_same_thing_after_every_change() -> None:
    pixels = np.zeros((200, 300), np.uint8)
    pixels[70:80, 210:220] = 255  # around 0.7167, 0.375
    hint = Hint(0.7167, 0.375, "#aa0000")
    for geometry in (
        Geometry(quarter_turns=1),
        Geometry(angle=-9.0, crop=(0.2, 0.1, 0.95, 0.9)),
        Geometry(corners=((0.1, 0.1), (0.9, 0.2), (0.95, 0.9), (0.0, 0.85)), quarter_turns=3),
    ):
        (moved,) = move_hints([hint], Geometry(), geometry, (300, 200))
        assert isinstance(moved, Hint)
        result = transform_pixels(pixels, geometry)
        row, column = (round(place * side - 0.5) for place, side in zip((moved.y, moved.x), result.shape, strict=True))
        assert result[row, column] > 200
    assert move_hints([hint], Geometry(), Geometry(crop=(0.0, 0.0, 0.5, 1.0)), (300, 200)) == ()
    assert move_hints([hint], Geometry(), Geometry(), (300, 200)) == (hint,)


def test_a_stroke_covers_the_same_things_after_every_change() -> None:
    stroke = Stroke(((0.1, 0.2), (0.5, 0.8), (0.85, 0.4)), 0.03, "#aa0000")
    for geometry in (
        Geometry(quarter_turns=3),
        Geometry(angle=20.0, crop=(0.2, 0.1, 0.95, 0.9)),
        Geometry(corners=((0.1, 0.1), (0.9, 0.15), (0.95, 0.9), (0.05, 0.85)), quarter_turns=1),
    ):
        expected = transform_pixels(covered([stroke], (200, 300)), geometry) > 127
        height, width = expected.shape
        moved = move_hints([stroke], Geometry(), geometry, (300, 200))
        found = covered([hint for hint in moved if isinstance(hint, Stroke)], (height, width)) > 127
        assert (found & expected).sum() > 0.85 * (found | expected).sum()


def covered(strokes: list[Stroke], shape: tuple[int, int]) -> Pixels:
    """A picture (h, w) uint8 in which the strokes are white."""
    picture = np.zeros(shape, np.uint8)
    for stroke in strokes:
        box, inside = footprint(stroke.points, stroke.radius, shape)
        picture[box] = np.maximum(picture[box], inside)
    return picture


def test_a_stroke_that_leaves_the_picture_and_comes_back_becomes_two() -> None:
    stroke = Stroke(((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)), 0.02, "#aa0000")
    upper, lower = move_hints([stroke], Geometry(), Geometry(crop=(0.0, 0.0, 0.5, 1.0)), (400, 400))
    assert upper == Stroke(((0.5, 0.25), (1.0, 0.25)), 0.02, "#aa0000")
    assert lower == Stroke(((1.0, 0.75), (0.5, 0.75)), 0.02, "#aa0000")
    (whole,) = move_hints([stroke], Geometry(), Geometry(crop=(0.0, 0.0, 1.0, 0.5)), (400, 200))[:1]
    assert whole.radius == 0.02  # of the longest side, which is as long as before
    assert move_hints([stroke], Geometry(), Geometry(crop=(0.8, 0.0, 1.0, 1.0)), (400, 400)) == ()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"quarter_turns": 4}, "expected 0 to 3 quarter turns, got 4"),
        ({"angle": 46.0}, "expected an angle of -45 to 45 degrees, got 46"),
        ({"angle": math.nan}, "expected an angle"),
        ({"crop": (0.5, 0.0, 0.4, 1.0)}, "left before right and top before bottom, got 0.5, 0, 0.4, 1"),
        ({"crop": (-0.1, 0.0, 0.4, 1.0)}, "expected a crop's left, top, right and bottom from 0 to 1"),
        ({"crop": (0.0, math.nan, 1.0, 1.0)}, "expected a crop's"),
        ({"corners": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.9, 0.05))}, "expected four corners"),
        ({"corners": ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0))}, "clockwise from the upper left"),
        ({"corners": ((0.0, 0.0), (1.2, 0.0), (1.0, 1.0), (0.0, 1.0))}, "expected four corners from 0 to 1"),
        ({"corners": ((0.0, 0.0), (math.nan, 0.0), (1.0, 1.0), (0.0, 1.0))}, "expected four corners from 0 to 1"),
    ],
)
def test_what_makes_no_sense_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        replace(Geometry(), **values)  # type: ignore[arg-type]
