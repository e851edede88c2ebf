"""What the tabs need to know of Streamlit's insides. The only importer of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext


def session_id() -> str:
    """The name of this visitor's session, unique among all. Raises RuntimeError outside a page's script."""
    return _context().session_id


def is_connected(session: str) -> bool:
    """Whether the session's page is open; without a server, as in a test, it always is."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def release_upload(upload: str) -> None:
    """Give back the memory of an uploaded file that has been written to disk; `upload`: its file_id.

    The upload field goes on to show its name, and hands out nothing from the next run on.
    """
    manager = _context().uploaded_file_mgr
    if isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(session_id=session_id(), file_id=upload)


def _context() -> ScriptRunContext:
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("expected to be called by a page's script")
    return context


class SessionWatch:
    """Sessions by the time when they were last alive. Safe between threads."""

    def __init__(self, *, is_alive: Callable[[str], bool], grace: float) -> None:
        """`is_alive`: whether a session goes on. `grace`: seconds after which one that does not is gone."""
        self._is_alive, self._grace = is_alive, grace
        self._lock = threading.Lock()
        self._last_alive: dict[str, float] = {}

    def mark_alive(self, session: str) -> None:
        """It is alive; from now on it is watched."""
        with self._lock:
            self._last_alive[session] = time.monotonic()

    def pop_gone(self, now: float) -> list[str]:
        """The sessions that are gone for the grace period at the time `now`, by time.monotonic; each is told once."""
        with self._lock:
            for session in self._last_alive:
                if self._is_alive(session):
                    self._last_alive[session] = now
            gone = [session for session, last_alive in self._last_alive.items() if now - last_alive > self._grace]
            for session in gone:
                del self._last_alive[session]
        return gone
