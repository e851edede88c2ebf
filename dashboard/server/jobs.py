"""A long job, which pages watch and cancel; it runs on a thread of `job_queue`.

Nothing here calls Streamlit, because the jobs run on threads that Streamlit does not know.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextvars import ContextVar
from enum import StrEnum
from functools import partial
from typing import Any, Generic, TypeVar

from colorizer import ColorizerError
from dashboard.server.page_runs import others_first

LOGGER = logging.getLogger(__name__)

STOP_SECONDS = 10.0  # within which work that is asked to stop does so

P = TypeVar("P")  # what the work reports while it runs
R = TypeVar("R")  # what it returns


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"  # the work returned; after a cancel too, if it had begun
    FAILED = "failed"
    CANCELLED = "cancelled"  # before it began


class Job(Generic[P, R]):
    """One piece of work for one owner, with the methods of `concurrent.futures.Future`, which holds its result.

    `progress`: what the work reported last. `is_overdue`: whether it was asked to stop because it ran for too long. All
    of it may be read on any thread.
    """

    def __init__(self, work: Callable[[Job[P, R]], R], owner: str, *, most_seconds: float = math.inf) -> None:
        """`most_seconds`: how long it may run; then it is asked to stop."""
        self.owner = owner
        self.progress: P | None = None
        self.is_overdue = False
        self._most_seconds, self._deadline = most_seconds, math.inf
        self._work = work
        self._future: Future[R] = Future()
        self._stop_requested = threading.Event()
        self._news = threading.Condition()  # of a report, or of the end
        # Not `self`: a circle would keep a photograph's file.
        self._future.add_done_callback(partial(_tell, self._news))

    @property
    def state(self) -> JobState:
        if self._future.cancelled():
            return JobState.CANCELLED
        if self._future.done():
            return JobState.DONE if self._future.exception() is None else JobState.FAILED
        return JobState.RUNNING if self._future.running() else JobState.WAITING

    def done(self) -> bool:
        """Whether it has ended: with a result, with an error, or cancelled."""
        return self._future.done()

    def cancel(self) -> None:
        """Take a waiting job out of the queue, or ask a running one to stop. A job that has ended stays as it is."""
        self._stop_requested.set()
        self._future.cancel()

    def result(self) -> R:
        """What the work returned. Raises what it raised, CancelledError if it never began, TimeoutError if it runs."""
        return self._future.result(timeout=0)

    def exception(self) -> Exception | None:
        """What the work raised; None where it raised nothing, has not ended or never began."""
        if self.state is not JobState.FAILED:
            return None
        error = self._future.exception()
        assert isinstance(error, Exception)  # `run` catches nothing else
        return error

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has ended, at most `timeout` seconds; returns whether it has."""
        try:
            self._future.exception(timeout)
        except CancelledError:
            return True
        except TimeoutError:
            return False
        return True

    def wait_for(self, is_enough: Callable[[], bool], timeout: float) -> bool:
        """Wait until it has ended or, after a report, `is_enough`, at most `timeout` seconds; returns whether it is."""
        with self._news:
            return self._news.wait_for(lambda: self.done() or is_enough(), timeout)

    def stop(self) -> bool:
        """Cancel it, and wait until it has ended, at most `STOP_SECONDS`; returns whether it has."""
        self.cancel()
        with others_first():
            return self.wait(STOP_SECONDS)

    def report(self, progress: P) -> None:
        """For the work: say how far it is."""
        self.progress = progress
        _tell(self._news)

    def should_stop(self) -> bool:
        """For the work: whether to stop early: the job was cancelled, has run for too long, or the program ends."""
        self.is_overdue = self.is_overdue or time.monotonic() > self._deadline
        return self._stop_requested.is_set() or self.is_overdue or not threading.main_thread().is_alive()

    def when_done(self, call: Callable[[], None]) -> None:
        """Call this as soon as it has ended, on any thread."""
        self._future.add_done_callback(lambda _: call())

    def refuse(self, error: ColorizerError) -> None:
        """For the queue: let it fail before it begins."""
        self._future.set_exception(error)

    def run(self) -> None:
        """For the queue: do the work now, unless it was cancelled."""
        if self.should_stop():
            self._future.cancel()
        if not self._future.set_running_or_notify_cancel():
            return
        self._deadline = time.monotonic() + self._most_seconds
        _CURRENT.set(self)
        try:
            result = self._work(self)
        except Exception as error:  # the page shows it; the thread goes on with the next job
            if not isinstance(error, ColorizerError):  # the page says all there is to say of those
                LOGGER.error("A job failed", exc_info=error)
            self._future.set_exception(error)
        else:
            self._future.set_result(result)


def _tell(news: threading.Condition, _: object = None) -> None:
    with news:
        news.notify_all()


AnyJob = Job[Any, Any]

_CURRENT: ContextVar[AnyJob | None] = ContextVar("job", default=None)


def current_job() -> AnyJob | None:
    """The job that the calling thread works on, or None."""
    return _CURRENT.get()
