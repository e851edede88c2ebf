"""Which sessions count as closed."""

from __future__ import annotations

import time

import pytest

from dashboard.server.session import SessionWatch

GRACE = 60.0


@pytest.fixture
def alive() -> set[str]:
    return {"ann", "bob"}


@pytest.fixture
def watch(alive: set[str]) -> SessionWatch:
    made = SessionWatch(is_alive=alive.__contains__, grace=GRACE)
    for session in alive:
        made.mark_alive(session)
    return made


def test_who_is_gone_for_long_is_told_once(watch: SessionWatch, alive: set[str]) -> None:
    now = time.monotonic()
    alive.remove("ann")
    assert watch.pop_gone(now + GRACE - 1) == []
    assert watch.pop_gone(now + GRACE + 1) == ["ann"]
    assert watch.pop_gone(now + 2 * GRACE) == []


def test_who_comes_back_in_time_is_not_gone(watch: SessionWatch, alive: set[str]) -> None:
    now = time.monotonic()
    alive.remove("ann")
    assert watch.pop_gone(now + GRACE - 1) == []
    alive.add("ann")
    assert watch.pop_gone(now + GRACE) == []
    alive.remove("ann")
    assert watch.pop_gone(now + 2 * GRACE - 1) == []
    assert watch.pop_gone(now + 2 * GRACE + 1) == ["ann"]


def test_who_was_never_seen_is_not_told(watch: SessionWatch, alive: set[str]) -> None:
    alive.clear()
    watch.mark_alive("carl")
    assert sorted(watch.pop_gone(time.monotonic() + GRACE + 1)) == ["ann", "bob", "carl"]
