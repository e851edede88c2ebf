"""A queue of long jobs that run a few at a time on threads of their own; pages watch and cancel them.

Nothing here calls Streamlit, because the jobs run on threads that Streamlit does not know.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from enum import StrEnum
from typing import Any, Generic, TypeVar

from colorizer import ColorizerError

LOGGER = logging.getLogger(__name__)

P = TypeVar("P")  # what the work reports while it runs
R = TypeVar("R")  # what it returns


class QueueFull(ColorizerError):
    """The queue has no place left."""


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"  # the work returned; after a cancel too, if it had begun
    FAILED = "failed"
    CANCELLED = "cancelled"  # before it began


class Job(Generic[P, R]):
    """One piece of work for one owner, with the methods of `concurrent.futures.Future`, which holds its result.

    `progress`: what the work reported last. All of it may be read on any thread.
    """

    def __init__(self, work: Callable[[Job[P, R]], R], owner: str) -> None:
        self.owner = owner
        self.progress: P | None = None
        self._work = work
        self._future: Future[R] = Future()
        self._stop_requested = threading.Event()

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

    def stop(self) -> None:
        """Cancel it, and wait until it has ended."""
        self.cancel()
        self.wait()

    def report(self, progress: P) -> None:
        """For the work: say how far it is."""
        self.progress = progress

    def should_stop(self) -> bool:
        """For the work: whether to stop early, because the job was cancelled or the program ends."""
        return self._stop_requested.is_set() or not threading.main_thread().is_alive()

    def refuse(self, error: ColorizerError) -> None:
        """For the queue: let it fail before it begins."""
        self._future.set_exception(error)

    def run(self) -> None:
        """For the queue: do the work now, unless it was cancelled."""
        if self.should_stop():
            self._future.cancel()
        if not self._future.set_running_or_notify_cancel():
            return
        try:
            result = self._work(self)
        except Exception as error:  # the page shows it; the thread goes on with the next job
            if not isinstance(error, ColorizerError):  # the page says all there is to say of those
                LOGGER.error("A job failed", exc_info=error)
            self._future.set_exception(error)
        else:
            self._future.set_result(result)


AnyJob = Job[Any, Any]


class JobQueue:
    """Jobs in the order of their arrival. A thread ends when there is no work, so the program can end at any time."""

    def __init__(self, *, workers: int = 1, most_waiting: int | None = None) -> None:
        """`workers`: how many jobs run at once. `most_waiting`: how many may wait; None for any number.

        Raises ValueError for less than 1 worker or 0 waiting.
        """
        if workers < 1:
            raise ValueError(f"expected at least 1 worker, got {workers}")
        if most_waiting is not None and most_waiting < 0:
            raise ValueError(f"expected 0 or more to wait, got {most_waiting}")
        self._free_workers, self._most_waiting = workers, most_waiting
        self._lock = threading.Lock()
        self._waiting: deque[AnyJob] = deque()
        self._running: list[AnyJob] = []

    def submit(self, work: Callable[[Job[P, R]], R], *, owner: str) -> Job[P, R]:
        """Append a job. `work` is called with the job, to report progress and to ask whether it should stop.

        If too many jobs wait, the job has failed at once, with QueueFull.
        """
        job = Job(work, owner)
        with self._lock:
            has_worker = self._free_workers > 0
            waiting = sum(not each.done() for each in self._waiting)
            if not has_worker and self._most_waiting is not None and waiting >= self._most_waiting:
                job.refuse(QueueFull(f"expected a place in the queue, got {waiting} who wait already\nTry again soon."))
                return job
            self._waiting.append(job)
            if has_worker:
                self._free_workers -= 1
        if has_worker:
            threading.Thread(target=self._run_jobs, name="jobs").start()
        return job

    def jobs_ahead_of(self, job: AnyJob) -> list[AnyJob]:
        """The unfinished jobs that start before a waiting `job`; none if it does not wait."""
        with self._lock:
            if job not in self._waiting:
                return []
            waiting = list(self._waiting)
            return [other for other in (*self._running, *waiting[: waiting.index(job)]) if not other.done()]

    def cancel_owner(self, owner: str) -> list[AnyJob]:
        """Cancel all jobs of an owner. Returns those that were running, which take a moment to end."""
        with self._lock:
            own = [job for job in (*self._waiting, *self._running) if job.owner == owner]
        for job in own:
            job.cancel()
        return [job for job in own if not job.done()]

    def _run_jobs(self) -> None:
        while (job := self._next_job()) is not None:
            job.run()
            with self._lock:
                self._running.remove(job)

    def _next_job(self) -> AnyJob | None:
        with self._lock:
            if not self._waiting:
                self._free_workers += 1
                return None
            job = self._waiting.popleft()
            self._running.append(job)
            return job
