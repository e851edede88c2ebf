"""Work on whole photographs, a few at a time: thirty at once would share the cores, each with its memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import streamlit as st

from dashboard.server.downloads import DOWNLOADS
from dashboard.server.jobs import Job
from dashboard.server.session import session_id
from dashboard.server.settings import photo_queue

R = TypeVar("R")

REFRESH_SECONDS = 0.25


def _submit(work: Callable[[], R], *, owner: str) -> Job[None, R]:
    return photo_queue().submit(lambda _: work(), owner=owner)


def address_in_turn(work: Callable[[], bytes], name: str, *, place: str) -> str:
    """Where this visitor gets the file that `work` makes, each time in its turn: see `Downloads.address_of`."""
    owner = session_id()
    return DOWNLOADS.address_of(partial(_submit, work, owner=owner), name, owner=owner, place=place)


def in_turn(work: Callable[[], R]) -> R:
    """What `work` returns, done when it is this visitor's turn; meanwhile the page says how many are before.

    Raises what the work raises, and QueueFull where too many wait. A visitor who leaves gives up the place.
    """
    queue, job = photo_queue(), _submit(work, owner=session_id())
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
