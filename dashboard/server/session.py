"""Which sessions there are, from which address, and which have ended.

A connection that was lost can come back, so a session ends after a grace period. One value says how long its data are
kept: Streamlit's own time to live of a session. Files, jobs and downloads end with their session.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from colorizer import InvalidSetting
from dashboard.server.budgets import SESSIONS, Visitor
from dashboard.server.streamlit_internals import has_connection, session_address, session_id

TTL_OPTION = "server.disconnectedSessionTTL"
CHECK_SECONDS = 2.0  # between two looks for sessions that have ended
_CHECKS_BEFORE = 3  # a session that Streamlit has forgotten by itself cannot be closed any more
_LEAST_TTL = 5.0  # seconds; half of it and one check still end before it


@dataclass
class _Seen:
    address: str
    last_alive: float


class SessionWatch:
    """The sessions, their addresses and when each was last connected. Safe between threads."""

    def __init__(
        self, *, is_alive: Callable[[str], bool], grace: float, most: Callable[[], float] = lambda: math.inf
    ) -> None:
        """`is_alive`: whether a session is connected. `grace`: seconds without connection after which it has ended.

        `most`: sessions of one address. Beyond it those without connection end at once, the oldest first.
        """
        self._is_alive, self._grace, self._most = is_alive, grace, most
        self._lock = threading.Lock()
        self._seen: dict[str, _Seen] = {}

    def mark_alive(self, session: str, address: str = "") -> None:
        """Note that the session is connected from this address, and watch it from now on."""
        with self._lock:
            self._seen[session] = _Seen(address, time.monotonic())

    def address_of(self, session: str) -> str:
        """The address of a session; empty if it is not known."""
        with self._lock:
            return self._seen[session].address if session in self._seen else ""

    def sessions_of(self, address: str) -> list[str]:
        """The sessions of an address, whether connected or not."""
        with self._lock:
            return [session for session, seen in self._seen.items() if seen.address == address]

    def pop_gone(self, now: float) -> list[str]:
        """The sessions that have ended at the time `now` (time.monotonic), each returned once."""
        with self._lock:
            for session, seen in self._seen.items():
                if self._is_alive(session):
                    seen.last_alive = now
            lost = sorted(  # the oldest first
                (session for session, seen in self._seen.items() if seen.last_alive < now),
                key=lambda session: self._seen[session].last_alive,
            )
            counts = Counter(seen.address for seen in self._seen.values())
            gone = list[str]()
            for session in lost:
                seen = self._seen[session]
                if now - seen.last_alive > self._grace or (seen.address and counts[seen.address] > self._most()):
                    counts[seen.address] -= 1
                    gone.append(session)
                    del self._seen[session]
        return gone


def session_ttl() -> float:
    """Seconds after which the data of a visitor who left are deleted. Raises InvalidSetting if too few to work with."""
    ttl = float(st.get_option(TTL_OPTION))
    if not ttl >= _LEAST_TTL:
        raise InvalidSetting(
            f"expected {TTL_OPTION} (STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL) to be a number of seconds of at least "
            f"{_LEAST_TTL:g}, got {ttl:g}: pages whose connection is lost for a moment would be closed"
        )
    return ttl


def grace_seconds(ttl: float) -> float:
    """How long a session may be without a connection, from its time to live in seconds, of at least `_LEAST_TTL`.

    A little shorter than that time, and never below half of it.
    """
    return max(ttl - _CHECKS_BEFORE * CHECK_SECONDS, ttl / 2)


def current_visitor() -> Visitor:
    """The visitor whose page is running. Raises RuntimeError outside a page's script."""
    session = session_id()
    return Visitor(session, session_address(session))


def visitor_of(session: str) -> Visitor:
    """A session and the address that it was last seen from."""
    return Visitor(session, watched_sessions().address_of(session))


def measure_visitor(visitor: Visitor, amount_of: Callable[[str], float]) -> tuple[float, float]:
    """What a visitor's session has, and all sessions of the visitor's address together; for `Ledger`."""
    sessions = {*watched_sessions().sessions_of(visitor.address), visitor.session}
    amounts = {session: amount_of(session) for session in sessions}
    return amounts[visitor.session], sum(amounts.values())


@st.cache_resource(show_spinner=False)
def watched_sessions() -> SessionWatch:
    """The sessions of this process: the one watch for downloads, folders, jobs and Streamlit's own memory."""
    return SessionWatch(is_alive=has_connection, grace=grace_seconds(session_ttl()), most=lambda: SESSIONS.limits()[1])
