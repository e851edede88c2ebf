"""Variants: a good quantizer, a true covariance, and colourings that are coherent, far apart and always the same."""

from __future__ import annotations

import itertools
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest
import scipy.sparse.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.vq import kmeans2
from scipy.sparse.linalg import splu
from skimage import data

from colorizer import Analysis, Look, load_colorizer
from colorizer.arrays import Floats
from colorizer.edits.variants import VARIANTS, covariance_of, quantize, variant_shifts
from colorizer.network.zhang2016 import color_points

POINTS = color_points()


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return load_colorizer("compact").analyze(np.asarray(data.coffee(), np.uint8))


def two_halves(left: dict[int, float], right: dict[int, float]) -> Floats:
    """Distributions (313, 8, 8) over the colour points, one for the left half and another for the right."""
    probabilities = np.full((len(POINTS), 8, 8), 1e-9, np.float32)
    for half, shares in ((np.s_[:, :4], left), (np.s_[:, 4:], right)):
        for point, share in shares.items():
            probabilities[point][half] = share
    return np.asarray(probabilities / probabilities.sum(axis=0), np.float32)


def point_at(a: float, b: float) -> int:
    return int(np.abs(POINTS - (a, b)).sum(axis=1).argmin())


@given(seed=st.integers(0, 2**16), count=st.integers(1, 6), dimensions=st.integers(1, 6))
@settings(max_examples=20, deadline=None)
def test_the_quantizer_is_a_fixed_point_and_as_good_as_that_of_scipy(seed: int, count: int, dimensions: int) -> None:
    drawn = np.random.default_rng(seed).normal(size=(400, dimensions)) * np.linspace(3, 1, dimensions)
    centers = quantize(drawn, count)
    distances = np.linalg.norm(drawn[:, np.newaxis] - centers, axis=-1)
    sizes = np.bincount(distances.argmin(axis=1), minlength=count)
    assert list(sizes) == sorted(sizes, reverse=True) or count > 4, "the largest comes first"
    theirs, _ = kmeans2(drawn, count, iter=40, seed=seed, minit="++")
    other = np.linalg.norm(drawn[:, np.newaxis] - theirs, axis=-1)
    assert np.square(distances.min(axis=1)).mean() < 1.25 * np.square(other.min(axis=1)).mean()


@given(seed=st.integers(0, 2**16))
@settings(max_examples=10, deadline=None)
def test_a_cells_covariance_is_that_of_its_distribution(seed: int) -> None:
    random = np.random.default_rng(seed)
    cells = random.dirichlet(np.full(len(POINTS), 0.1), size=5)
    whole = covariance_of(cells, POINTS)
    for number, cell in enumerate(cells):
        own = whole[2 * number : 2 * number + 2, 2 * number : 2 * number + 2]
        assert np.allclose(own, np.cov(POINTS.T.astype(np.float64), aweights=cell, bias=True), atol=1e-6)
    assert np.allclose(whole, whole.T)
    assert np.linalg.eigvalsh(whole).min() > -1e-6


def test_only_the_half_that_is_in_doubt_changes() -> None:
    red, blue, gray = point_at(60, 40), point_at(10, -50), point_at(0, 0)
    probabilities = two_halves({red: 0.5, blue: 0.5}, {gray: 1.0})
    shifts = variant_shifts(probabilities, POINTS, np.zeros((8, 8, 2), np.float32), 2)
    middle = shifts.shape[1] // 2
    assert np.abs(shifts[:, :, middle + 1 :]).max() < 0.5
    doubt = shifts[:, :, : middle - 1].mean(axis=(1, 2))
    towards_red = (doubt @ (POINTS[red] - POINTS[blue])) / np.linalg.norm(POINTS[red] - POINTS[blue])
    assert towards_red.max() > 10
    assert towards_red.min() < -10
    assert shifts[:, :, : middle - 1].std(axis=(1, 2)).max() < 1, "one thing has one colour"


def test_a_network_that_is_certain_leaves_only_the_saturation() -> None:
    probabilities = two_halves({point_at(20, 20): 1.0}, {point_at(-20, 10): 1.0})
    ab = np.full((8, 8, 2), (30, 10), np.float32)
    shifts = variant_shifts(probabilities, POINTS, ab, 3).reshape(-1, 2)
    assert np.abs(shifts @ (10, -30)).max() / np.hypot(10, 30) < 0.5, "another hue"
    assert np.ptp(shifts[:, 0]) > 10


@given(count=st.integers(1, 6))
@settings(max_examples=6, deadline=None)
def test_any_number_of_variants_is_made_again_the_same(count: int) -> None:
    probabilities = two_halves({3: 0.5, 200: 0.5}, {100: 0.7, 5: 0.3})
    ab = np.random.default_rng(count).normal(0, 10, (8, 8, 2)).astype(np.float32)
    once, again = (variant_shifts(probabilities, POINTS, ab, count) for _ in range(2))
    assert len(once) == count
    assert np.array_equal(once, again)
    assert np.isfinite(once).all()


def test_the_variants_of_a_photograph_differ_and_keep_its_lightness(analysis: Analysis) -> None:
    variants = analysis.variants()
    assert len(variants) == VARIANTS
    colorings = [variant.ab() for variant in variants]
    for one, other in itertools.combinations(colorings, 2):
        assert np.linalg.norm(one - other, axis=-1).mean() > 4
    assert np.array_equal(analysis.variant(2).ab(), colorings[1])
    assert analysis.variant(0) is analysis
    assert np.array_equal(analysis.variants(2)[0].luminance, analysis.luminance)


def test_what_is_solved_for_one_variant_serves_all(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    solver = Mock(wraps=splu)
    monkeypatch.setattr(scipy.sparse.linalg, "splu", solver)
    for variant in replace(analysis).variants():
        variant.ab(Look(warmth=0.5))
    assert solver.call_count == 1


@pytest.mark.parametrize("number", [-1, VARIANTS + 1])
def test_a_variant_that_does_not_exist(number: int, analysis: Analysis) -> None:
    with pytest.raises(ValueError, match=f"expected a variant from 0 .the default. to {VARIANTS}, got {number}"):
        analysis.variant(number)


def test_no_variants_are_refused(analysis: Analysis) -> None:
    with pytest.raises(ValueError, match="expected at least 1 variant, got 0"):
        analysis.variants(0)
