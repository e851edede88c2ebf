"""The benchmark of hints measures what it says."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from benchmarks import hints
from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color.lab import rgb_to_lab

SIDE = 256


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return load_colorizer("compact")


@pytest.fixture(scope="module")
def photographs() -> list[Pixels]:
    return [np.ascontiguousarray(each[:SIDE, :SIDE]) for each in (data.chelsea(), data.coffee())]


def test_hints_have_the_colours_of_their_places(photographs: list[Pixels]) -> None:
    lab = rgb_to_lab(photographs[1])
    found = hints.true_hints(photographs[1], 50, np.random.default_rng(1))
    assert len(found) == 50
    assert len({hint.points for hint in found}) > 45
    for hint in found:
        top, left = round(hint.y * SIDE) - hints.CELL // 2, round(hint.x * SIDE) - hints.CELL // 2
        cell = lab[top : top + hints.CELL, left : left + hints.CELL, 1:]
        assert cell.shape == (hints.CELL, hints.CELL, 2)
        assert np.allclose(hint.ab, cell.mean((0, 1)), atol=1e-3)
        assert not hint.alike


def test_fewer_hints_are_the_first_of_more(photographs: list[Pixels]) -> None:
    few, many = (hints.true_hints(photographs[0], count, np.random.default_rng(2)) for count in (3, 10))
    assert few == many[:3]


def test_a_picture_as_small_as_a_hint_has_one() -> None:
    (hint,) = hints.true_hints(np.full((hints.CELL, hints.CELL, 3), 200, np.uint8), 1, np.random.default_rng(3))
    assert hint.points == ((0.5, 0.5),)


@pytest.mark.parametrize("alike", [False, True])
def test_hints_of_true_colours_are_seen_to_help(
    alike: bool, photographs: list[Pixels], colorizer: Colorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "COUNTS", (1, 20))
    statistics = hints.measure(photographs[:1], colorizer, alike=alike)
    assert statistics.keys() == {"photographs", "1", "20"}
    assert statistics["photographs"].tolist() == [1]
    assert statistics["20"][0] > max(0.3, statistics["1"][0])


def test_both_ways_are_measured_with_the_same_hints(
    photographs: list[Pixels], colorizer: Colorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "COUNTS", (2,))
    plain, alike = (hints.measure(photographs, colorizer, alike=each)["2"] for each in (False, True))
    assert plain.shape == alike.shape == (2,)
    assert not np.allclose(plain, alike)


def test_the_time_is_taken_for_a_first_and_a_second_hint(photographs: list[Pixels], colorizer: Colorizer) -> None:
    first, second = hints.milliseconds(colorizer, photographs[0], alike=True, runs=1)
    assert first > 0
    assert second > 0


def test_a_sheet_has_a_row_for_each_photograph(photographs: list[Pixels], colorizer: Colorizer) -> None:
    sheet = hints.draw_sheet(photographs, colorizer)
    assert sheet.shape == (len(photographs) * SIDE, (2 + len(hints.WAYS)) * SIDE, 3)
    truth, without, plain, alike = np.hsplit(sheet[:SIDE], 4)
    assert np.array_equal(truth, photographs[0])
    assert np.array_equal(without, colorizer.colorize(photographs[0]))
    assert not np.array_equal(plain, without)
    assert not np.array_equal(alike, plain)
