"""Figures with 95 % intervals, by the bootstrap over photographs (Efron 1979).

Every figure is a ratio of two sums over photographs: of gains and of ones for a mean gain, of colourfulness and of true
colourfulness for a share, of areas and of pixels for AuC. So one matrix of counts gives all figures of all resamples.
It is seeded and shared by all networks, which makes the intervals of differences paired ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.metrics import Doubles

RESAMPLES = 1000
LEVEL = 95  # per cent
NORMAL_QUANTILE = 1.96  # standard deviations to each side, for this level

Statistics = Mapping[str, Doubles]  # by name, one value for each photograph: (N,)


@dataclass(frozen=True)
class Estimate:
    """A figure and the ends of its interval. All are NaN where nothing was there to measure."""

    value: float
    low: float
    high: float

    @classmethod
    def from_resamples(cls, values: Doubles) -> Estimate:
        """From the figure of the sample itself, which comes first, and those of its resamples: percentiles."""
        if not np.isfinite(values[0]):
            return cls(np.nan, np.nan, np.nan)
        tail = (100 - LEVEL) / 2
        low, high = np.nanpercentile(values[1:], (tail, 100 - tail))
        return cls(float(values[0]), float(low), float(high))

    @classmethod
    def from_spread(cls, values: Doubles) -> Estimate:
        """The same by the standard deviation of the resamples, for a figure that resampling shifts."""
        reach = NORMAL_QUANTILE * float(values[1:].std())
        return cls(float(values[0]), float(values[0]) - reach, float(values[0]) + reach)

    @property
    def is_change(self) -> bool:
        """Whether the interval does not hold 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Column:
    """A column of a table, and the digits behind its decimal point."""

    title: str
    digits: int = field(default=2, kw_only=True)


@dataclass(frozen=True)
class Figure(Column):
    """The sum of one statistic over the photographs, divided by that of another, times `scale`."""

    numerator: str
    denominator: str = "photographs"
    scale: float = 1.0

    def of_resamples(self, statistics: Statistics, counts: NDArray[np.intp]) -> Doubles:
        """The figure of each row of `counts` (R, N): (R,); NaN where the denominator is 0."""
        above, below = counts @ statistics[self.numerator], counts @ statistics[self.denominator]
        missing = np.full(len(counts), np.nan)
        return np.asarray(np.divide(self.scale * above, below, out=missing, where=below != 0), np.float64)


def draw_counts(photographs: int, resamples: int = RESAMPLES) -> NDArray[np.intp]:
    """How often each photograph counts: (1 + resamples, photographs). The first row is the sample itself: once each."""
    random = np.random.default_rng(0)
    drawn = random.multinomial(photographs, np.full(photographs, 1 / photographs), size=resamples)
    return np.vstack([np.ones((1, photographs), np.intp), drawn.astype(np.intp)])
