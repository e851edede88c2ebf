from __future__ import annotations

import numpy as np
import pytest

from benchmarks.quality.bootstrap import Column, Estimate, Figure
from benchmarks.quality.tables import Table, tabulate, tabulate_differences

GAIN = Figure("gain", "gain", digits=1)
NOTHING = Figure("nothing", "gain", "none")


def statistics(gain: float) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    return {"gain": np.full(9, gain), "photographs": np.ones(9), "none": np.zeros(9)}


def test_rows_have_their_labels_and_intervals() -> None:
    table = tabulate("Title", "kind", {"news": {"ours": statistics(2), "grey": statistics(-0.01)}}, (GAIN, NOTHING))
    assert table.markdown().split("\n") == [
        "### Title",
        "",
        "| kind | network | gain | nothing |",
        "|---|---|---|---|",
        "| news | ours | 2.0 [2.0, 2.0] |  |",
        "| news | grey | 0.0 [0.0, 0.0] |  |",
    ]
    first = {"kind": "news", "network": "ours", "gain": [2, 2, 2], "nothing": None}
    assert table.as_data()["rows"][0] == first


def test_differences_are_from_the_reference() -> None:
    groups = {"news": {"shipped": statistics(2), "ours": statistics(1.5), "grey": statistics(0)}}
    table = tabulate_differences("Title", "kind", groups, (GAIN,), {"ours": "shipped"})
    assert table.markdown().split("\n")[-1] == "| news | ours | **-0.5 [-0.5, -0.5]** |"


@pytest.mark.parametrize(
    ("low", "cell"), [(0.1, "**+0.20 [+0.10, +0.30]**"), (-0.1, "+0.20 [-0.10, +0.30]"), (0.0, "+0.20 [+0.00, +0.30]")]
)
def test_a_difference_is_bold_where_its_interval_does_not_hold_0(low: float, cell: str) -> None:
    rows = [(("all",), [Estimate(0.2, low, 0.3)])]
    table = Table("Title", ("kind",), (Column("gain"),), rows, are_differences=True)
    assert table.markdown().endswith(f"| all | {cell} |")
