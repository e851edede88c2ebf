"""Gives back what visitors leave behind: once their session has ended, and when the program ends.

Streamlit keeps a lost session with its uploads and pictures for a while, since the connection may come back. After that
it frees them only when the next visitor leaves, which may be on another day.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from dashboard.server.downloads import DOWNLOADS
from dashboard.server.memory import release_memory
from dashboard.server.queues import estimate_queue, job_queue, photo_queue
from dashboard.server.session import CHECK_SECONDS, watched_sessions
from dashboard.server.session_folders import close_all, session_folders
from dashboard.server.streamlit_internals import close_session, connected_sessions, print_urls, session_address

LOGGER = logging.getLogger(__name__)


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
    """Look for sessions that have ended, again and again; an error of one look is logged, and the next one comes."""
    house = House()
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        try:
            await _look_around(house)
        except Exception:
            LOGGER.exception("Could not clean up after the visitors who left; the next try is in %g s", CHECK_SECONDS)


async def _look_around(house: House) -> None:
    for session in connected_sessions():  # a page that never ran, too
        watched_sessions().mark_alive(session, session_address(session))
    gone = await asyncio.to_thread(house.end_gone_sessions, time.monotonic())
    for session in gone:
        close_session(session)
    if await asyncio.to_thread(house.clear) or gone:
        await asyncio.to_thread(release_memory)


class House:
    """The sessions that have ended, until everything of theirs is removed."""

    def __init__(self) -> None:
        self._ending: set[str] = set()

    def end_gone_sessions(self, now: float) -> list[str]:
        """Stop the jobs of the sessions that have ended at `now` (time.monotonic). Returns the sessions."""
        gone = watched_sessions().pop_gone(now)
        self._ending.update(gone)
        return gone

    def clear(self) -> list[str]:
        """Remove the files and downloads of ended sessions whose jobs have ended. Returns these sessions.

        A job that still stops may write into its session's folder, so the next call looks again.
        """
        cleared = [session for session in sorted(self._ending) if not _stop_jobs(session)]
        for session in cleared:
            session_folders().remove(session)
            self._ending.discard(session)
        return cleared


def _stop_jobs(session: str) -> bool:
    """Cancel the session's jobs. Returns whether one still runs."""
    DOWNLOADS.forget(session)
    queues = (job_queue(), estimate_queue(), photo_queue())
    return bool([job for queue in queues for job in queue.cancel_owner(session)])
