"""Long work that waits its turn: a few jobs at a time on threads of their own, watched and steered from the pages.

Nothing here calls Streamlit, for the work runs on a thread that Streamlit does not know.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Generic, TypeVar

from colorizer import ColorizerError

LOGGER = logging.getLogger(__name__)

P = TypeVar("P")  # what the work reports while it runs
R = TypeVar("R")  # what it returns


class QueueFull(ColorizerError):
    """As many wait already as may."""


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"  # it returned; after a cancel too, if it had begun
    FAILED = "failed"
    CANCELLED = "cancelled"  # before it began


ACTIVE = frozenset({JobState.WAITING, JobState.RUNNING})


class Job(Generic[P, R]):
    """One piece of work of one owner's. Its attributes may be read on any thread; the queue alone writes them.

    `progress`: the last that the work reported. `result`: what it returned, once DONE. `error`: why it FAILED.
    """

    def __init__(self, work: Callable[[Job[P, R]], R], owner: str) -> None:
        self.owner = owner
        self.state = JobState.WAITING
        self.progress: P | None = None
        self.result: R | None = None
        self.error: Exception | None = None
        self._work = work
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._over = threading.Event()

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE

    def report(self, progress: P) -> None:
        """For the work: say how far it is."""
        self.progress = progress

    def cancel(self) -> None:
        """Take it out of the queue, or ask the work to come to its end. Once it is over, nothing happens."""
        self._cancelled.set()
        with self._lock:
            if self.state is JobState.WAITING:
                self._end(JobState.CANCELLED)

    def is_cancelled(self) -> bool:
        """For the work: whether to come to its end, because somebody asked for it or because the program ends."""
        return self._cancelled.is_set() or not threading.main_thread().is_alive()

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is over, at most `timeout` seconds; returns whether it is."""
        return self._over.wait(timeout)

    def stop(self) -> None:
        """Cancel it, and wait until it is over."""
        self.cancel()
        self.wait()

    def outcome(self) -> R:
        """What the work returned. Raises what it raised; ValueError where there is neither."""
        if self.error is not None:
            raise self.error
        if self.state is not JobState.DONE:
            raise ValueError(f"expected a job that is done, got one that is {self.state}")
        return self.result  # type: ignore[return-value]  # of a job that is done it is an R

    def refuse(self, error: ColorizerError) -> None:
        """For the queue: it failed before it began."""
        with self._lock:
            self.error = error
            self._end(JobState.FAILED)

    def run(self) -> None:
        """For the queue: do the work now, unless it was cancelled."""
        with self._lock:
            if self.state is not JobState.WAITING:
                return
            if self.is_cancelled():
                self._end(JobState.CANCELLED)
                return
            self.state = JobState.RUNNING
        try:
            self.result = self._work(self)
        except Exception as error:  # the page shows it; the thread goes on with the next job
            if not isinstance(error, ColorizerError):  # of those the page says all there is to say
                LOGGER.error("A job failed", exc_info=error)
            self.error = error
            self._end(JobState.FAILED)
        else:
            self._end(JobState.DONE)

    def _end(self, state: JobState) -> None:
        self.state = state
        self._over.set()


AnyJob = Job[Any, Any]


class JobQueue:
    """Jobs in the order they came. A thread lives only while there is work, so that the program can end at any time."""

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
        """Put `work` at the end; it is called with its job, to report to and to ask whether it is cancelled.

        Where too many wait, the job has FAILED, with QueueFull.
        """
        job = Job(work, owner)
        with self._lock:
            has_worker = self._free_workers > 0
            waiting = sum(each.is_active for each in self._waiting)
            if not has_worker and self._most_waiting is not None and waiting >= self._most_waiting:
                job.refuse(QueueFull(f"expected a place in the queue, got {waiting} who wait already\nTry again soon."))
                return job
            self._waiting.append(job)
            if has_worker:
                self._free_workers -= 1
        if has_worker:
            threading.Thread(target=self._work_off, name="jobs").start()
        return job

    def ahead_of(self, job: AnyJob) -> list[AnyJob]:
        """The jobs that began or will begin before a waiting `job`; none for one that does not wait."""
        with self._lock:
            if job not in self._waiting:
                return []
            waiting = list(self._waiting)
            return [other for other in (*self._running, *waiting[: waiting.index(job)]) if other.is_active]

    def cancel_owner(self, owner: str) -> list[AnyJob]:
        """Cancel all jobs of an owner's; returns those that were running, for they take a moment to end."""
        with self._lock:
            own = [job for job in (*self._waiting, *self._running) if job.owner == owner]
        for job in own:
            job.cancel()
        return [job for job in own if job.is_active]

    def _work_off(self) -> None:
        while (job := self._next()) is not None:
            job.run()
            with self._lock:
                self._running.remove(job)

    def _next(self) -> AnyJob | None:
        with self._lock:
            if not self._waiting:
                self._free_workers += 1
                return None
            job = self._waiting.popleft()
            self._running.append(job)
            return job
