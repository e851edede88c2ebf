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
from dashboard.server.housekeeping import end_gone_sessions
from dashboard.server.jobs import AnyJob, Job, JobQueue
from dashboard.server.queues import job_queue
from dashboard.server.session import SessionWatch, grace_seconds
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
    now = time.monotonic()
    alive.remove("ann")
    assert end_gone_sessions(now + GRACE - 1) == []
    assert ann.exists()
    assert DOWNLOADS.find(token) is not None
    assert end_gone_sessions(now + GRACE + 1) == ["ann"]
    assert not ann.exists()
    assert bob.exists()
    assert DOWNLOADS.find(token) is None
    assert end_gone_sessions(now + 2 * GRACE) == []


@pytest.mark.usefixtures("watch")
def test_a_session_that_comes_back_in_time_keeps_its_folder(folders: SessionFolders, alive: set[str]) -> None:
    ann = folders.folder("ann")
    now = time.monotonic()
    alive.remove("ann")
    end_gone_sessions(now + GRACE - 1)
    alive.add("ann")
    end_gone_sessions(now + GRACE)
    alive.remove("ann")
    assert end_gone_sessions(now + 2 * GRACE - 1) == []
    assert ann.exists()


@pytest.mark.usefixtures("watch")
def test_when_a_session_is_gone_its_jobs_end_before_its_folder_goes(folders: SessionFolders, alive: set[str]) -> None:
    st.cache_resource.clear()
    begun, received, folder = threading.Event(), list[bool](), folders.folder("ann")

    def work(job: AnyJob) -> None:
        begun.set()
        while not job.should_stop():
            threading.Event().wait(0.005)
        received.append(folder.exists())

    job_queue().submit(work, owner="ann")
    assert begun.wait(SOON)
    alive.remove("ann")
    end_gone_sessions(time.monotonic() + GRACE + 1)
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
    monkeypatch.setattr(housekeeping, "close_session", close)
    monkeypatch.setattr(housekeeping, "end_gone_sessions", lambda now: end_gone_sessions(now + GRACE + 1))
    folder = folders.folder("ann")
    alive.remove("ann")

    async def live() -> None:
        async with housekeeping.housekeeping(st.App("page.py")):
            await asyncio.wait_for(closed.wait(), SOON)

    run_coroutine(live())
    assert names == ["ann"]
    assert not folder.exists()
    assert not folders.root.exists(), "the program's end removes the rest"


@pytest.mark.parametrize(("ttl", "grace"), [(120.0, 114.0), (20.0, 14.0), (12.0, 6.0), (5.0, 2.5), (0.0, 0.0)])
def test_the_grace_period_ends_before_streamlit_forgets_and_is_never_negative(ttl: float, grace: float) -> None:
    assert grace_seconds(ttl) == grace
