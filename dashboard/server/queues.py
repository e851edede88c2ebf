"""The queues of the program, and work that takes its turn in them.

Photographs are worked on a few at a time: thirty at once would share the cores, and each needs its memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from dashboard.server import budgets
from dashboard.server.downloads import DOWNLOADS
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job
from dashboard.server.ledger import LEDGER
from dashboard.server.session import visitor_of
from dashboard.server.settings import JOBS, MAX_QUEUE, PHOTOS_AT_ONCE, longest_run_seconds
from dashboard.server.streamlit_internals import session_id

P = TypeVar("P")
R = TypeVar("R")

REFRESH_SECONDS = 0.25  # between two looks at the queue
_POLL_SECONDS = 0.02  # between two looks at a job, whose end is noticed at once


def submit_photo(work: Callable[[Job[P, R]], R]) -> Job[P, R]:
    """Put this visitor's work on a photograph into the queue. `wait_on_page` waits for it."""
    return photo_queue().submit(work, owner=session_id())


def queued_download_url(work: Callable[[], bytes], name: str, *, place: str) -> str:
    """The URL of a file that `work` makes whenever it is asked for, in its turn; see `Downloads.job_url`."""
    owner = session_id()

    def start() -> Job[None, bytes]:
        return photo_queue().submit(lambda _: work(), owner=owner)

    return DOWNLOADS.job_url(start, name, owner=owner, place=place)


def run_queued(work: Callable[[], R]) -> R:
    """Do `work` when it is this visitor's turn, and return its result. Until then the page says how many are ahead.

    Raises what the work raises, and QueueFull if too many wait. A visitor who leaves gives up the place.
    """
    job: Job[None, R] = submit_photo(lambda _: work())
    try:
        wait_on_page(job)
    finally:
        job.cancel()
    return job.result()


def wait_on_page(job: Job[P, R], is_enough: Callable[[], bool] = lambda: False) -> None:
    """Wait until a job of the photographs' queue has ended, or until `is_enough`.

    Until it begins, the page says how many are ahead.
    """
    queue, words, drawn = photo_queue(), st.empty(), time.monotonic()
    while not (job.wait(_POLL_SECONDS) or is_enough()):
        if time.monotonic() - drawn < REFRESH_SECONDS:
            continue
        drawn = time.monotonic()
        # Drawing is also where Streamlit ends the run of a visitor who left.
        if ahead := len(queue.jobs_ahead_of(job)):
            words.markdown(f":material/hourglass_top: Waiting: {ahead} before you")
        else:
            words.empty()
    words.empty()


@st.cache_resource(show_spinner=False)
def job_queue() -> JobQueue:
    """The queue of films and albums. Raises InvalidSetting if the environment has invalid numbers for it."""
    return _make_queue(int(JOBS.read()), most_waiting=int(MAX_QUEUE.read()))


@st.cache_resource(show_spinner=False)
def photo_queue() -> JobQueue:
    """The queue of photographs. Raises InvalidSetting if the environment has invalid numbers for it."""
    return _make_queue(int(PHOTOS_AT_ONCE.read()), most_waiting=int(MAX_QUEUE.read()))


@st.cache_resource(show_spinner=False)
def estimate_queue() -> JobQueue:
    """The queue of time estimates, which take seconds and so need not wait behind films."""
    return _make_queue(1, most_waiting=int(MAX_QUEUE.read()))


def _make_queue(workers: int, *, most_waiting: int) -> JobQueue:
    """A queue whose owners are sessions: each within its budget, and the addresses served in turn."""
    return JobQueue(
        workers=workers,
        most_waiting=most_waiting,
        most_seconds=longest_run_seconds(),
        admit=lambda session: LEDGER.hold(budgets.JOBS, visitor_of(session)).release,
        group_of=lambda session: visitor_of(session).address or session,
    )
