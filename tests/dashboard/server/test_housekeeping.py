"""What the program gives back once a session has ended, and in which order."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from dashboard.server import housekeeping
from dashboard.server.downloads import DOWNLOADS
from dashboard.server.housekeeping import House
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import AnyJob, Job
from dashboard.server.queues import job_queue
from dashboard.server.session import SessionWatch
from dashboard.server.session_folders import SessionFolders
from tests.support.coroutines import run_coroutine

GRACE = 60.0
SOON = 20.0


@pytest.fixture
def alive() -> set[str]:
    return {"ann", "bob"}


@pytest.fixture
def watch(alive: set[str], monkeypatch: pytest.MonkeyPatch) -> SessionWatch:
    made = SessionWatch(is_alive=alive.__contains__, grace=GRACE)
    for session in alive:
        made.mark_alive(session)
    monkeypatch.setattr(housekeeping, "watched_sessions", lambda: made)
    return made


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionFolders]:
    made = SessionFolders(tmp_path)
    monkeypatch.setattr(housekeeping, "session_folders", lambda: made)
    yield made
    if made.root.exists():
        made.close()


@pytest.mark.usefixtures("watch")
def test_a_session_that_is_gone_for_long_loses_its_folder_and_downloads(
    folders: SessionFolders, alive: set[str]
) -> None:
    ann, bob = folders.folder("ann"), folders.folder("bob")
    (ann / "film.mp4").touch()

    def start() -> Job[None, bytes]:
        return JobQueue().submit(lambda _: b"photo", owner="ann")

    token = DOWNLOADS.job_url(start, "photo.png", owner="ann", place="photo").rpartition("/")[2]
    house, now = House(), time.monotonic()
    alive.remove("ann")
    assert (house.end_gone_sessions(now + GRACE - 1), house.clear()) == ([], [])
    assert ann.exists()
    assert DOWNLOADS.find(token) is not None
    assert (house.end_gone_sessions(now + GRACE + 1), house.clear()) == (["ann"], ["ann"])
    assert not ann.exists()
    assert bob.exists()
    assert DOWNLOADS.find(token) is None
    assert (house.end_gone_sessions(now + 2 * GRACE), house.clear()) == ([], [])


@pytest.mark.usefixtures("watch")
def test_a_session_that_comes_back_in_time_keeps_its_folder(folders: SessionFolders, alive: set[str]) -> None:
    ann = folders.folder("ann")
    house, now = House(), time.monotonic()
    alive.remove("ann")
    house.end_gone_sessions(now + GRACE - 1)
    alive.add("ann")
    house.end_gone_sessions(now + GRACE)
    alive.remove("ann")
    assert (house.end_gone_sessions(now + 2 * GRACE - 1), house.clear()) == ([], [])
    assert ann.exists()


@pytest.mark.usefixtures("watch")
def test_when_a_session_is_gone_its_jobs_end_before_its_folder_goes(folders: SessionFolders, alive: set[str]) -> None:
    st.cache_resource.clear()
    begun, told, go_on = threading.Event(), threading.Event(), threading.Event()
    received, folder = list[bool](), folders.folder("ann")

    def work(job: AnyJob) -> None:
        begun.set()
        while not job.should_stop():
            threading.Event().wait(0.005)
        told.set()
        assert go_on.wait(SOON)
        received.append(folder.exists())

    job = job_queue().submit(work, owner="ann")
    assert begun.wait(SOON)
    alive.remove("ann")
    house = House()
    assert house.end_gone_sessions(time.monotonic() + GRACE + 1) == ["ann"]
    assert house.clear() == []  # does not wait for a job that takes long to stop
    assert told.wait(SOON)
    go_on.set()
    assert job.wait(SOON)
    assert house.clear() == ["ann"]
    assert received == [True]
    assert not folder.exists()
    st.cache_resource.clear()


@pytest.mark.usefixtures("watch")
def test_the_program_looks_after_the_sessions_by_itself(
    folders: SessionFolders, alive: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = asyncio.Event()
    names: list[str] = []

    def close(session: str) -> None:
        names.append(session)
        closed.set()

    monkeypatch.setattr(housekeeping, "CHECK_SECONDS", 0.001)
    monkeypatch.setattr(housekeeping, "print_urls", lambda: None)
    monkeypatch.setattr(housekeeping, "close_session", close)
    monkeypatch.setattr(time, "monotonic", lambda clock=time.monotonic: clock() + GRACE + 1)
    folder = folders.folder("ann")
    alive.remove("ann")

    async def live() -> None:
        async with housekeeping.housekeeping(st.App("page.py")):
            await asyncio.wait_for(closed.wait(), SOON)

    run_coroutine(live())
    assert names == ["ann"]
    assert not folder.exists()
    assert not folders.root.exists(), "the program's end removes the rest"


@pytest.mark.usefixtures("watch", "folders")
def test_the_keeper_outlives_an_error(
    alive: set[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    closed = asyncio.Event()
    tries: list[str] = []

    def look(self: House, now: float) -> list[str]:
        tries.append("look")
        if len(tries) == 1:
            raise OSError("the disk hiccups")
        return end(self, now)

    end = House.end_gone_sessions
    monkeypatch.setattr(House, "end_gone_sessions", look)
    monkeypatch.setattr(housekeeping, "CHECK_SECONDS", 0.001)
    monkeypatch.setattr(housekeeping, "print_urls", lambda: None)
    monkeypatch.setattr(housekeeping, "close_session", lambda _: closed.set())
    monkeypatch.setattr(time, "monotonic", lambda clock=time.monotonic: clock() + GRACE + 1)
    alive.remove("ann")

    async def live() -> None:
        async with housekeeping.housekeeping(st.App("page.py")):
            await asyncio.wait_for(closed.wait(), SOON)

    run_coroutine(live())
    assert "Could not clean up after the visitors who left" in caplog.text
