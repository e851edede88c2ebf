"""The charts of the How it works tab as Vega-Lite specifications. The page draws them without any outside request.

They are written as dictionaries and not built with Altair, because Altair validates a chart every time it is drawn.
That takes longer than everything else that a move of the slider causes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from colorizer.color.lab import lab_to_hex
from colorizer.network.zhang2016 import color_points
from dashboard.lesson.lesson import FALSE_LIGHTNESS, Spot

Columns = dict[str, list[Any]]

MEAN, TRUTH = "annealed mean", "true colour"
_CANDIDATE = "candidate"

_AB = {
    "x": {
        "field": "a",
        "type": "quantitative",
        "title": "a: green to red",
        "scale": {"domain": [-100, 110], "nice": False},
    },
    "y": {
        "field": "b",
        "type": "quantitative",
        "title": "b: blue to yellow",
        "scale": {"domain": [-120, 110], "nice": False},
    },
}
_OWN_COLOR = {"field": "colour", "type": "nominal", "scale": None}
_A_AND_B = [{"field": name, "type": "quantitative", "format": ".0f"} for name in ("a", "b")]
_CANDIDATES = {
    "transform": [{"filter": {"field": "kind", "equal": _CANDIDATE}}],
    "mark": {"type": "circle", "opacity": 0.9},
    "encoding": {
        **_AB,
        "color": _OWN_COLOR,
        "size": {
            "field": "probability",
            "type": "quantitative",
            "scale": {"type": "sqrt", "domain": [0, 1], "range": [8, 1600]},
            "legend": None,
        },
        "tooltip": [{"field": "probability", "type": "quantitative", "format": ".2%"}, *_A_AND_B],
    },
}


def _make_marks(kinds: dict[str, str], stroke: str, width: int) -> dict[str, Any]:
    """A layer of outlined marks. `kinds`: the shape of each kind."""
    shape = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(kinds), "range": list(kinds.values())},
        "legend": {"orient": "top", "symbolFillColor": "#888888", "symbolStrokeColor": "#888888"},
    }
    return {
        "transform": [{"filter": {"field": "kind", "oneOf": list(kinds)}}],
        "mark": {"type": "point", "size": 220, "filled": False, "stroke": stroke, "strokeWidth": width},
        "encoding": {**_AB, "shape": shape, "tooltip": [{"field": "kind", "type": "nominal"}, *_A_AND_B]},
    }


def _make_distribution(kinds: dict[str, str]) -> dict[str, Any]:
    """Dots on the ab plane. The marks are black on white, so that they are visible on every colour."""
    return {"height": 420, "layer": [_CANDIDATES, _make_marks(kinds, "white", 5), _make_marks(kinds, "black", 2)]}


# Constant specifications: if only the data change, the page moves the dots and does not build a new chart.
DISTRIBUTION = _make_distribution({MEAN: "cross"})
DISTRIBUTION_AND_TRUTH = _make_distribution({MEAN: "cross", TRUTH: "diamond"})

_BARS = {
    "x": {
        "field": "rank",
        "type": "ordinal",
        "axis": {"labels": False, "ticks": False, "title": "colours, the most common first"},
        "scale": {"padding": 0},
    },
    "color": _OWN_COLOR,
    "tooltip": [
        {"field": "count", "type": "quantitative", "format": ","},
        {"field": "share", "type": "quantitative", "format": ".2%"},
        {"field": "weight", "type": "quantitative", "format": ".2f"},
        *_A_AND_B,
    ],
}


def _make_bars(field: str, title: str, ticks: list[float], foot: float) -> dict[str, Any]:
    """Bars on a logarithmic scale. It has no 0, so the bars start at `foot`."""
    height = {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"type": "log", "nice": False},
        "axis": {"values": ticks, "format": ",~g"},
    }
    return {"height": 240, "mark": {"type": "bar"}, "encoding": {**_BARS, "y": height, "y2": {"datum": foot}}}


COUNTS = _make_bars("count", "how many", [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000], 0.5)
WEIGHTS = _make_bars("weight", "weight", [0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100], 1)


def distribution_rows(spot: Spot) -> Columns:
    """Data of both charts: a row for each of the 313 colours, one for their mean, one for the true colour if known."""
    marks = [(MEAN, spot.mean)] + ([] if spot.truth is None else [(TRUTH, spot.truth)])
    ab = np.vstack([color_points(), *(place for _, place in marks)])
    return {
        "a": ab[:, 0].tolist(),
        "b": ab[:, 1].tolist(),
        "colour": [*point_colors(), *("#000000" for _ in marks)],
        "probability": [*spot.probabilities.tolist(), *(1.0 for _ in marks)],
        "kind": [*(_CANDIDATE for _ in spot.probabilities), *(kind for kind, _ in marks)],
    }


def histogram_rows(counts: NDArray[np.intp], weight: NDArray[np.float64]) -> Columns:
    """Data of `COUNTS` and `WEIGHTS` from (313,) arrays: a row for each colour that occurs, the most common first."""
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    return {
        "rank": list(range(1, len(order) + 1)),
        "a": color_points()[order, 0].tolist(),
        "b": color_points()[order, 1].tolist(),
        "colour": [point_colors()[index] for index in order],
        "count": counts[order].tolist(),
        "share": (counts[order] / counts.sum()).tolist(),
        "weight": weight[order].tolist(),
    }


@cache
def point_colors() -> tuple[str, ...]:
    """The 313 colours as "#rrggbb", all at the lightness `FALSE_LIGHTNESS`."""
    return tuple(lab_to_hex(FALSE_LIGHTNESS, *point) for point in color_points().tolist())
