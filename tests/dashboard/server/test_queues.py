"""The queue for photographs: what the page tells waiting visitors, and that closed sessions leave the queue."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from colorizer import InvalidSetting
from dashboard.server import queues
from dashboard.server.job_queue import JobQueue, QueueFull
from dashboard.server.jobs import AnyJob
from dashboard.server.queues import job_queue, photo_queue
from dashboard.server.settings import JOBS, MAX_QUEUE, PHOTOS_AT_ONCE

SOON = 60.0


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> JobQueue:
    """A queue of this test: one job runs, and one may wait."""
    made = JobQueue(most_waiting=1)
    monkeypatch.setattr(queues, "photo_queue", lambda: made)
    return made


@pytest.fixture
def release(queue: JobQueue) -> Iterator[threading.Event]:
    """Another visitor's job runs until this event is set."""
    event = threading.Event()
    queue.submit(lambda _: event.wait(SOON), owner="bob")
    yield event
    event.set()


@pytest.fixture
def app() -> AppTest:
    def page() -> None:
        import streamlit as st

        from colorizer import ColorizerError
        from dashboard.server.queues import run_queued

        try:
            st.text(run_queued(lambda: "coloured"))
        except ColorizerError as error:
            st.error(str(error))

    return AppTest.from_function(page, default_timeout=SOON)


@pytest.mark.usefixtures("queue")
def test_who_is_next_is_served_at_once(app: AppTest) -> None:
    assert [text.value for text in app.run().text] == ["coloured"]
    assert not app.markdown


def test_who_waits_is_told_how_many_are_before(
    app: AppTest, release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = list[str]()
    markdown = DeltaGenerator.markdown

    def note(self: DeltaGenerator, body: str) -> DeltaGenerator:
        said.append(body)
        release.set()
        return markdown(self, body)

    monkeypatch.setattr(DeltaGenerator, "markdown", note)
    assert [text.value for text in app.run().text] == ["coloured"]
    assert said == [":material/hourglass_top: Waiting: 1 before you"]
    assert not app.markdown


@pytest.mark.usefixtures("release")
def test_where_too_many_wait_that_is_said(app: AppTest, queue: JobQueue) -> None:
    queue.submit(lambda _: None, owner="carl")
    assert ["expected a place in the queue" in error.value for error in app.run().error] == [True]


def test_who_leaves_gives_up_the_place(
    app: AppTest, queue: JobQueue, release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(*_: object) -> None:
        raise LookupError("the page's run is ended from outside")

    monkeypatch.setattr(DeltaGenerator, "markdown", leave)
    app.run()
    assert not app.text
    next_one: AnyJob = queue.submit(lambda _: "done", owner="carl")  # the waiting place is free again
    release.set()
    assert next_one.wait(SOON)
    assert next_one.result() == "done"


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
