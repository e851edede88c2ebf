"""The runs of pages: a few at a time, in the order in which they began.

Thirty runs at once share the interpreter, so all of them end when the last one ends. In the order of arrival, half of
them end in half of that time, and the last one no later. Independent of Streamlit.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

_AT_ONCE = 2  # while one waits, for memory or for a decoder of OpenCV's, the other one has the interpreter
_MOST_SECONDS = 1.0  # several times what a run takes


class FifoSemaphore:
    """A number of permits, which are given out in the order in which they are asked for.

    A permit counts for some seconds, even if it is held for longer. So nobody waits for one who forgot it, or who waits
    for something else, such as a download.
    """

    def __init__(self, permits: int, *, most_seconds: float) -> None:
        """`permits`: how many count at a time. `most_seconds`: how long each of them counts."""
        self._permits, self._most_seconds = permits, most_seconds
        self._lock = threading.Lock()
        self._waiting = deque[threading.Event]()  # set when the permit is given out
        self._given = dict[threading.Event, float]()  # -> until when it counts (time.monotonic)

    def acquire(self) -> threading.Event:
        """Wait for a permit and return it."""
        permit = threading.Event()
        with self._lock:
            self._waiting.append(permit)
            self._give_out()
        while not permit.wait(self._most_seconds):
            with self._lock:
                self._give_out()
        return permit

    def release(self, permit: threading.Event) -> None:
        """Give a permit back, whether it still counts or not."""
        with self._lock:
            self._given.pop(permit, None)
            self._give_out()

    def _give_out(self) -> None:
        now = time.monotonic()
        self._given = {permit: until for permit, until in self._given.items() if until > now}
        while self._waiting and len(self._given) < self._permits:
            permit = self._waiting.popleft()
            self._given[permit] = now + self._most_seconds
            permit.set()


class _Held(threading.local):
    permit: threading.Event | None = None


_RUNS = FifoSemaphore(_AT_ONCE, most_seconds=_MOST_SECONDS)
_HELD = _Held()


@contextmanager
def page_turn() -> Iterator[None]:
    """For the run of a page: wait for its turn, which lasts until the end of the block, however that ends."""
    _take_turn()
    try:
        yield
    finally:
        _end_turn()


@contextmanager
def others_first() -> Iterator[None]:
    """For a run that waits for something: it ends its turn, and waits for another one after the block.

    Does nothing on a thread whose turn it is not. A run that is ended within the block needs no further turn.
    """
    if _HELD.permit is None:
        yield
        return
    _end_turn()
    yield
    _take_turn()


def _take_turn() -> None:
    _HELD.permit = _RUNS.acquire()


def _end_turn() -> None:
    permit, _HELD.permit = _HELD.permit, None
    if permit is not None:
        _RUNS.release(permit)
