"""A temporary folder for each visitor's session, gone with the session: for files too large to be held in memory."""

from __future__ import annotations

import atexit
import fcntl
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import streamlit as st

from dashboard.server.queues import estimate_queue, job_queue, photo_queue
from dashboard.server.session import SessionWatch, is_connected

LOGGER = logging.getLogger(__name__)

PREFIX = "ai-colouriser-"
GRACE_SECONDS = 120.0  # a connection that was lost can come back: Streamlit keeps such a session for so long
CHECK_SECONDS = 5.0
_LOCK_NAME = "lock"


class SessionFolders:
    """One folder of this process's, with one folder a session inside. Safe between threads.

    A session's folder is removed once the session has been gone for `grace` seconds, all of them at the end of the
    process. Those of a process that was killed are removed by the next one: a lock on a file in each process's folder
    lives exactly as long as the process.
    """

    def __init__(
        self,
        *,
        is_alive: Callable[[str], bool],
        on_gone: Callable[[str], None],
        grace: float = GRACE_SECONDS,
        parent: Path | None = None,
    ) -> None:
        """`is_alive`: whether a session goes on. `on_gone`: called before a session's folder is removed, to stop who
        writes into it. `parent`: where the process's folder is made, else the system's temporary folder.
        """
        self._watch, self._on_gone = SessionWatch(is_alive=is_alive, grace=grace), on_gone
        parent = Path(tempfile.gettempdir()) if parent is None else parent
        remove_stale(parent)
        self.root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        self._lock_file = _open_locked(self.root / _LOCK_NAME)
        self._closed = threading.Event()
        _OPEN.append(self)
        atexit.register(self.close)

    def folder(self, session: str) -> Path:
        """The session's folder, made on first use."""
        self._watch.mark_alive(session)
        path = self.root / session
        path.mkdir(exist_ok=True)
        return path

    def watch(self, interval: float = CHECK_SECONDS) -> None:
        """Remove what sessions leave behind, from now on and every `interval` seconds, on a thread of its own."""

        def check() -> None:
            while not self._closed.wait(interval):
                self.remove_gone(time.monotonic())

        threading.Thread(target=check, name="session-folders", daemon=True).start()

    def remove_gone(self, now: float) -> None:
        """Remove the folders of sessions that are gone for the grace period at the time `now`, by time.monotonic."""
        for session in self._watch.pop_gone(now):
            self._on_gone(session)
            _remove_tree(self.root / session)

    def close(self) -> None:
        """Remove everything; nothing may be written any more."""
        atexit.unregister(self.close)
        _OPEN.remove(self)
        self._closed.set()
        _remove_tree(self.root)
        self._lock_file.close()


_OPEN: list[SessionFolders] = []


def close_all() -> None:
    """Close what this process has open: a server ended by a signal does not come to Python's own end."""
    for folders in tuple(_OPEN):
        folders.close()


def remove_stale(parent: Path) -> None:
    """Remove the folders in `parent` that processes left behind which are no more."""
    for path in parent.glob(f"{PREFIX}*/{_LOCK_NAME}"):
        try:
            lock_file = _open_locked(path)
        except OSError:  # held by a process that runs, or another user's
            continue
        with lock_file:
            _remove_tree(path.parent)


def _open_locked(path: Path) -> IO[bytes]:
    """The file, opened and locked until it is closed. Raises OSError if another process has locked it."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise
    return file


def _remove_tree(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)  # it may be gone already
    if path.exists():
        LOGGER.error("Could not remove all of %s", path)


@st.cache_resource(show_spinner=False)
def session_folders() -> SessionFolders:
    """The folders of this process's sessions; when a session is gone its jobs end first."""
    queues = (job_queue(), estimate_queue(), photo_queue())

    def stop_jobs(session: str) -> None:
        for queue in queues:
            for job in queue.cancel_owner(session):
                job.wait()

    folders = SessionFolders(is_alive=is_connected, on_gone=stop_jobs)
    folders.watch()
    return folders
