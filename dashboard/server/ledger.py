"""The accounts of the budgets: what is held of each, and what was spent. Nothing here calls Streamlit."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from types import TracebackType
from typing import Self

from dashboard.server.budgets import Budget, OverBudget, Visitor

_RETRY_SECONDS = 10.0  # after which to ask again for what is given back at a time that nobody knows
_HOLDERS = ("one page", "one network address")

_Key = tuple[Budget, int, str]  # 0: of a session, 1: of an address; and its name


class Ledger:
    """What is held of each budget, and what was spent. Safe between threads.

    A rate is a token bucket: the whole limit may be used at once, and comes back evenly over the period.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds, never going back."""
        self._clock, self._lock = clock, threading.Lock()
        self._held: defaultdict[_Key, float] = defaultdict(float)
        self._spent: dict[_Key, tuple[float, float]] = {}  # amount, at which time

    def hold(
        self, budget: Budget, visitor: Visitor, amount: float = 1.0, *, measured: tuple[float, float] = (0.0, 0.0)
    ) -> Hold:
        """Take an amount of a budget until it is released.

        `measured`: what the session and the address have beyond all holds, where that is measured elsewhere. Raises
        OverBudget.
        """
        hold = Hold(self, budget, visitor, measured)
        hold.grow(amount)
        return hold

    def require(
        self, budget: Budget, visitor: Visitor, amount: float = 1.0, *, measured: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        """Raise OverBudget unless `amount` more fits. Takes nothing."""
        with self._lock:
            self._check(budget, visitor, amount, measured)

    def spend(self, budget: Budget, visitor: Visitor) -> None:
        """Use one of a budget that comes back with time. Raises OverBudget if none is left."""
        with self._lock:
            self._check(budget, visitor, 1.0, (0.0, 0.0))
            self._spent = {key: spent for key in self._spent if (spent := self._spent_by(key))[0] > 0}
            for key in _keys(budget, visitor):
                amount, now = self._spent_by(key)
                self._spent[key] = amount + 1.0, now

    def _take(self, budget: Budget, visitor: Visitor, amount: float, measured: tuple[float, float]) -> None:
        with self._lock:
            self._check(budget, visitor, amount, measured)
            for key in _keys(budget, visitor):
                self._held[key] += amount

    def _give_back(self, budget: Budget, visitor: Visitor, amount: float) -> None:
        with self._lock:
            for key in _keys(budget, visitor):
                self._held[key] -= amount
                if self._held[key] <= 0:
                    del self._held[key]

    def _check(self, budget: Budget, visitor: Visitor, amount: float, measured: tuple[float, float]) -> None:
        limits = budget.limits()
        for key in _keys(budget, visitor):
            _, holder, _ = key
            limit = limits[holder]
            used = self._spent_by(key)[0] + self._held.get(key, 0.0) + measured[holder]
            if used + amount > limit:
                over = used + amount - limit
                raise OverBudget(
                    f"expected at most {limit / budget.scale:g} {budget.what} from {_HOLDERS[holder]}, "
                    f"got {math.ceil((used + amount) / budget.scale):g}",
                    budget,
                    limit,
                    over * budget.seconds / limit if budget.seconds else _RETRY_SECONDS,
                )

    def _spent_by(self, key: _Key) -> tuple[float, float]:
        """How much of what was spent still counts, and the time now."""
        budget, holder, _ = key
        now = self._clock()
        amount, then = self._spent.get(key, (0.0, now))
        back = (now - then) * budget.limits()[holder] / budget.seconds if budget.seconds and amount else 0.0
        return max(0.0, amount - back), now


def _keys(budget: Budget, visitor: Visitor) -> list[_Key]:
    return [(budget, holder, name) for holder, name in enumerate(visitor) if name]


class Hold:
    """An amount of a budget that is held until `release`, or to the end of a `with` block."""

    def __init__(self, ledger: Ledger, budget: Budget, visitor: Visitor, measured: tuple[float, float]) -> None:
        self._ledger, self._budget, self._visitor, self._measured = ledger, budget, visitor, measured
        self._amount = 0.0

    def grow(self, amount: float) -> None:
        """Hold more. Raises OverBudget; what is held already stays held."""
        self._ledger._take(self._budget, self._visitor, amount, self._measured)
        self._amount += amount

    def release(self) -> None:
        """Give all of it back. A second call does nothing."""
        amount, self._amount = self._amount, 0.0
        if amount:
            self._ledger._give_back(self._budget, self._visitor, amount)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


LEDGER = Ledger()
