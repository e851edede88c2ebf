"""Round robin: in each round everyone who waits has one turn."""

from __future__ import annotations

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from dashboard.server.fair_order import Turns, round_robin

names = st.lists(st.sampled_from("abcd"), max_size=12)


def first(one: str) -> str:
    return one[0]


def test_one_who_wants_much_does_not_delay_the_others() -> None:
    assert round_robin(["a1", "a2", "a3", "b1", "c1", "b2"], first, {}) == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert round_robin(["a1", "a2", "b1"], first, {"a": 1}) == ["b1", "a1", "a2"]
    assert round_robin(["a1", "b1", "c1"], first, {"a": 3, "b": 1, "c": 2}) == ["b1", "c1", "a1"]


def test_who_is_gone_is_forgotten() -> None:
    turns = Turns()
    turns.note("a", ["a", "b"])
    assert turns.order(["a1", "b1"], first) == ["b1", "a1"]
    turns.note("b", ["b"])
    assert turns.order(["b1", "a1"], first) == ["a1", "b1"]


@given(names)
def test_the_order_that_is_shown_is_the_order_that_comes(asked: list[str]) -> None:
    """Serving one after the other gives the order that was foreseen, as long as nobody comes."""
    turns, waiting = Turns(), [f"{name}{number}" for number, name in enumerate(asked)]
    foreseen, served = deque(turns.order(waiting, first)), list[str]()
    while waiting:
        assert turns.order(waiting, first) == list(foreseen)
        served.append(foreseen.popleft())
        waiting.remove(served[-1])
        turns.note(first(served[-1]), map(first, waiting))
    assert sorted(served) == sorted(served, key=lambda one: one)
