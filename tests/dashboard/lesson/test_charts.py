"""The charts: their data, and that Vega-Lite's schema accepts them."""

from __future__ import annotations

import altair
import numpy as np
import pytest

from dashboard.lesson.charts import (
    Columns,
    counts_chart,
    distribution_chart,
    distribution_rows,
    histogram_rows,
    point_colors,
    weights_chart,
)
from dashboard.lesson.lesson import Spot

WEIGHT = np.arange(313, dtype=np.float64)


def spot(truth: tuple[float, float] | None) -> Spot:
    probabilities = np.random.default_rng(0).dirichlet(np.ones(313)).astype(np.float32)
    known = None if truth is None else np.array(truth, np.float32)
    return Spot(3, 4, 60.0, probabilities, np.array([1.5, -2.5], np.float32), known)


def counts(**of: int) -> np.ndarray:
    """Of 313, by number: counts(_5=10)."""
    result = np.zeros(313, np.intp)
    for name, count in of.items():
        result[int(name[1:])] = count
    return result


@pytest.mark.parametrize(
    ("spec", "data"),
    [
        (distribution_chart(with_truth=False), distribution_rows(spot(None))),
        (distribution_chart(with_truth=True), distribution_rows(spot((9, 8)))),
        (counts_chart(), histogram_rows(counts(_5=10, _9=3), WEIGHT)),
        (weights_chart(), histogram_rows(counts(_5=10, _9=3), WEIGHT)),
    ],
    ids=["distribution", "with truth", "counts", "weights"],
)
def test_the_specification_is_vega_lite_and_its_fields_are_in_the_data(spec: dict[str, object], data: Columns) -> None:
    rows = [dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)]
    chart = altair.Chart.from_dict({**spec, "data": {"values": rows}})  # validates
    assert fields(chart.to_dict()) <= set(data)


def fields(node: object) -> set[str]:
    """All "field" names in a specification."""
    if isinstance(node, dict):
        own = {node["field"]} if isinstance(node.get("field"), str) else set()
        return own.union(*(fields(value) for value in node.values()))
    return set().union(*(fields(value) for value in node)) if isinstance(node, list) else set()


def test_every_colour_is_a_dot_of_its_own_and_mean_and_truth_are_marked() -> None:
    given = spot((30, 40))
    data = distribution_rows(given)
    assert {len(column) for column in data.values()} == {315}
    assert len(set(data["colour"][:313])) > 250  # colours outside the gamut are clipped to the same colour
    np.testing.assert_allclose(data["probability"][:313], given.probabilities)
    marks = list(zip(data["name"], data["a"], data["b"], strict=True))[313:]
    assert marks == [("annealed mean", 1.5, -2.5), ("true colour", 30, 40)]
    assert distribution_rows(spot(None))["name"][313:] == ["annealed mean"]


def test_the_histogram_has_what_occurs_the_most_common_first() -> None:
    given = counts(_200=7, _5=90, _30=3)
    data = histogram_rows(given, WEIGHT)
    assert data["count"] == [90, 7, 3]
    assert data["rank"] == [1, 2, 3]
    assert data["share"] == [0.9, 0.07, 0.03]
    assert data["colour"] == [point_colors()[index] for index in (5, 200, 30)]
    assert data["weight"] == [5, 200, 30]
