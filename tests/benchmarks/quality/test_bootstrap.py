from __future__ import annotations

import numpy as np
import pytest

from benchmarks.quality.bootstrap import RESAMPLES, Estimate, Figure, draw_counts

MEAN = Figure("mean", "values")
SHARE = Figure("share", "part", "whole", scale=100)


def test_the_first_row_of_counts_is_the_sample_and_every_row_has_its_size() -> None:
    counts = draw_counts(30)
    assert counts.shape == (1 + RESAMPLES, 30)
    assert (counts[0] == 1).all()
    assert (counts.sum(1) == 30).all()
    assert len(np.unique(counts[1:], axis=0)) == RESAMPLES
    np.testing.assert_array_equal(counts, draw_counts(30))


def test_a_figure_is_a_ratio_of_sums() -> None:
    statistics = {"part": np.array([1.0, 0.0, 2.0]), "whole": np.array([2.0, 8.0, 2.0])}
    counts = np.array([[1, 1, 1], [0, 0, 3], [1, 2, 0]])
    np.testing.assert_allclose(SHARE.of_resamples(statistics, counts), [25, 100, 100 / 18])


def test_the_interval_of_a_mean_is_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(0).normal(5, 2, 400)
    statistics = {"values": values, "photographs": np.ones(400)}
    estimate = Estimate.from_resamples(MEAN.of_resamples(statistics, draw_counts(400)))
    reach = 1.96 * values.std(ddof=1) / np.sqrt(400)
    assert estimate.value == pytest.approx(values.mean())
    assert estimate.low == pytest.approx(values.mean() - reach, abs=0.03)
    assert estimate.high == pytest.approx(values.mean() + reach, abs=0.03)
    spread = Estimate.from_spread(MEAN.of_resamples(statistics, draw_counts(400)))
    assert spread.low == pytest.approx(estimate.low, abs=0.03)
    assert spread.high == pytest.approx(estimate.high, abs=0.03)


def test_intervals_hold_the_true_mean_as_often_as_they_say() -> None:
    random, counts = np.random.default_rng(0), draw_counts(100)
    held = 0
    for _ in range(300):
        statistics = {"values": random.exponential(1, 100), "photographs": np.ones(100)}
        estimate = Estimate.from_resamples(MEAN.of_resamples(statistics, counts))
        held += estimate.low < 1 < estimate.high
    assert 0.90 <= held / 300 <= 0.98


def test_a_paired_difference_is_surer_than_the_figures() -> None:
    random, counts = np.random.default_rng(0), draw_counts(100)
    one = random.normal(0, 5, 100)
    other = one + random.normal(0.5, 0.1, 100)
    values = [MEAN.of_resamples({"values": each, "photographs": np.ones(100)}, counts) for each in (one, other)]
    difference, alone = Estimate.from_resamples(values[1] - values[0]), Estimate.from_resamples(values[1])
    assert difference.is_change
    assert not alone.is_change
    assert difference.high - difference.low < (alone.high - alone.low) / 10


def test_what_is_not_there_is_not_estimated() -> None:
    statistics = {"part": np.zeros(3), "whole": np.zeros(3)}
    assert np.isnan(Estimate.from_resamples(SHARE.of_resamples(statistics, draw_counts(3))).low)
    rare = {"part": np.array([1.0, 0, 0]), "whole": np.array([2.0, 0, 0])}  # some resamples are without it
    estimate = Estimate.from_resamples(SHARE.of_resamples(rare, draw_counts(3)))
    assert (estimate.low, estimate.value, estimate.high) == (50, 50, 50)
