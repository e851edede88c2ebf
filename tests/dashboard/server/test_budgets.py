"""Budgets: what is held comes back when it is released, what is spent comes back with time; sessions and addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.server import budgets
from dashboard.server.budgets import HOUR, Budget, OverBudget, Visitor
from dashboard.server.ledger import Ledger
from dashboard.server.settings import BUDGETS, BudgetSetting, NumberSetting

SESSION = NumberSetting("TEST_SESSION_THINGS", "things", 3, 1)
ADDRESS = NumberSetting("TEST_ADDRESS_THINGS", "things", 5, 1)
HELD = Budget(BudgetSetting(SESSION, ADDRESS), "things at a time", "Give one back.")
RATE = Budget(BudgetSetting(SESSION, ADDRESS), "things an hour", "Wait.", seconds=HOUR)
ANN, BEN, EVE = Visitor("ann", "school"), Visitor("ben", "school"), Visitor("eve", "elsewhere")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(clock: Clock) -> Ledger:
    return Ledger(clock)


def test_what_is_held_is_limited_for_the_session_and_comes_back(ledger: Ledger) -> None:
    holds = [ledger.hold(HELD, ANN) for _ in range(3)]
    with pytest.raises(OverBudget, match=r"expected at most 3 things at a time from one page, got 4\nGive one back\."):
        ledger.hold(HELD, ANN)
    ledger.hold(HELD, BEN)
    for _ in range(2):  # a second release gives nothing back
        holds[0].release()
    ledger.hold(HELD, ANN)
    with pytest.raises(OverBudget, match="one page"):
        ledger.hold(HELD, ANN)


def test_all_sessions_of_an_address_share_its_budget_and_others_have_theirs(ledger: Ledger) -> None:
    for visitor in (ANN, ANN, ANN, BEN, BEN):
        ledger.hold(HELD, visitor)
    with pytest.raises(OverBudget, match="expected at most 5 things at a time from one network address, got 6"):
        ledger.hold(HELD, BEN)
    ledger.hold(HELD, EVE)


def test_nothing_is_taken_of_one_where_the_other_is_used_up(ledger: Ledger) -> None:
    holds = [ledger.hold(HELD, visitor) for visitor in (ANN, ANN, ANN, BEN, BEN)]
    with pytest.raises(OverBudget):
        ledger.hold(HELD, BEN)
    holds[0].release()
    ledger.hold(HELD, BEN)  # Ben had two, not three


def test_a_hold_grows_and_ends_with_its_block(ledger: Ledger) -> None:
    with ledger.hold(HELD, ANN) as hold:
        hold.grow(2)
        with pytest.raises(OverBudget, match="got 4"):
            hold.grow(1)
        with pytest.raises(OverBudget):
            ledger.require(HELD, ANN)
    ledger.require(HELD, ANN, 3)
    ledger.require(HELD, ANN, 3)  # took nothing


def test_what_is_measured_elsewhere_counts_too(ledger: Ledger) -> None:
    ledger.hold(HELD, ANN, measured=(2, 4))
    with pytest.raises(OverBudget, match="one page, got 4"):
        ledger.hold(HELD, ANN, measured=(2, 2))
    with pytest.raises(OverBudget, match="one network address, got 6"):
        ledger.hold(HELD, ANN, measured=(0, 4))


def test_what_is_spent_comes_back_evenly(ledger: Ledger, clock: Clock) -> None:
    for _ in range(3):
        ledger.spend(RATE, ANN)
    with pytest.raises(OverBudget, match=r"expected at most 3 things an hour from one page, got 4\nWait\.") as refused:
        ledger.spend(RATE, ANN)
    assert refused.value.retry_seconds == pytest.approx(HOUR / 3)
    clock.now += HOUR / 3 - 1
    with pytest.raises(OverBudget):
        ledger.spend(RATE, ANN)
    clock.now += 2
    ledger.spend(RATE, ANN)
    clock.now += 2 * HOUR
    for _ in range(3):
        ledger.spend(RATE, ANN)


def test_an_address_is_limited_however_many_sessions_it_opens(ledger: Ledger) -> None:
    for number in range(5):
        ledger.spend(RATE, Visitor(f"session {number}", "school"))
    with pytest.raises(OverBudget, match="one network address"):
        ledger.spend(RATE, Visitor("session 5", "school"))
    ledger.spend(RATE, EVE)


def test_what_came_back_is_forgotten(ledger: Ledger, clock: Clock) -> None:
    for number in range(50):
        ledger.spend(RATE, Visitor(f"session {number}", f"address {number}"))
    clock.now += HOUR
    ledger.spend(RATE, ANN)
    with ledger.hold(HELD, ANN):
        pass
    assert len(ledger._spent) == 2
    assert not ledger._held


def test_nobody_has_no_limit(ledger: Ledger) -> None:
    for _ in range(10):
        ledger.hold(HELD, Visitor("", ""))


@given(st.lists(st.tuples(st.sampled_from([ANN, BEN, EVE]), st.floats(0, HOUR)), max_size=40))
def test_in_no_hour_more_than_twice_the_limit_is_spent(asked: list[tuple[Visitor, float]]) -> None:
    """A full bucket, and what comes back while it is emptied."""
    clock = Clock()
    ledger, spent = Ledger(clock), list[tuple[float, Visitor]]()
    for visitor, pause in asked:
        clock.now += pause
        try:
            ledger.spend(RATE, visitor)
        except OverBudget:
            continue
        spent.append((clock.now, visitor))
    for begun, _ in spent:
        hour = [visitor for now, visitor in spent if begun <= now <= begun + HOUR]
        assert all(hour.count(visitor) <= 6 for visitor in (ANN, BEN, EVE))
        assert sum(visitor.address == "school" for visitor in hour) <= 10


def test_the_environment_sets_each_limit(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SESSION.variable, "1")
    ledger.hold(HELD, ANN)
    with pytest.raises(OverBudget, match="at most 1 things"):
        ledger.hold(HELD, ANN)


def test_every_setting_of_a_budget_is_used_by_one() -> None:
    used = [each.setting for each in vars(budgets).values() if isinstance(each, Budget)]
    assert sorted(map(BUDGETS.index, used)) == list(range(len(BUDGETS)))


def test_a_school_behind_one_address_fits() -> None:
    for budget in (each for each in vars(budgets).values() if isinstance(each, Budget)):
        session, address = budget.limits()
        assert address >= 35 or budget in {budgets.CLASSES}
        assert address > session or budget.setting.session is None
