"""The hints of a photograph on the page: what is placed, undone and done again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from colorizer import Hint, Stroke
from colorizer.edits.hints import MAX_HINTS, AnyHint, to_json
from dashboard.components.hints import LEAST_REACH, MOST_STEPS, Hints

REACH_KEY, ALIKE_KEY, FILE_KEY = Hints().reach_key, Hints().alike_key, Hints().file_key

WAY: Any = [[0.2, 0.4], [0.6, 0.4]]  # as the page sends it
STROKE = Stroke(((0.2, 0.4), (0.6, 0.4)), 0.02, "#aa3311")
POINT = Hint(0.25, 0.5, "#112233")

State = dict[str, object]
Placed = tuple[AnyHint, ...]


@pytest.fixture(autouse=True)
def page_state(monkeypatch: pytest.MonkeyPatch) -> State:
    """In place of the session's state."""
    state: State = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def paint(hints: Hints, color: str = "#aa3311") -> None:
    hints.paint(WAY, 0.02, color)


def test_every_step_is_undone_and_done_again() -> None:
    hints = Hints()
    hints.aim((0.25, 0.5))
    hints.choose_color("#112233")
    paint(hints)
    hints.erase(POINT)
    hints.clear()
    states: list[Placed] = [(), (POINT,), (POINT, STROKE), (STROKE,), ()]
    for state in reversed(states[:-1]):
        hints.undo()
        assert hints.placed == state
    hints.undo()
    assert hints.placed == ()
    for state in states[1:]:
        hints.redo()
        assert hints.placed == state
    assert (len(hints.past), hints.future) == (4, [])


def test_a_new_step_takes_the_place_of_those_undone() -> None:
    hints = Hints()
    paint(hints)
    hints.undo()
    paint(hints, "#000000")
    hints.redo()
    assert [hint.color for hint in hints.placed] == ["#000000"]


def test_only_the_last_steps_are_kept() -> None:
    hints = Hints()
    for _ in range(MOST_STEPS // 2 + 5):
        paint(hints)
        hints.clear()
    assert len(hints.past) == MOST_STEPS


def test_a_second_colour_for_the_point_replaces_the_first_and_can_be_undone() -> None:
    hints = Hints()
    hints.aim((0.25, 0.5))
    hints.choose_color("#112233")
    hints.choose_color("#445566")
    assert [hint.color for hint in hints.placed] == ["#445566"]
    hints.undo()
    assert hints.placed == (POINT,)


def test_the_slider_is_for_what_was_just_placed(page_state: State) -> None:
    hints = Hints()
    paint(hints)
    page_state[REACH_KEY] = 0.0
    hints.spread()
    assert hints.placed == (replace(STROKE, reach=0),)
    hints.aim((0.25, 0.5))
    page_state[REACH_KEY] = 0.3
    hints.spread()
    assert hints.placed == (replace(STROKE, reach=0),)
    hints.choose_color("#112233")
    page_state[REACH_KEY] = 0.0
    hints.spread()
    assert hints.placed[-1].reach == LEAST_REACH
    assert len(hints.past) == 2


def test_the_checkbox_is_for_what_is_placed_and_was_just_placed(page_state: State) -> None:
    hints = Hints()
    page_state[ALIKE_KEY] = True
    paint(hints)
    assert hints.placed == (replace(STROKE, alike=True),)
    page_state[ALIKE_KEY] = False
    hints.spread()
    assert hints.placed == (STROKE,)
    page_state[ALIKE_KEY] = True
    hints.spread()
    assert hints.placed == (replace(STROKE, alike=True),)
    assert len(hints.past) == 1
    hints.aim((0.25, 0.5))
    page_state[ALIKE_KEY] = False
    hints.spread()
    assert hints.placed == (replace(STROKE, alike=True),)
    hints.choose_color("#112233")
    assert list(hints.placed) == [replace(STROKE, alike=True), POINT]
    page_state[ALIKE_KEY] = True
    hints.spread()
    assert list(hints.placed) == [replace(STROKE, alike=True), replace(POINT, alike=True)]
    hints.choose_color("#445566")
    last = list(hints.placed)[-1]
    assert (last.points, last.color, last.alike) == (POINT.points, "#445566", True)


def test_a_new_reach_leaves_what_the_checkbox_says(page_state: State) -> None:
    hints = Hints()
    page_state[ALIKE_KEY] = True
    paint(hints)
    page_state[REACH_KEY] = 0.3
    hints.spread()
    assert hints.placed == (replace(STROKE, reach=0.3, alike=True),)
    hints.replace(0, replace(hints.placed[0], color="#000000"))
    page_state[ALIKE_KEY] = False
    hints.spread()
    assert hints.placed == (replace(STROKE, color="#000000", reach=0.3, alike=True),)


def test_without_a_checkbox_hints_are_not_alike() -> None:
    hints = Hints()
    paint(hints)
    hints.aim((0.25, 0.5))
    hints.choose_color("#112233")
    assert [hint.alike for hint in hints.placed] == [False, False]


@pytest.mark.parametrize(
    ("points", "radius", "color"),
    [([], 0.1, "#aa3311"), ([[2, 0]], 0.1, "#aa3311"), (WAY, 0, "#aa3311"), (WAY, 0.1, "red")],
)
def test_what_is_no_stroke_is_refused_and_the_hints_stay(points: Any, radius: float, color: str) -> None:
    hints = Hints((STROKE,))
    hints.paint(points, radius, color)
    assert "expected a stroke" in str(hints.problem)
    assert hints.placed == (STROKE,)
    paint(hints)
    assert hints.problem is None


def test_one_more_than_the_limit_is_refused() -> None:
    hints = Hints((STROKE,) * MAX_HINTS)
    paint(hints)
    assert "expected at most 100 hints, got one more" in str(hints.problem)
    assert len(hints.placed) == MAX_HINTS


def test_a_hint_that_is_gone_cannot_be_erased_again() -> None:
    hints = Hints((STROKE, POINT))
    hints.erase(STROKE)
    hints.erase(STROKE)
    assert hints.placed == (POINT,)
    assert len(hints.past) == 1


def test_a_file_of_hints_takes_their_place_and_can_be_undone(page_state: State) -> None:
    class File:
        def getvalue(self) -> bytes:
            return to_json([replace(POINT, alike=True), STROKE]).encode()

    hints = Hints((STROKE,))
    page_state[FILE_KEY] = File()
    hints.load()
    assert list(hints.placed) == [replace(POINT, alike=True), STROKE]
    hints.undo()
    assert list(hints.placed) == [STROKE]


def test_a_move_goes_for_the_steps_before_too() -> None:
    hints = Hints()
    paint(hints)
    hints.clear()
    turned = replace(STROKE, points=((0.5, 0.5),))
    hints.move(lambda hint: (turned, turned) if hint == STROKE else (hint,))
    assert list(hints.placed) == []
    hints.undo()
    assert list(hints.placed) == [turned, turned]
