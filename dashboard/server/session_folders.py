"""A temporary folder for each visitor's session, for files too large for memory. It is removed with the session."""

from __future__ import annotations

import atexit
import fcntl
import logging
import shutil
import tempfile
from pathlib import Path
from typing import IO

import streamlit as st

LOGGER = logging.getLogger(__name__)

PREFIX = "ai-colouriser-"
_LOCK_NAME = "lock"


class SessionFolders:
    """The folder of this process, with one folder for each session inside. Safe between threads.

    The end of the process removes all of them. The folders of a process that was killed are removed by the next one: a
    lock on a file in each process's folder is held exactly as long as the process lives.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """`parent`: where the process's folder is made; by default the system's temporary folder."""
        parent = Path(tempfile.gettempdir()) if parent is None else parent
        remove_stale(parent)
        self.root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        self._lock_file = _make_locked(self.root / _LOCK_NAME)
        _OPEN.append(self)
        atexit.register(self.close)

    def folder(self, session: str) -> Path:
        """The session's folder, made on first use."""
        path = self.root / session
        path.mkdir(exist_ok=True)
        return path

    def size(self, session: str) -> int:
        """How many bytes the files in the session's folder have."""
        return sum(_file_size(path) for path in (self.root / session).rglob("*"))

    def remove(self, session: str) -> None:
        """Remove a session's folder with everything in it. Nothing may be written into it any more."""
        _remove_tree(self.root / session)

    def close(self) -> None:
        """Remove everything. Nothing may be written any more."""
        atexit.unregister(self.close)
        _OPEN.remove(self)
        _remove_tree(self.root)
        self._lock_file.close()


_OPEN: list[SessionFolders] = []


def find_session_folders(folder: Path) -> SessionFolders | None:
    """The folders of this process of which `folder` is one session's; None if it is not."""
    return next((folders for folders in _OPEN if folders.root == folder.parent), None)


def close_all() -> None:
    """Close all folders of this process. A server ended by a signal does not reach Python's exit handlers."""
    for folders in tuple(_OPEN):
        folders.close()


def remove_stale(parent: Path) -> None:
    """Remove the folders in `parent` of processes that have ended."""
    for path in parent.glob(f"{PREFIX}*/{_LOCK_NAME}"):
        try:
            lock_file = _open_locked(path)
        except OSError:  # held by a running process, or owned by another user
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


def _make_locked(path: Path) -> IO[bytes]:
    """A new file, locked until it is closed. It gets its name when it is locked: another process may look for it."""
    unnamed = path.with_suffix(".new")
    file = _open_locked(unnamed)
    unnamed.rename(path)
    return file


def _file_size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:  # removed in the meantime
        return 0


def _remove_tree(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)  # it may have been removed already
    if path.exists():
        LOGGER.error("Could not remove all of %s", path)


@st.cache_resource(show_spinner=False)
def session_folders() -> SessionFolders:
    """The folders of this process's sessions."""
    return SessionFolders()
