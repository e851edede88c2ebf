"""Gives back what visitors leave behind: once their session has ended, and when the program ends.

Streamlit keeps a lost session with its uploads and pictures for a while, since the connection may come back. After that
it frees them only when the next visitor leaves, which may be on another day.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from dashboard.server.downloads import DOWNLOADS
from dashboard.server.memory import release_memory
from dashboard.server.queues import estimate_queue, job_queue, photo_queue
from dashboard.server.session import CHECK_SECONDS, watched_sessions
from dashboard.server.session_folders import close_all, session_folders
from dashboard.server.streamlit_internals import close_session, print_urls


@asynccontextmanager
async def housekeeping(_app: st.App) -> AsyncIterator[None]:
    """The lifespan of the program: looks after the sessions as long as it runs."""
    session_folders()  # removes what a killed process left behind
    print_urls()
    keeper = asyncio.create_task(_keep_house())
    try:
        yield
    finally:
        keeper.cancel()
        close_all()


async def _keep_house() -> None:
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        gone = await asyncio.to_thread(end_gone_sessions, time.monotonic())
        for session in gone:
            close_session(session)
        if gone:
            await asyncio.to_thread(release_memory)


def end_gone_sessions(now: float) -> list[str]:
    """Stop the jobs of the sessions that have ended at `now` (time.monotonic), then remove their files and downloads.

    Waits for the jobs. Returns the sessions.
    """
    gone = watched_sessions().pop_gone(now)
    for session in gone:
        for queue in (job_queue(), estimate_queue(), photo_queue()):
            for job in queue.cancel_owner(session):
                job.wait()  # it may still write into the session's folder
        session_folders().remove(session)
        DOWNLOADS.forget(session)
    return gone
