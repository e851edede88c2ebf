"""Work in the queue of photographs: what the page tells waiting visitors, and that who leaves leaves the queue."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from dashboard.server import queues
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import AnyJob
from dashboard.shared import waiting
from dashboard.shared.language import LANGUAGE_PARAMETER

SOON = 60.0


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> JobQueue:
    """A queue of this test: one job runs, and one may wait."""
    made = JobQueue(most_waiting=1)
    for module in (queues, waiting):
        monkeypatch.setattr(module, "photo_queue", lambda: made)
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
        from dashboard.shared.waiting import run_queued

        try:
            st.text(run_queued(lambda: "coloured"))
        except ColorizerError as error:
            st.error(str(error))

    return AppTest.from_function(page, default_timeout=SOON)


@pytest.mark.usefixtures("queue")
def test_who_is_next_is_served_at_once(app: AppTest) -> None:
    assert [text.value for text in app.run().text] == ["coloured"]
    assert not app.markdown


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Waiting in the queue: 1 job is before yours."), ("de", "In der Warteschlange: 1 Auftrag ist vor Ihrem.")],
)
def test_who_waits_is_told_how_many_are_before(
    language: str, words: str, app: AppTest, release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.query_params[LANGUAGE_PARAMETER] = language
    said = list[str]()
    markdown = DeltaGenerator.markdown

    def note(self: DeltaGenerator, body: str) -> DeltaGenerator:
        said.append(body)
        release.set()
        return markdown(self, body)

    monkeypatch.setattr(DeltaGenerator, "markdown", note)
    assert [text.value for text in app.run().text] == ["coloured"]
    assert said == [f":material/hourglass_top: {words}"]
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
