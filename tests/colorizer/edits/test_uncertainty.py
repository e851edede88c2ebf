"""Uncertainty: entropy against SciPy, the smallest set of a given probability, and the overlay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy

from colorizer.arrays import Floats
from colorizer.edits.uncertainty import CREDIBLE, LEGEND, draw_overlay, entropy, mass_above


def distributions(seed: int, count: int) -> Floats:
    """Some that are even and some that have a peak: (count, 3, 4) float32."""
    random = np.random.default_rng(seed)
    drawn = random.dirichlet(np.full(count, random.uniform(0.05, 5)), size=(3, 4))
    return np.ascontiguousarray(np.moveaxis(drawn, -1, 0), np.float32)


@given(seed=st.integers(0, 2**16), count=st.integers(2, 313))
def test_entropy_is_that_of_scipy_as_a_share_of_the_largest(seed: int, count: int) -> None:
    probabilities = distributions(seed, count)
    found = entropy(probabilities)
    assert found.dtype == np.float32
    assert np.allclose(found, scipy_entropy(probabilities.astype(np.float64), base=count, axis=0), atol=1e-5)
    assert found.min() >= 0
    assert found.max() <= 1


def test_the_ends_of_entropy() -> None:
    certain, even = np.zeros((313, 1, 1), np.float32), np.full((313, 1, 1), 1 / 313, np.float32)
    certain[5] = 1
    assert entropy(certain) == 0
    assert entropy(even) == pytest.approx(1)


@given(seed=st.integers(0, 2**16), count=st.integers(2, 40))
def test_the_smallest_set_of_a_probability_holds_what_it_says(seed: int, count: int) -> None:
    probabilities = distributions(seed, count)[:, 0, 0]
    is_in = [mass_above(probabilities, np.array(color)) < CREDIBLE for color in range(count)]
    total = probabilities[is_in].sum()
    assert total >= CREDIBLE - 1e-4
    assert total - probabilities[is_in].min() < CREDIBLE + 1e-4, "a smaller set would do"
    assert probabilities.argmax() in np.flatnonzero(is_in)


def test_the_overlay_is_readable_without_colour() -> None:
    ramp = np.linspace(0, 1, 200, dtype=np.float32)[np.newaxis].repeat(20, axis=0)
    overlay = draw_overlay(np.full((20, 200), 128, np.uint8), ramp)
    assert overlay.shape == (20, 200, 3)
    brightness = overlay @ np.array([0.2126, 0.7152, 0.0722])
    assert np.all(np.diff(brightness[0, ::10]) > 0), "the scale must rise in lightness too"
    blue, yellow = overlay[0, 0].astype(int), overlay[0, -1].astype(int)
    assert blue[2] > blue[0]
    assert yellow[0] > yellow[2]
    assert [place for place, _ in LEGEND] == [0, 0.5, 1]


def test_the_overlay_has_the_size_of_its_picture() -> None:
    for shape in ((50, 70), (50, 70, 3)):
        assert draw_overlay(np.zeros(shape, np.uint8), np.zeros((5, 7), np.float32)).shape == (50, 70, 3)
