"""Work on whole photographs, a few at a time: thirty at once would share the cores, each with its memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import streamlit as st

from dashboard.server.downloads import DOWNLOADS
from dashboard.server.jobs import Job, JobQueue
from dashboard.server.session import session_id
from dashboard.server.settings import (
    DEFAULT_MAX_QUEUE,
    JOBS_VARIABLE,
    MAX_QUEUE_VARIABLE,
    PHOTOS_AT_ONCE_VARIABLE,
    _read_setting,
)

R = TypeVar("R")

REFRESH_SECONDS = 0.25


def _submit(work: Callable[[], R], *, owner: str) -> Job[None, R]:
    return photo_queue().submit(lambda _: work(), owner=owner)


def queued_download_url(work: Callable[[], bytes], name: str, *, place: str) -> str:
    """Where this visitor gets the file that `work` makes, each time in its turn: see `Downloads.address_of`."""
    owner = session_id()
    return DOWNLOADS.job_url(partial(_submit, work, owner=owner), name, owner=owner, place=place)


def run_queued(work: Callable[[], R]) -> R:
    """What `work` returns, done when it is this visitor's turn; meanwhile the page says how many are before.

    Raises what the work raises, and QueueFull where too many wait. A visitor who leaves gives up the place.
    """
    queue, job = photo_queue(), _submit(work, owner=session_id())
    words = st.empty()
    try:
        while not job.wait(REFRESH_SECONDS):
            if ahead := len(queue.jobs_ahead_of(job)):  # drawing, too, is where Streamlit ends the run of one who left
                words.markdown(f":material/hourglass_top: Waiting: {ahead} before you")
            else:
                words.empty()
    finally:
        job.cancel()
    words.empty()
    return job.result()


@st.cache_resource(show_spinner=False)
def job_queue() -> JobQueue:
    """The one queue of films and albums. Raises InvalidSetting if the environment names no such numbers."""
    return JobQueue(
        workers=int(_read_setting(JOBS_VARIABLE, "jobs at once", default=1.0, least=1.0)),
        most_waiting=_read_max_queue(),
    )


@st.cache_resource(show_spinner=False)
def photo_queue() -> JobQueue:
    """The one queue of photographs. Raises InvalidSetting if the environment names no such numbers."""
    cores = float(os.cpu_count() or 1)
    at_once = _read_setting(PHOTOS_AT_ONCE_VARIABLE, "photographs at once", default=cores, least=1.0)
    return JobQueue(workers=int(at_once), most_waiting=_read_max_queue())


def _read_max_queue() -> int:
    return int(_read_setting(MAX_QUEUE_VARIABLE, "jobs that wait", default=DEFAULT_MAX_QUEUE, least=1.0))


@st.cache_resource(show_spinner=False)
def estimate_queue() -> JobQueue:
    """Another one, for what takes seconds: it waits for no film, and the page that asks for it is drawn at once."""
    return JobQueue()
