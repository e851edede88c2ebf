"""Key frames of any size, and layers that cover and meet each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colorizer.arrays import Floats
from colorizer.frames.keyframes.key_frame import KeyFrame, attenuate, cover, meet
from colorizer.frames.optical_flow import SIDE

weights = st.floats(0, 1, width=32)
ages = st.integers(0, 1000)
colors = st.floats(-100, 100, width=32)


def even_layer(ab: tuple[float, float], weight: float, age: float = 0) -> Floats:
    """A layer of one colour."""
    key = KeyFrame.from_ab(np.full((8, 8, 2), ab, np.float32), np.full((8, 8), weight, np.float32))
    layer = key.layer()
    layer[..., 3] = age * weight
    return layer


def test_a_key_frame_of_any_size_becomes_a_square() -> None:
    ab = np.zeros((30, 60, 2), np.float32)
    ab[:, 30:] = (20, -10)
    key = KeyFrame.from_ab(ab)
    assert key.ab.shape == (SIDE, SIDE, 2)
    np.testing.assert_allclose(key.ab[:, : SIDE // 2 - 2], 0, atol=1e-3)
    np.testing.assert_allclose(key.ab[:, SIDE // 2 + 2 :], np.full((SIDE, SIDE // 2 - 2, 2), (20, -10)), atol=1e-3)
    np.testing.assert_array_equal(key.weight, 1)


def test_colours_without_an_opinion_do_not_mix_in() -> None:
    ab = np.full((448, 448, 2), 100, np.float32)
    weight = np.zeros((448, 448), np.float32)
    ab[:, 201:], weight[:, 201:] = 10, 1
    key = KeyFrame.from_ab(ab, weight)
    np.testing.assert_allclose(key.ab[key.weight > 0.01], 10, atol=1e-2)
    np.testing.assert_allclose(key.weight.mean(), weight.mean(), atol=1e-3)


@pytest.mark.parametrize(
    ("ab", "weight"),
    [
        (np.zeros((4, 4, 3)), None),
        (np.zeros((0, 4, 2)), None),
        (np.zeros((4, 4, 2)), np.ones((4, 4, 1))),
        (np.zeros((4, 4, 2)), np.full((4, 4), 1.5)),
        (np.zeros((4, 4, 2)), np.full((4, 4), np.nan)),
    ],
)
def test_other_shapes_and_weights_are_refused(ab: Floats, weight: Floats | None) -> None:
    with pytest.raises(ValueError, match="expected"):
        KeyFrame.from_ab(ab.astype(np.float32), None if weight is None else weight.astype(np.float32))


@settings(max_examples=30, deadline=None)
@given(colors, weights, colors, weights, ages, ages)
def test_two_layers_meet_between_their_colours(
    one: float, weight: float, other: float, other_weight: float, age: int, other_age: int
) -> None:
    met = meet(even_layer((one, 0), weight, age), even_layer((other, 0), other_weight, other_age))
    swapped = meet(even_layer((other, 0), other_weight, other_age), even_layer((one, 0), weight, age))
    np.testing.assert_allclose(met, swapped, atol=1e-3)
    assert np.isfinite(met).all()
    expected = 1 - (1 - weight) * (1 - other_weight)
    np.testing.assert_allclose(met[..., 2], expected, atol=1e-3)
    low, high = sorted((one, other))
    assert (met[..., 0] >= expected * low - 0.2).all()
    assert (met[..., 0] <= expected * high + 0.2).all()


def test_the_nearer_of_two_equals_counts_more_and_a_key_frame_itself_alone() -> None:
    near, far = even_layer((10, 0), 0.8, 5), even_layer((20, 0), 0.8, 15)
    met = meet(near, far)
    np.testing.assert_allclose(met[..., 0] / met[..., 2], 12.5, atol=0.05)
    at_key = meet(even_layer((10, 0), 1, 0), even_layer((20, 0), 1, 15))
    np.testing.assert_allclose(at_key[..., 0], 10, atol=0.01)


def test_a_key_frame_lets_earlier_colours_pass_where_it_has_no_opinion() -> None:
    weight = np.zeros((SIDE, SIDE), np.float32)
    weight[:, :50] = 1
    key = KeyFrame.from_ab(np.full((SIDE, SIDE, 2), 30, np.float32), weight)
    covered = cover(key.layer(), even_layer((-10, -10), 0.5, 4))
    np.testing.assert_allclose(covered[:, :50], np.full((SIDE, 50, 4), (30, 30, 1, 0)))
    np.testing.assert_allclose(covered[:, 50:], np.full((SIDE, SIDE - 50, 4), (-5, -5, 0.5, 2)))


def test_a_weaker_layer_keeps_its_colours_and_ages() -> None:
    weaker = attenuate(even_layer((10, 20), 0.8, 3), np.full((SIDE, SIDE), 0.5, np.float32), 7)
    np.testing.assert_allclose(weaker, np.full((SIDE, SIDE, 4), (4, 8, 0.4, 4)), rtol=1e-5)
