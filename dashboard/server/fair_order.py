"""The order in which those who wait are served: round robin, so that one who wants much does not delay the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


def round_robin(waiting: Iterable[T], name_of: Callable[[T], str], turns: Mapping[str, int]) -> list[T]:
    """Order `waiting`, which is in the order of arrival, by rounds. In each round, every name has one turn.

    `turns`: the number of each name's last turn. Within a round, whose turn was longest ago comes first, and before
    them those who had none, in the order of their first arrival.
    """
    rounds, arrivals = Counter[str](), dict[str, int]()
    order: list[tuple[int, int, int, T]] = []
    for one in waiting:
        name = name_of(one)
        arrivals.setdefault(name, len(arrivals))
        order.append((rounds[name], turns.get(name, 0), arrivals[name], one))
        rounds[name] += 1
    return [one for *_, one in sorted(order, key=lambda each: each[:3])]


class Turns:
    """Who was served when: remembered as long as there is something of theirs."""

    def __init__(self) -> None:
        self._number, self._turns = 0, dict[str, int]()

    def note(self, name: str, present: Iterable[str]) -> None:
        """Note that it was the turn of `name`. `present`: those who wait or are served."""
        self._number += 1
        kept = {*present, name}
        self._turns = {one: turn for one, turn in self._turns.items() if one in kept} | {name: self._number}

    def order(self, waiting: Iterable[T], name_of: Callable[[T], str]) -> list[T]:
        """`waiting` in the order of `round_robin`."""
        return round_robin(waiting, name_of, self._turns)
