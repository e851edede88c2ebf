"""Key frames vote on things alike: a change that all agree on goes on, one that they do not agree on stays away."""

from __future__ import annotations

import numpy as np
import pytest

from colorizer.arrays import Floats
from colorizer.edits.reference import GRID
from colorizer.frames.keyframes.key_frame import KeyFrame
from colorizer.frames.keyframes.votes import Voter, vote
from colorizer.frames.optical_flow import SIDE

AUTOMATIC = np.zeros((56, 56, 2), np.float32)


def features_of(labels: np.ndarray) -> list[Floats]:
    """Maps in which cells (GRID, GRID) of one label are alike, and others are not."""
    directions = np.random.default_rng(0).normal(size=(int(labels.max()) + 1, 64)).astype(np.float32)
    return [np.ascontiguousarray(np.moveaxis(directions[labels], -1, 0))]


def halves() -> np.ndarray:
    labels = np.zeros((GRID, GRID), int)
    labels[:, GRID // 2 :] = 1
    return labels


def key_of_halves(left: tuple[float, float], right: tuple[float, float]) -> KeyFrame:
    ab = np.empty((SIDE, SIDE, 2), np.float32)
    ab[:, : SIDE // 2], ab[:, SIDE // 2 :] = left, right
    return KeyFrame.from_ab(ab)


def test_things_alike_take_the_key_frames_change_wherever_they_are() -> None:
    voter = Voter.from_key(0, key_of_halves((20, 0), (0, -30)), features_of(halves()), AUTOMATIC)
    change = vote(9, features_of(halves()[:, ::-1]), [voter])
    np.testing.assert_allclose(change[:, 2 : GRID // 2 - 2], np.full((GRID, GRID // 2 - 4, 2), (0, -30)), atol=1)
    np.testing.assert_allclose(change[:, GRID // 2 + 2 : -2], np.full((GRID, GRID // 2 - 4, 2), (20, 0)), atol=1)


def test_only_wanted_cells_are_voted_for() -> None:
    features, wanted = features_of(halves()), np.zeros((GRID, GRID), np.bool_)
    wanted[5:9, 3:20] = True
    voter = Voter.from_key(0, key_of_halves((20, 0), (0, -30)), features, AUTOMATIC)
    change = vote(9, features, [voter], wanted)
    np.testing.assert_allclose(change[wanted], vote(9, features, [voter])[wanted], atol=1e-4)
    np.testing.assert_array_equal(change[~wanted], 0)
    np.testing.assert_array_equal(vote(9, features, [voter], np.zeros_like(wanted)), 0)


def test_a_change_of_everything_goes_on_to_what_is_like_nothing() -> None:
    features = [np.random.default_rng(seed).normal(size=(64, GRID, GRID)).astype(np.float32) for seed in (1, 2)]
    everywhere = Voter.from_key(0, key_of_halves((15, 15), (15, 15)), features[:1], AUTOMATIC)
    np.testing.assert_allclose(vote(5, features[1:], [everywhere]), 15, atol=0.5)


def test_a_vote_that_does_not_agree_counts_for_little() -> None:
    random = np.random.default_rng(3)
    features = [random.normal(size=(64, GRID, GRID)).astype(np.float32) for _ in range(2)]
    key = KeyFrame.from_ab(random.normal(0, 30, (GRID, GRID, 2)).astype(np.float32))
    change = vote(5, features[1:], [Voter.from_key(0, key, features[:1], AUTOMATIC)])
    assert np.abs(change).mean() < 5


def test_where_the_key_frame_has_no_opinion_nothing_changes() -> None:
    key = KeyFrame(key_of_halves((20, 0), (0, -30)).ab, np.zeros((SIDE, SIDE), np.float32))
    voter = Voter.from_key(0, key, features_of(halves()), AUTOMATIC)
    np.testing.assert_array_equal(vote(9, features_of(halves()), [voter]), 0)


def test_the_nearest_key_frames_are_asked() -> None:
    features = features_of(halves())
    voters = [
        Voter.from_key(number, key_of_halves((number, 0), (number, 0)), features, AUTOMATIC)
        for number in range(0, 100, 10)
    ]
    assert vote(91, features, voters)[..., 0].mean() == pytest.approx(75, abs=2), "expected the mean of 60 to 90"
