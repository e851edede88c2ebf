"""Which sessions are gone for good: a connection that was lost can come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class SessionWatch:
    """Sessions by the time when they were last alive. Safe between threads."""

    def __init__(self, *, is_alive: Callable[[str], bool], grace: float) -> None:
        """`is_alive`: whether a session goes on. `grace`: seconds after which one that does not is gone."""
        self._is_alive, self._grace = is_alive, grace
        self._lock = threading.Lock()
        self._last_alive: dict[str, float] = {}

    def see(self, session: str) -> None:
        """It is alive; from now on it is watched."""
        with self._lock:
            self._last_alive[session] = time.monotonic()

    def take_gone(self, now: float) -> list[str]:
        """The sessions that are gone for the grace period at the time `now`, by time.monotonic; each is told once."""
        with self._lock:
            for session in self._last_alive:
                if self._is_alive(session):
                    self._last_alive[session] = now
            gone = [session for session, last_alive in self._last_alive.items() if now - last_alive > self._grace]
            for session in gone:
                del self._last_alive[session]
        return gone
