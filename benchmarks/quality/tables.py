"""Tables of figures with their intervals, as Markdown and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.quality.bootstrap import Column, Estimate, Figure, Statistics, draw_counts

Groups = Mapping[str, Mapping[str, Statistics]]  # group -> name of the result -> statistics of its photographs


@dataclass(frozen=True)
class Table:
    """`rows`: the labels of each, and its estimates in the order of `columns`."""

    title: str
    labels: tuple[str, ...]
    columns: Sequence[Column]
    rows: Sequence[tuple[tuple[str, ...], list[Estimate]]]
    are_differences: bool = False

    def markdown(self) -> str:
        titles = [*self.labels, *(column.title for column in self.columns)]
        lines = [f"### {self.title}\n", "| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]
        for labels, estimates in self.rows:
            cells = [self._cell(*pair) for pair in zip(estimates, self.columns, strict=True)]
            lines.append("| " + " | ".join([*labels, *cells]) + " |")
        return "\n".join(lines)

    def _cell(self, estimate: Estimate, column: Column) -> str:
        """ "value [low, high]", empty where nothing was measured. Sure differences are bold."""
        if estimate.value != estimate.value:
            return ""
        form = f"{'+' if self.are_differences else ''}z.{column.digits}f"  # z: no minus before zero
        text = f"{estimate.value:{form}} [{estimate.low:{form}}, {estimate.high:{form}}]"
        return f"**{text}**" if self.are_differences and estimate.is_change else text

    def as_data(self) -> dict[str, Any]:
        """For JSON: the title and the rows, with [value, low, high] of each figure; None where nothing was measured."""
        rows = [
            dict(zip(self.labels, labels, strict=True))
            | {
                column.title: None if each.value != each.value else [each.value, each.low, each.high]
                for column, each in zip(self.columns, estimates, strict=True)
            }
            for labels, estimates in self.rows
        ]
        return {"title": self.title, "rows": rows}


def tabulate(title: str, label: str, groups: Groups, figures: Sequence[Figure]) -> Table:
    """A row for each group and result."""
    rows = []
    for group, results in groups.items():
        for name, statistics in results.items():
            rows.append(((group, name), estimate(figures, statistics)))
    return Table(title, (label, "network"), figures, rows)


def estimate(figures: Sequence[Figure], statistics: Statistics) -> list[Estimate]:
    """The figures of some photographs, with their intervals."""
    counts = draw_counts(_size(statistics))
    return [Estimate.from_resamples(figure.of_resamples(statistics, counts)) for figure in figures]


def tabulate_differences(
    title: str, label: str, groups: Groups, figures: Sequence[Figure], references: Mapping[str, str]
) -> Table:
    """A row for each group and each result that has a reference: its figures minus those of the reference."""
    rows = []
    for group, results in groups.items():
        for name, reference in references.items():
            counts = draw_counts(_size(results[name]))
            values = [
                figure.of_resamples(results[name], counts) - figure.of_resamples(results[reference], counts)
                for figure in figures
            ]
            rows.append(((group, name), [Estimate.from_resamples(each) for each in values]))
    return Table(title, (label, "network"), figures, rows, are_differences=True)


def _size(statistics: Statistics) -> int:
    return len(next(iter(statistics.values())))
