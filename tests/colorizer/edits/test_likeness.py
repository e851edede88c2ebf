"""How alike places are, and how hints share them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from scipy.special import softmax

from colorizer.arrays import Floats
from colorizer.edits.likeness import BIAS, FARNESS, KEPT, MOST_CELLS, score_map, shares_of

SCORES = arrays(np.float32, array_shapes(min_dims=3, max_dims=3, max_side=6), elements=st.floats(-1e4, 7, width=32))


def vectors_of(seed: int, height: int, width: int, *, spread: float = 1.0) -> Floats:
    return np.random.default_rng(seed).normal(0, spread, (8, height, width)).astype(np.float32)


def cells_of(*cells: tuple[int, int]) -> NDArray[np.intp]:
    return np.array(cells, np.intp)


def expected_scores(vectors: Floats, cells: NDArray[np.intp]) -> NDArray[np.float64]:
    """By the differences themselves, each of its own."""
    _, height, width = vectors.shape
    places = np.array([(row / height, column / width) for row in range(height) for column in range(width)])
    flat = vectors.reshape(len(vectors), -1).T.astype(np.float64)
    chosen = cells[:, 0] * width + cells[:, 1]
    apart, far = (cdist(each[chosen], each, "sqeuclidean").min(0) for each in (flat, places))
    return np.asarray(BIAS - apart - FARNESS * far).reshape(height, width)


def test_the_numbers_of_the_training_make_sense() -> None:
    assert BIAS > 0, "a place would not take its own colour"
    assert FARNESS >= 0
    assert 0 <= KEPT <= 1


@settings(max_examples=100, deadline=None)
@given(SCORES)
def test_shares_are_those_of_a_softmax_with_a_score_of_0_for_none(scores: Floats) -> None:
    shares = shares_of(scores)
    with_none = np.concatenate([scores, np.zeros_like(scores[:1])]).astype(np.float64)
    assert shares.dtype == np.float32
    assert np.allclose(shares, softmax(with_none, axis=0)[:-1], atol=1e-6)
    assert shares.min() >= 0
    assert shares.sum(0).max() < 1


@settings(max_examples=50, deadline=None)
@given(SCORES.flatmap(lambda scores: st.tuples(st.just(scores), st.permutations(range(len(scores))))))
def test_the_order_of_hints_does_not_matter(given_scores: tuple[Floats, list[int]]) -> None:
    scores, order = given_scores
    assert np.allclose(shares_of(scores[order]), shares_of(scores)[order], atol=1e-6)


@pytest.mark.parametrize("score", [-1e30, -1e4, 100.0, 1e30])
def test_no_score_is_too_far_out(score: float) -> None:
    shares = shares_of(np.full((3, 2, 2), score, np.float32))
    assert np.allclose(shares, 1 / 3 if score > 0 else 0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 9), st.data())
def test_a_score_is_the_bias_less_the_distance_to_the_nearest_cell(
    seed: int, height: int, width: int, draw: Any
) -> None:
    cell = st.tuples(st.integers(0, height - 1), st.integers(0, width - 1))
    cells = cells_of(*draw.draw(st.lists(cell, min_size=1, max_size=2)))
    vectors = vectors_of(seed, height, width, spread=2)
    scores = score_map(vectors, cells)
    assert scores.shape == (height, width)
    assert scores.dtype == np.float32
    assert np.allclose(scores, expected_scores(vectors, cells), atol=1e-3)
    assert np.allclose(scores[tuple(cells.T)], BIAS, atol=1e-3)
    assert scores.max() <= np.float32(BIAS)


def test_what_a_stroke_only_touches_has_no_say() -> None:
    vectors = np.zeros((8, 10, 30), np.float32)
    vectors[:, :, :20], vectors[:, :, 20:] = 1, 5
    scores = score_map(vectors, cells_of(*((5, column) for column in range(4, 24))))  # 16 cells here, 4 there
    assert scores[5, 10] > 0 > scores[5, 25]


def test_of_places_with_equal_vectors_the_nearer_has_the_higher_score() -> None:
    scores = score_map(np.ones((8, 12, 20), np.float32), cells_of((6, 3)))
    assert np.all(np.diff(scores[6, 3:]) < 0)
    assert np.all(np.diff(scores[6, :4]) > 0)
    assert scores[6, 19] == pytest.approx(BIAS - FARNESS * (16 / 20) ** 2, abs=1e-3)


def test_a_long_stroke_is_represented_from_its_first_cell_to_its_last() -> None:
    height, width = 30, 40
    cells = np.argwhere(np.ones((height, width), bool))
    assert len(cells) > 10 * MOST_CELLS
    scores = score_map(np.zeros((8, height, width), np.float32), cells)
    assert np.allclose(scores, BIAS, atol=FARNESS * 0.5**2)
    assert scores[0, 0] == scores[-1, -1] == pytest.approx(BIAS, abs=1e-4)
    assert np.count_nonzero(scores > BIAS - 1e-5) >= MOST_CELLS
