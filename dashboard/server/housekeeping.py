"""What visitors leave behind is given back once they are gone, and when the program ends.

Streamlit keeps a lost session, its uploads and its pictures for a while, for the connection may come back; after that
it lets go of them when the next visitor leaves, which after a class may be on another day.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import streamlit as st
from streamlit import runtime

from dashboard.server.downloads import DOWNLOADS
from dashboard.server.memory import release_memory
from dashboard.server.session import SessionWatch, is_connected
from dashboard.server.session_folders import close_all

CHECK_SECONDS = 2.0
_CHECKS_BEFORE = 3  # Streamlit itself forgets: what it has forgotten it can no longer be told to close


@cache
def watched_sessions() -> SessionWatch:
    """The sessions of this process."""
    kept = float(st.get_option("server.disconnectedSessionTTL"))
    return SessionWatch(is_alive=is_connected, grace=kept - _CHECKS_BEFORE * CHECK_SECONDS)


@asynccontextmanager
async def housekeeping(_app: st.App) -> AsyncIterator[None]:
    """Look after the sessions for as long as the program runs: its lifespan."""
    keeper = asyncio.create_task(_close_gone_sessions())
    try:
        yield
    finally:
        keeper.cancel()
        close_all()


async def _close_gone_sessions() -> None:
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        gone = watched_sessions().pop_gone(time.monotonic())
        for session in gone:
            DOWNLOADS.forget(session)
            runtime.get_instance().close_session(session)
        if gone:
            await asyncio.to_thread(release_memory)
