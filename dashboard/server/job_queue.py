"""A queue of long jobs that run a few at a time on threads of their own, in a fair order.

Nothing here calls Streamlit, because the jobs run on threads that Streamlit does not know.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import TypeVar

from colorizer import ColorizerError
from dashboard.locale.catalogues import mark
from dashboard.server.fair_order import Turns
from dashboard.server.jobs import AnyJob, Job
from dashboard.server.plain_words import PlainError

P = TypeVar("P")  # what the work reports while it runs
R = TypeVar("R")  # what it returns


class QueueFull(PlainError):
    """The queue has no place left."""

    plain = mark("Many others are waiting just now. Try again soon.")


class JobQueue:
    """Jobs of many owners, served in turn. A thread ends when there is no work, so the program can end at any time."""

    def __init__(
        self,
        *,
        workers: int = 1,
        most_waiting: int | None = None,
        most_seconds: float = math.inf,
        admit: Callable[[str], Callable[[], None]] = lambda _: lambda: None,
        group_of: Callable[[str], str] = lambda owner: owner,
    ) -> None:
        """`workers`: how many jobs run at once. `most_waiting`: how many may wait; None for any number.

        `most_seconds`: how long a job may run. `admit`: called with the owner of a new job, raises a ColorizerError to
        refuse it; what it returns is called when the job has ended. `group_of`: the group of an owner; groups are
        served in turn, and within a group its owners.
        Raises ValueError for less than 1 worker or 0 waiting.
        """
        if workers < 1:
            raise ValueError(f"expected at least 1 worker, got {workers}")
        if most_waiting is not None and most_waiting < 0:
            raise ValueError(f"expected 0 or more to wait, got {most_waiting}")
        self._free_workers, self._most_waiting, self._most_seconds = workers, most_waiting, most_seconds
        self._admit, self._group_of = admit, group_of
        self._lock = threading.Lock()
        self._waiting, self._running = list[AnyJob](), list[AnyJob]()
        self._owner_turns, self._group_turns = Turns(), Turns()

    def submit(self, work: Callable[[Job[P, R]], R], *, owner: str) -> Job[P, R]:
        """Append a job. `work` is called with the job, to report progress and to ask whether it should stop.

        A job that is not admitted, or for which too many wait (QueueFull), has failed at once.
        """
        job = Job(work, owner, most_seconds=self._most_seconds)
        try:
            job.when_done(self._admit(owner))
        except ColorizerError as error:
            job.refuse(error)
            return job
        with self._lock:
            has_worker = self._free_workers > 0
            self._waiting = [each for each in self._waiting if not each.done()]  # cancelled ones hold their data
            if not has_worker and self._most_waiting is not None and len(self._waiting) >= self._most_waiting:
                waiting = len(self._waiting)
                job.refuse(QueueFull(f"expected a place in the queue, got {waiting} who wait already\nTry again soon."))
                return job
            self._waiting.append(job)
            if has_worker:
                self._free_workers -= 1
        if has_worker:
            threading.Thread(target=self._run_jobs, name="jobs").start()
        return job

    def jobs_ahead_of(self, job: AnyJob) -> list[AnyJob]:
        """The unfinished jobs that start before a waiting `job`, as things are; none if it does not wait."""
        with self._lock:
            waiting = self._in_order()
            ahead = [*self._running, *waiting[: waiting.index(job)]] if job in waiting else []
        return [other for other in ahead if not other.done()]

    def cancel_owner(self, owner: str) -> list[AnyJob]:
        """Cancel all jobs of an owner. Returns those that were running, which take a moment to end."""
        with self._lock:
            own = [job for job in (*self._waiting, *self._running) if job.owner == owner]
        for job in own:
            job.cancel()
        return [job for job in own if not job.done()]

    def _in_order(self) -> list[AnyJob]:
        of_owners = self._owner_turns.order(self._waiting, lambda job: job.owner)
        return self._group_turns.order(of_owners, lambda job: self._group_of(job.owner))

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
            job = self._in_order()[0]
            self._waiting.remove(job)
            self._running.append(job)
            owners = {each.owner for each in (*self._waiting, *self._running)}
            self._owner_turns.note(job.owner, owners)
            self._group_turns.note(self._group_of(job.owner), map(self._group_of, owners))
            return job
