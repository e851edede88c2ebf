"""Which sessions have ended: a connection that was lost can come back, so a session ends after a grace period."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import streamlit as st

from dashboard.server.streamlit_internals import has_connection

CHECK_SECONDS = 2.0  # between two looks for sessions that have ended
_CHECKS_BEFORE = 3  # a session that Streamlit has forgotten by itself cannot be closed any more


class SessionWatch:
    """The sessions and when each was last connected. Safe between threads."""

    def __init__(self, *, is_alive: Callable[[str], bool], grace: float) -> None:
        """`is_alive`: whether a session is connected. `grace`: seconds without connection after which it has ended."""
        self._is_alive, self._grace = is_alive, grace
        self._lock = threading.Lock()
        self._last_alive: dict[str, float] = {}

    def mark_alive(self, session: str) -> None:
        """Note that the session is connected, and watch it from now on."""
        with self._lock:
            self._last_alive[session] = time.monotonic()

    def pop_gone(self, now: float) -> list[str]:
        """The sessions that have ended at the time `now` (time.monotonic), each returned once."""
        with self._lock:
            for session in self._last_alive:
                if self._is_alive(session):
                    self._last_alive[session] = now
            gone = [session for session, last_alive in self._last_alive.items() if now - last_alive > self._grace]
            for session in gone:
                del self._last_alive[session]
        return gone


def grace_seconds(ttl: float) -> float:
    """How long a session may be without a connection, from Streamlit's own time to live in seconds.

    A little shorter than that time, and never below half of it.
    """
    return max(ttl - _CHECKS_BEFORE * CHECK_SECONDS, ttl / 2)


@st.cache_resource(show_spinner=False)
def watched_sessions() -> SessionWatch:
    """The sessions of this process: the one watch for downloads, folders, jobs and Streamlit's own memory."""
    ttl = float(st.get_option("server.disconnectedSessionTTL"))
    return SessionWatch(is_alive=has_connection, grace=grace_seconds(ttl))
