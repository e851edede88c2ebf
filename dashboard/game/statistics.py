"""Fooling rates (how often our colours were taken for the real ones) with their intervals, explained in words.

The test is that of R. Zhang, P. Isola, A. A. Efros, "Colorful Image Colorization", ECCV 2016, section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from scipy.stats import binomtest

from dashboard.game.rounds import Vote
from dashboard.shared.language import mark, tr

PAPER = 0.32  # share of the trials in which the full method of the paper fooled people (table 1)
PERFECT = 0.5  # nobody can tell which is which
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Rate:
    """`fooled` of `votes` took our version for the real one. Raises ValueError unless 0 <= fooled <= votes >= 1."""

    fooled: int
    votes: int

    def __post_init__(self) -> None:
        if not 0 <= self.fooled <= self.votes or self.votes < 1:
            raise ValueError(f"expected at least one vote and at most all fooled, got {self.fooled} of {self.votes}")

    @property
    def share(self) -> float:
        """The fooling rate, 0..1."""
        return self.fooled / self.votes

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share, 0..1, for independent votes (E. B. Wilson, JASA 22, 1927)."""
        found = binomtest(self.fooled, self.votes).proportion_ci(CONFIDENCE, method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True)
class Tally:
    """The votes on one picture. `picture`: index in the set."""

    picture: int
    rate: Rate


def combine_tallies(tallies: Iterable[Tally]) -> Rate:
    """The rate of all pictures together. Raises ValueError if there are no tallies."""
    rates = [tally.rate for tally in tallies]
    return Rate(sum(rate.fooled for rate in rates), sum(rate.votes for rate in rates))


def tally_votes(votes: Iterable[Vote]) -> list[Tally]:
    """Count the votes of each picture."""
    fooled: dict[int, list[bool]] = {}
    for vote in votes:
        fooled.setdefault(vote.picture, []).append(vote.fooled)
    return [Tally(picture, Rate(sum(each), len(each))) for picture, each in fooled.items()]


def sort_by_fooling(tallies: Iterable[Tally]) -> list[Tally]:
    """Sort by share, highest first; equal shares by the number of votes, then by the order in the set."""
    return sorted(tallies, key=lambda tally: (-tally.rate.share, -tally.rate.votes, tally.picture))


def format_percent(share: float) -> str:
    """A share in whole percent: 0.316 -> "32 %"."""
    return f"{100 * share:.0f} %"


def explain_interval(rate: Rate) -> str:
    """Two sentences that compare the rate with the paper and with pure guessing."""
    return " ".join(
        tr(words[_compare(value, rate.interval)], share=format_percent(value)) for value, words in _WORDS.items()
    )


def _compare(value: float, interval: tuple[float, float]) -> int:
    """-1 if the interval lies below the value, 1 if it lies above, else 0."""
    low, high = interval
    return (low > value) - (high < value)


_WORDS = {
    PAPER: {
        -1: mark("In the original study (2016), the computer fooled people more often: {share}."),
        0: mark("In the original study (2016), the computer reached {share}: no clear difference."),
        1: mark("In the original study (2016), the computer fooled people less often: {share}."),
    },
    PERFECT: {
        -1: mark("At {share} people can only guess. Here the real colours can still be told."),
        0: mark("At {share} people can only guess. That is possible here."),
        1: mark("At {share} people can only guess. This is above it: our colours looked more real than the real ones."),
    },
}
