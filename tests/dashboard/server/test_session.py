"""Which sessions count as closed, which are of one address, and how long their data are kept."""

from __future__ import annotations

import time

import pytest
import streamlit as st

from colorizer import InvalidSetting
from dashboard.server.session import CHECK_SECONDS, TTL_OPTION, SessionWatch, grace_seconds, session_ttl

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


def test_the_sessions_of_an_address(watch: SessionWatch) -> None:
    watch.mark_alive("ann", "school")
    watch.mark_alive("bob", "home")
    watch.mark_alive("carl", "school")
    assert watch.sessions_of("school") == ["ann", "carl"]
    assert [watch.address_of(session) for session in ("ann", "bob", "nobody")] == ["school", "home", ""]


def test_of_too_many_sessions_of_an_address_the_lost_ones_end_first(alive: set[str]) -> None:
    watch = SessionWatch(is_alive=alive.__contains__, grace=GRACE, most=lambda: 2)
    for session in ("ann", "carl", "bob", "dora"):
        watch.mark_alive(session, "school")
    for session in ("eve", "fay", "gil"):
        watch.mark_alive(session)  # of no known address
    alive.remove("bob")
    assert watch.pop_gone(time.monotonic() + 1) == ["carl", "bob"]
    assert watch.sessions_of("school") == ["ann", "dora"]
    assert len(watch.sessions_of("")) == 3


@pytest.mark.parametrize("ttl", [5.0, 6.0, 12.0, 20.0, 120.0])
def test_a_session_ends_before_streamlit_forgets_it(ttl: float) -> None:
    assert 0 < grace_seconds(ttl) <= ttl - CHECK_SECONDS
    assert grace_seconds(ttl) >= ttl / 2


@pytest.mark.parametrize(("named", "works"), [(-1, False), (0, False), (4, False), (5, True), (120, True)])
def test_a_time_that_cannot_work_is_refused(named: int, works: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", {TTL_OPTION: named}.__getitem__)
    if works:
        assert session_ttl() == named
    else:
        with pytest.raises(
            InvalidSetting, match=rf"SESSION_TTL\) to be a number of seconds of at least 5, got {named}"
        ):
            session_ttl()
