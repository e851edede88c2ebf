"""Rates and their intervals, compared with the formula of E. B. Wilson, and their explanation in words."""

from __future__ import annotations

import math
import re
from statistics import NormalDist

import pytest

from dashboard.game.rounds import Side, Vote
from dashboard.game.statistics import (
    PAPER,
    PERFECT,
    Rate,
    Tally,
    combine_tallies,
    explain_interval,
    format_percent,
    sort_by_fooling,
    tally_votes,
)


def wilson(fooled: int, votes: int) -> tuple[float, float]:
    """Wilson 1927, equation for the limits, by hand."""
    z = NormalDist().inv_cdf(0.975)
    share = fooled / votes
    middle = share + z * z / (2 * votes)
    half = z * math.sqrt(share * (1 - share) / votes + z * z / (4 * votes * votes))
    return (middle - half) / (1 + z * z / votes), (middle + half) / (1 + z * z / votes)


@pytest.mark.parametrize(("fooled", "votes"), [(0, 1), (1, 1), (0, 5), (2, 5), (5, 5), (32, 100), (480, 1500)])
def test_the_interval_is_wilsons(fooled: int, votes: int) -> None:
    low, high = Rate(fooled, votes).interval
    assert (low, high) == pytest.approx(wilson(fooled, votes), abs=1e-9)
    assert 0 <= low <= fooled / votes <= high <= 1


def test_the_interval_covers_what_it_says() -> None:
    """The exact probability that the interval contains the true share, over all outcomes of 40 votes."""
    for share in (PAPER, PERFECT):
        chances = [math.comb(40, fooled) * share**fooled * (1 - share) ** (40 - fooled) for fooled in range(41)]
        covered = sum(
            chance
            for fooled, chance in enumerate(chances)
            if Rate(fooled, 40).interval[0] <= share <= Rate(fooled, 40).interval[1]
        )
        assert covered == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(("fooled", "votes"), [(0, 0), (-1, 5), (6, 5)])
def test_a_rate_of_nothing_is_refused(fooled: int, votes: int) -> None:
    with pytest.raises(ValueError, match=re.escape(f"got {fooled} of {votes}")):
        Rate(fooled, votes)


def vote(picture: int, chosen: Side) -> Vote:
    return Vote(picture, "A", chosen)


def test_votes_are_counted_by_picture() -> None:
    tallies = tally_votes([vote(2, "A"), vote(0, "B"), vote(2, "B"), vote(0, "B")])
    assert sorted(tallies, key=lambda tally: tally.picture) == [Tally(0, Rate(2, 2)), Tally(2, Rate(1, 2))]
    assert combine_tallies(tallies) == Rate(3, 4)
    with pytest.raises(ValueError, match="at least one vote"):
        combine_tallies([])


def test_what_fooled_most_comes_first() -> None:
    tallies = [Tally(0, Rate(1, 4)), Tally(1, Rate(2, 4)), Tally(2, Rate(4, 8)), Tally(3, Rate(2, 2))]
    assert [tally.picture for tally in sort_by_fooling(tallies)] == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("rate", "paper", "perfect"),
    [
        (Rate(10, 100), "fooled people more often", "can still be told"),
        (Rate(32, 100), "no clear difference", "can still be told"),
        (Rate(2, 5), "no clear difference", "possible here"),
        (Rate(50, 100), "fooled people less often", "possible here"),
        (Rate(80, 100), "fooled people less often", "more real than the real ones"),
    ],
)
def test_the_words_follow_from_the_interval(rate: Rate, paper: str, perfect: str) -> None:
    said = explain_interval(rate)
    assert paper in said.split(". ")[0]
    assert perfect in said
    assert "32 %" in said
    assert "50 %" in said


def test_shares_are_whole_percent() -> None:
    assert [format_percent(share) for share in (0.0, 0.316, 1.0)] == ["0 %", "32 %", "100 %"]
