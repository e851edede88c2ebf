"""Wait on the page for work in the queue of photographs, and say meanwhile how many are ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from dashboard.server.jobs import Job
from dashboard.server.page_runs import others_first
from dashboard.server.queues import photo_queue, submit_photo
from dashboard.shared.language import trn

P = TypeVar("P")
R = TypeVar("R")

REFRESH_SECONDS = 0.25  # between two looks of the first in the queue
_MOST_PAUSES = 4  # of them, between two looks of the fourth and all behind: drawing takes time from those before


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
    queue, words = photo_queue(), st.empty()
    ahead = len(queue.jobs_ahead_of(job))
    with others_first():
        while not job.wait_for(is_enough, REFRESH_SECONDS * min(1 + ahead, _MOST_PAUSES)):
            # Drawing is also where Streamlit ends the run of a visitor who left.
            if ahead := len(queue.jobs_ahead_of(job)):
                words.markdown(f":material/hourglass_top: {describe_place(ahead)}")
            else:
                words.empty()
    words.empty()


def describe_place(ahead: int) -> str:
    """The words on a place in a queue. `ahead`: how many jobs are before it."""
    return trn(
        "Waiting in the queue: {n} job is before yours.", "Waiting in the queue: {n} jobs are before yours.", ahead
    )
