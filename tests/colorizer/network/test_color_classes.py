"""The 313 colour points as classes, against SciPy and the arithmetic of the paper's authors."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import multivariate_normal

from colorizer.network.color_classes import (
    PRIOR_SIGMA,
    class_counts,
    classes_for_half,
    nearest_class,
    rebalancing_weights,
    smooth_prior,
)
from colorizer.network.zhang2016 import color_points


@pytest.fixture
def prior() -> NDArray[np.float64]:
    """Class frequencies with a maximum at grey, as in photographs."""
    rarity = np.hypot(*color_points().astype(np.float64).T) / 15
    weight = np.exp(-rarity) * np.random.default_rng(4).uniform(0.2, 1, len(rarity))
    return np.asarray(weight / weight.sum(), np.float64)


def test_nearest_class() -> None:
    ab = np.random.default_rng(0).integers(-130, 131, (20, 30, 2)).astype(np.float32)
    points = color_points()
    distances = np.linalg.norm(np.clip(ab, -128, 128)[:, :, np.newaxis] - points, axis=-1)
    found = np.take_along_axis(distances, nearest_class(ab)[..., np.newaxis], axis=-1)[..., 0]
    np.testing.assert_allclose(found, distances.min(axis=-1), atol=1e-3)  # if two are equally near, either of them


def test_counts_are_those_of_a_search_tree() -> None:
    # Not at the borders between two points, where rounding decides.
    random = np.random.default_rng(1)
    chosen = random.integers(0, 313, 500)
    ab = (color_points()[chosen] + random.uniform(-4, 4, (500, 2))).reshape(20, 25, 2).astype(np.float32)
    _, nearest = cKDTree(color_points()).query(ab.reshape(-1, 2))
    counts = class_counts(ab)
    np.testing.assert_array_equal(counts, np.bincount(nearest, minlength=313))
    assert counts.sum() == 500


def test_smoothing_spreads_a_class_as_a_gaussian_and_keeps_the_sum() -> None:
    points = color_points()
    middle = int(np.flatnonzero((points == 0).all(1))[0])
    alone = np.zeros(313)
    alone[middle] = 1
    bell = multivariate_normal(mean=[0, 0], cov=PRIOR_SIGMA**2).pdf(points)
    np.testing.assert_allclose(smooth_prior(alone), bell / bell.sum(), atol=1e-9)
    spread = smooth_prior(np.random.default_rng(2).dirichlet(np.ones(313)))
    assert spread.sum() == pytest.approx(1)


@pytest.mark.parametrize("share", [0.5, 0.1, 1.0])
def test_weights_are_those_of_the_authors_training_layer(prior: NDArray[np.float64], share: float) -> None:
    """PriorFactor of richzhang/colorization, resources/caffe_traininglayers.py, with alpha 1 and gamma `share`."""
    uniform = np.full(313, 1 / 313)
    mix = (1 - share) * prior + share * uniform
    factor = mix**-1.0
    factor = factor / np.sum(prior * factor)
    np.testing.assert_allclose(rebalancing_weights(prior, uniform_share=share), factor, rtol=1e-12)


def test_a_rare_colour_weighs_more_than_grey_and_the_mean_is_one(prior: NDArray[np.float64]) -> None:
    weight = rebalancing_weights(prior)
    assert weight[prior.argmin()] > 5 * weight[prior.argmax()]
    assert (prior * weight).sum() == pytest.approx(1)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.5, float("nan")])
def test_a_share_out_of_range_is_refused(prior: NDArray[np.float64], share: float) -> None:
    with pytest.raises(ValueError, match=r"uniform share above 0, up to 1, got"):
        rebalancing_weights(prior, uniform_share=share)


def test_half_of_all_by_hand() -> None:
    assert classes_for_half(np.array([0.1, 0.6, 0.3])) == 1
    assert classes_for_half(np.array([0.3, 0.2, 0.3, 0.2])) == 2
    assert classes_for_half(np.full(313, 1 / 313)) == 157


def test_rebalancing_gives_more_colours_a_say(prior: NDArray[np.float64]) -> None:
    assert classes_for_half(prior * rebalancing_weights(prior)) > 1.5 * classes_for_half(prior)
