"""The queues of the program, and work that takes its turn in them.

Photographs are worked on a few at a time: thirty at once would share the cores, and each needs its memory.
"""

from __future__ import annotations

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


def submit_photo(work: Callable[[Job[P, R]], R]) -> Job[P, R]:
    """Put this visitor's work on a photograph into the queue. `dashboard.shared.waiting` waits for it on the page."""
    return photo_queue().submit(work, owner=session_id())


def queued_download_url(work: Callable[[], bytes], name: str, *, place: str) -> str:
    """The URL of a file that `work` makes whenever it is asked for, in its turn; see `Downloads.job_url`."""
    owner = session_id()

    def start() -> Job[None, bytes]:
        return photo_queue().submit(lambda _: work(), owner=owner)

    return DOWNLOADS.job_url(start, name, owner=owner, place=place)


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
