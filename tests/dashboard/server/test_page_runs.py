"""Runs of pages: the order of service, and that nobody waits for one who does not come back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.server import page_runs
from dashboard.server.jobs import AnyJob, Job
from dashboard.server.page_runs import FifoSemaphore, others_first, page_turn

SOON = 60.0  # seconds; long, because the machine may be busy
LONG = 1000.0
VISITORS = "abcdefgh"


class Visits:
    """Threads of visitors, of whom one has its turn at a time. `seen`: what they did, in this order."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.runs = FifoSemaphore(1, most_seconds=LONG)
        self.seen = list[str]()
        self._pool = pool

    def come(self, name: str, run: Callable[[], object] = lambda: None) -> Future[None]:
        """Let `name` do `run` in its turn. Returns when the visitor stands in line, or has its turn."""
        ahead = len(self.runs._waiting)
        done = self._pool.submit(self._visit, name, run)
        while len(self.runs._waiting) == ahead and name not in self.seen:
            threading.Event().wait(0.001)
        return done

    def _visit(self, name: str, run: Callable[[], object]) -> None:
        with page_turn():
            self.seen.append(name)
            run()


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visits]:
    with ThreadPoolExecutor(len(VISITORS)) as pool:
        made = Visits(pool)
        monkeypatch.setattr(page_runs, "_RUNS", made.runs)
        yield made


def test_who_came_first_is_served_first(visits: Visits) -> None:
    with page_turn():
        done = [visits.come(name) for name in VISITORS]
        assert not visits.seen
    for each in done:
        each.result(SOON)
    assert visits.seen == list(VISITORS)


def test_no_more_than_the_permits_are_given_out() -> None:
    runs = FifoSemaphore(2, most_seconds=LONG)
    first, _ = runs.acquire(), runs.acquire()
    with ThreadPoolExecutor(1) as pool:
        third = pool.submit(runs.acquire)
        with pytest.raises(TimeoutError):
            third.result(0.05)
        runs.release(first)
        assert third.result(SOON).is_set()


def test_a_permit_that_is_held_for_too_long_counts_no_more() -> None:
    runs = FifoSemaphore(1, most_seconds=0.01)
    stuck = runs.acquire()
    following = [runs.acquire() for _ in range(3)]  # each of them would wait for ever
    for permit in (stuck, *following):
        runs.release(permit)
    assert not runs._given


def wait_aside(visits: Visits, waits: threading.Event, go_on: threading.Event) -> None:
    with others_first():
        waits.set()
        assert go_on.wait(SOON)
    visits.seen.append("back")


def test_who_waits_for_something_lets_others_run_and_lines_up_again(visits: Visits) -> None:
    waits, go_on = threading.Event(), threading.Event()
    first = visits.come("a", partial(wait_aside, visits, waits, go_on))
    assert waits.wait(SOON)
    visits.come("b").result(SOON)
    with page_turn():
        last = visits.come("c")
        go_on.set()
        while len(visits.runs._waiting) < 2:
            threading.Event().wait(0.001)
    for each in (first, last):
        each.result(SOON)
    assert visits.seen == ["a", "b", "c", "back"]


def test_a_run_that_is_ended_while_others_run_needs_no_further_turn(visits: Visits) -> None:
    """Streamlit ends runs with exceptions that are no Exception, as this one."""
    others = list[threading.Event]()

    def run() -> None:
        with page_turn(), others_first():
            others.append(visits.runs.acquire())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):  # and not for ever in line behind the others
        run()
    visits.runs.release(*others)
    assert not visits.runs._given


def test_on_a_thread_without_a_turn_nothing_is_taken(visits: Visits) -> None:
    with others_first():
        pass
    assert not visits.runs._given


def test_who_stops_a_job_lets_others_run_until_it_has_stopped(visits: Visits) -> None:
    def work(_: AnyJob) -> None:
        visits.come("b").result(SOON)
        visits.seen.append("stopped")

    job: AnyJob = Job(work, "a")
    threading.Thread(target=job.run).start()
    with page_turn():
        assert job.stop()
    assert visits.seen == ["b", "stopped"]


@pytest.mark.parametrize("end", ["rerun", "stop", "error", "itself"])
def test_however_a_page_ends_its_turn_ends(end: str, visits: Visits) -> None:
    def page(end: str) -> None:
        import streamlit as st

        from dashboard.server.page_runs import page_turn

        with page_turn():
            if end == "rerun" and "again" not in st.session_state:
                st.session_state["again"] = True
                st.rerun()
            elif end == "stop":
                st.stop()
            elif end == "error":
                raise ValueError(end)
            st.text("drawn")

    app = AppTest.from_function(page, args=(end,), default_timeout=SOON).run()
    assert bool(app.text) == (end in ("rerun", "itself"))
    assert not visits.runs._given
