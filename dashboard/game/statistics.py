"""How often our colours were taken for the true ones: rates with their intervals, and what they mean in words.

The test is that of R. Zhang, P. Isola, A. A. Efros, "Colorful Image Colorization", ECCV 2016, section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from scipy.stats import binomtest

from dashboard.game.rounds import Vote

PAPER = 0.32  # of the trials fooled people, of their full method (table 1)
PERFECT = 0.5  # nobody can tell which is which
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Rate:
    """So many of the votes took ours for the true one. Raises ValueError unless 0 <= fooled <= votes >= 1."""

    fooled: int
    votes: int

    def __post_init__(self) -> None:
        if not 0 <= self.fooled <= self.votes or self.votes < 1:
            raise ValueError(f"expected at least one vote and at most all fooled, got {self.fooled} of {self.votes}")

    @property
    def share(self) -> float:
        """0..1."""
        return self.fooled / self.votes

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share, 0..1, as if each vote were drawn by itself: E. B. Wilson, JASA 22, 1927."""
        found = binomtest(self.fooled, self.votes).proportion_ci(CONFIDENCE, method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True)
class Tally:
    """The votes on one picture; `picture`: its number in the set."""

    picture: int
    rate: Rate


def combine_tallies(tallies: Iterable[Tally]) -> Rate:
    """All pictures together. Raises ValueError where there are none."""
    rates = [tally.rate for tally in tallies]
    return Rate(sum(rate.fooled for rate in rates), sum(rate.votes for rate in rates))


def tally_votes(votes: Iterable[Vote]) -> list[Tally]:
    """The votes by picture."""
    fooled: dict[int, list[bool]] = {}
    for vote in votes:
        fooled.setdefault(vote.picture, []).append(vote.fooled)
    return [Tally(picture, Rate(sum(each), len(each))) for picture, each in fooled.items()]


def sort_by_fooling(tallies: Iterable[Tally]) -> list[Tally]:
    """By share; of equal ones first those with more votes, then as they come in the set."""
    return sorted(tallies, key=lambda tally: (-tally.rate.share, -tally.rate.votes, tally.picture))


def format_percent(share: float) -> str:
    """A share in whole percent: 0.316 -> "32 %"."""
    return f"{100 * share:.0f} %"


def explain_interval(rate: Rate) -> str:
    """Two sentences: against the paper, and against nobody being able to tell."""
    return " ".join(words[_compare(value, rate.interval)] for value, words in _WORDS.items())


def _compare(value: float, interval: tuple[float, float]) -> int:
    """-1 where the interval lies below the value, 1 where it lies above, else 0."""
    low, high = interval
    return (low > value) - (high < value)


_WORDS = {
    PAPER: {
        -1: f"The network of the paper fooled people more often, in {format_percent(PAPER)} of its trials.",
        0: f"The network of the paper reached {format_percent(PAPER)}: no clear difference.",
        1: f"The network of the paper fooled people less often, in {format_percent(PAPER)} of its trials.",
    },
    PERFECT: {
        -1: f"Perfect would be {format_percent(PERFECT)}, where one can only guess: our colours can still be told.",
        0: f"Perfect would be {format_percent(PERFECT)}, where one can only guess: that is possible here, too.",
        1: f"That is above {format_percent(PERFECT)}, where one can only guess: "
        "ours looked more real than the real ones.",
    },
}
