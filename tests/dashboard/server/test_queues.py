"""The queues of the program: how many work and wait in each, as the environment says."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
import streamlit as st

from colorizer import InvalidSetting
from dashboard.server.job_queue import JobQueue, QueueFull
from dashboard.server.jobs import AnyJob
from dashboard.server.queues import job_queue, photo_queue
from dashboard.server.settings import JOBS, MAX_QUEUE, PHOTOS_AT_ONCE


@pytest.mark.parametrize("named", ["0", "0.5", "-1", "two", "inf"])
@pytest.mark.parametrize(
    ("variable", "queue"),
    [
        (JOBS.variable, job_queue),
        (PHOTOS_AT_ONCE.variable, photo_queue),
        (MAX_QUEUE.variable, job_queue),
        (MAX_QUEUE.variable, photo_queue),
    ],
)
def test_a_number_below_one_is_refused(
    variable: str, queue: Callable[[], JobQueue], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, named)
    st.cache_resource.clear()
    with pytest.raises(InvalidSetting, match=rf"expected {variable} .* of at least 1, got {re.escape(repr(named))}"):
        queue()


@pytest.mark.parametrize("queue", [job_queue, photo_queue])
def test_as_many_wait_as_the_environment_says(queue: Callable[[], JobQueue], monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, named in ((JOBS.variable, "1"), (PHOTOS_AT_ONCE.variable, "1"), (MAX_QUEUE.variable, "2")):
        monkeypatch.setenv(variable, named)
    st.cache_resource.clear()
    opened = threading.Event()
    jobs: list[AnyJob] = [queue().submit(lambda _: opened.wait(60), owner="ann") for _ in range(4)]
    assert [isinstance(job.exception(), QueueFull) for job in jobs] == [False, False, False, True]
    opened.set()
    assert all(job.wait(60) for job in jobs)
    st.cache_resource.clear()


@pytest.mark.parametrize(("named", "at_once"), [("2", 2), (None, 1)])
def test_as_many_jobs_run_at_once_as_the_environment_says(
    named: str | None, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(JOBS.variable, raising=False)
    if named is not None:
        monkeypatch.setenv(JOBS.variable, named)
    job_queue.clear()
    queue, opened = job_queue(), threading.Event()
    assert job_queue() is queue
    jobs: list[AnyJob] = [queue.submit(lambda _: opened.wait(60), owner="ann") for _ in range(3)]
    assert [queue.jobs_ahead_of(job) for job in jobs[at_once:]] == [jobs[:number] for number in range(at_once, 3)]
    opened.set()
    assert all(job.wait(60) for job in jobs)
    job_queue.clear()
