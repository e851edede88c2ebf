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
from dashboard.shared.language import tr

Columns = dict[str, list[Any]]

_CANDIDATE, _MEAN, _TRUTH = "candidate", "mean", "truth"  # kinds of marks
_OWN_COLOR = {"field": "colour", "type": "nominal", "scale": None}


def _axes() -> dict[str, Any]:
    return {
        name: {"field": field, "type": "quantitative", "title": title, "scale": {"domain": domain, "nice": False}}
        for name, field, title, domain in (
            ("x", "a", tr("a: green to red"), [-100, 110]),
            ("y", "b", tr("b: blue to yellow"), [-120, 110]),
        )
    }


def _a_and_b() -> list[dict[str, Any]]:
    return [{"field": name, "type": "quantitative", "format": ".0f"} for name in ("a", "b")]


def _make_candidates() -> dict[str, Any]:
    probability = {"field": "probability", "type": "quantitative", "format": ".2%", "title": tr("probability")}
    return {
        "transform": [{"filter": {"field": "kind", "equal": _CANDIDATE}}],
        "mark": {"type": "circle", "opacity": 0.9},
        "encoding": {
            **_axes(),
            "color": _OWN_COLOR,
            "size": {
                "field": "probability",
                "type": "quantitative",
                "scale": {"type": "sqrt", "domain": [0, 1], "range": [8, 1600]},
                "legend": None,
            },
            "tooltip": [probability, *_a_and_b()],
        },
    }


def _make_marks(kinds: dict[str, str], names: list[str], stroke: str, width: int) -> dict[str, Any]:
    """A layer of outlined marks. `kinds`: the shape of each kind. `names`: of the kinds, as the legend shows them."""
    shape = {
        "field": "name",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": list(kinds.values())},
        "legend": {"orient": "top", "symbolFillColor": "#888888", "symbolStrokeColor": "#888888"},
    }
    return {
        "transform": [{"filter": {"field": "kind", "oneOf": list(kinds)}}],
        "mark": {"type": "point", "size": 220, "filled": False, "stroke": stroke, "strokeWidth": width},
        "encoding": {
            **_axes(),
            "shape": shape,
            "tooltip": [{"field": "name", "type": "nominal"}, *_a_and_b()],
        },
    }


def _names() -> dict[str, str]:
    return {_CANDIDATE: "", _MEAN: tr("annealed mean"), _TRUTH: tr("true colour")}


def distribution_chart(*, with_truth: bool) -> dict[str, Any]:
    """Dots on the ab plane, for the data of `distribution_rows`. `with_truth`: with a mark for the true colour.

    The marks are black on white, so that they are visible on every colour. Everything here is the same on each call in
    a language: if only the data change, the page moves the dots and does not build a new chart.
    """
    kinds = {_MEAN: "cross", _TRUTH: "diamond"} if with_truth else {_MEAN: "cross"}
    names = [_names()[kind] for kind in kinds]
    layers = [_make_candidates(), _make_marks(kinds, names, "white", 5), _make_marks(kinds, names, "black", 2)]
    return {"height": 420, "layer": layers}


def _make_bars(field: str, title: str, ticks: list[float], foot: float) -> dict[str, Any]:
    """Bars on a logarithmic scale. It has no 0, so the bars start at `foot`."""
    place = {
        "field": "rank",
        "type": "ordinal",
        "axis": {"labels": False, "ticks": False, "title": tr("colours, the most common first")},
        "scale": {"padding": 0},
    }
    height = {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"type": "log", "nice": False},
        "axis": {"values": ticks, "format": ",~g"},
    }
    tooltip = [
        {"field": "count", "type": "quantitative", "format": ",", "title": tr("how many")},
        {"field": "share", "type": "quantitative", "format": ".2%", "title": tr("share")},
        {"field": "weight", "type": "quantitative", "format": ".2f", "title": tr("weight")},
        *_a_and_b(),
    ]
    encoding = {"x": place, "y": height, "y2": {"datum": foot}, "color": _OWN_COLOR, "tooltip": tooltip}
    return {"height": 240, "mark": {"type": "bar"}, "encoding": encoding}


def counts_chart() -> dict[str, Any]:
    """Bars for the data of `histogram_rows`: how often each colour occurs."""
    return _make_bars("count", tr("how many"), [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000], 0.5)


def weights_chart() -> dict[str, Any]:
    """Bars for the same data: the weight of each colour."""
    return _make_bars("weight", tr("weight"), [0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100], 1)


def distribution_rows(spot: Spot) -> Columns:
    """Data of the chart: a row for each of the 313 colours, one for their mean, one for the true colour if known."""
    marks = [(_MEAN, spot.mean)] + ([] if spot.truth is None else [(_TRUTH, spot.truth)])
    names = _names()
    kinds = [*(_CANDIDATE for _ in spot.probabilities), *(kind for kind, _ in marks)]
    ab = np.vstack([color_points(), *(place for _, place in marks)])
    return {
        "a": ab[:, 0].tolist(),
        "b": ab[:, 1].tolist(),
        "colour": [*point_colors(), *("#000000" for _ in marks)],
        "probability": [*spot.probabilities.tolist(), *(1.0 for _ in marks)],
        "kind": kinds,
        "name": [names[kind] for kind in kinds],
    }


def histogram_rows(counts: NDArray[np.intp], weight: NDArray[np.float64]) -> Columns:
    """Data of the bars from (313,) arrays: a row for each colour that occurs, the most common first."""
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
