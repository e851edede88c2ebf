from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import sqrtm

from benchmarks.metrics import area_under_curve, class_weights, colorfulness, frechet_distance
from colorizer.network.color_classes import class_counts, nearest_class


def test_grey_has_no_colourfulness() -> None:
    gray = np.random.default_rng(0).integers(0, 256, (20, 30, 1), np.uint8)
    assert colorfulness(np.repeat(gray, 3, axis=2)) == 0


def test_colourfulness_by_hand() -> None:
    # Red and black: rg is 255 and 0, mean and deviation 127.5; yb is 127.5 and 0, mean and deviation 63.75.
    picture = np.array([[[255, 0, 0], [0, 0, 0]]], np.uint8)
    assert colorfulness(picture) == pytest.approx(1.3 * np.hypot(127.5, 63.75))
    # One colour everywhere: no deviation, and yb is (100 + 50) / 2 - 30.
    flat = np.full((5, 6, 3), (100, 50, 30), np.uint8)
    assert colorfulness(flat) == pytest.approx(0.3 * np.hypot(50, 45))


def test_colourfulness_of_absolute_differences_by_hand() -> None:
    # Red and green: rg is 255 and -255; yb is 127.5 in both. Absolute, neither varies.
    picture = np.array([[[255, 0, 0], [0, 255, 0]]], np.uint8)
    assert colorfulness(picture) == pytest.approx(255 + 0.3 * 127.5)
    assert colorfulness(picture, absolute=True) == pytest.approx(0.3 * np.hypot(255, 127.5))


def test_the_area_under_the_error_curve_by_hand() -> None:
    """Of the 151 thresholds 0..150, an error of 0 is within all, of 30 within 121, of 1000 within none."""
    truth = np.zeros((1, 4, 2), np.float32)
    ab = np.array([[[0, 0], [30, 0], [18, 24], [1000, 0]]], np.float32)
    np.testing.assert_allclose(area_under_curve(ab, truth), np.array([[151, 121, 121, 0]]) / 151)
    assert (area_under_curve(ab, ab) == 1).all()


def test_the_area_is_that_under_the_curve_of_shares() -> None:
    random = np.random.default_rng(0)
    ab, truth = random.normal(0, 40, (2, 50, 60, 2)).astype(np.float32)
    error = np.hypot(*np.moveaxis((ab - truth).astype(np.float64), -1, 0))
    shares = [(error <= threshold).mean() for threshold in range(151)]
    assert area_under_curve(ab, truth).mean() == pytest.approx(np.mean(shares))


def test_rebalanced_a_rare_colour_counts_for_more() -> None:
    truth = np.zeros((1, 5, 2), np.float32)
    truth[0, 4] = 80
    weights = class_weights(class_counts(truth))
    assert weights.shape == (313,)
    common, rare = weights[nearest_class(truth)[0, [0, 4]]]
    assert rare == pytest.approx(4 * common, rel=0.2)  # the smoothed frequencies are not exactly 4 to 1
    assert np.isfinite(weights).all()


def test_the_frechet_distance_of_equal_samples_is_0_and_of_shifted_ones_the_squared_shift() -> None:
    sample = np.random.default_rng(0).normal(0, 3, (40, 90))  # fewer vectors than dimensions
    shift = np.linspace(-1, 1, 90)
    assert frechet_distance(sample, sample) == pytest.approx(0, abs=1e-8)
    assert frechet_distance(sample, sample + shift) == pytest.approx(np.square(shift).sum())


def test_the_frechet_distance_of_wider_gaussians() -> None:
    """For standard deviations s and t it is the sum of (s - t)^2 over the dimensions."""
    sample = np.random.default_rng(0).normal(0, 1, (100, 4))
    sample -= sample.mean(0)
    expected = (3 - 1) ** 2 * sample.var(0, ddof=1).sum()
    assert frechet_distance(sample, 3 * sample) == pytest.approx(expected)


def test_the_frechet_distance_by_its_definition() -> None:
    random = np.random.default_rng(0)
    one, other = random.normal(0, 1, (60, 5)) @ random.normal(0, 1, (5, 5)), random.normal(1, 2, (60, 5))
    covariances = np.cov(one.T), np.cov(other.T)
    expected = np.square(one.mean(0) - other.mean(0)).sum() + np.trace(
        covariances[0] + covariances[1] - 2 * sqrtm(covariances[0] @ covariances[1]).real
    )
    assert frechet_distance(one, other) == pytest.approx(expected)


def test_counts_stand_for_repeated_vectors() -> None:
    random = np.random.default_rng(0)
    one, other = random.normal(0, 1, (2, 30, 5))
    counts = random.integers(0, 4, 30)
    repeated = frechet_distance(np.repeat(one, counts, axis=0), np.repeat(other, counts, axis=0))
    assert frechet_distance(one, other, counts) == pytest.approx(repeated)
