"""Work on whole photographs, a few at a time: thirty at once would share the cores, each with its memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from dashboard.jobs import Job
from dashboard.resources import photo_queue
from dashboard.session import session_id

R = TypeVar("R")

REFRESH_SECONDS = 0.25


def submit(work: Callable[[], R], *, owner: str) -> Job[None, R]:
    """Put work on a photograph at the end of the queue."""
    return photo_queue().submit(lambda _: work(), owner=owner)


def in_turn(work: Callable[[], R]) -> R:
    """What `work` returns, done when it is this visitor's turn; meanwhile the page says how many are before.

    Raises what the work raises, and QueueFull where too many wait. A visitor who leaves gives up the place.
    """
    queue, job = photo_queue(), submit(work, owner=session_id())
    words = st.empty()
    try:
        while not job.wait(REFRESH_SECONDS):
            if ahead := len(queue.ahead_of(job)):  # drawing, too, is where Streamlit ends the run of one who left
                words.markdown(f":material/hourglass_top: Waiting: {ahead} before you")
            else:
                words.empty()
    finally:
        job.cancel()
    words.empty()
    return job.outcome()
