"""The folders of the sessions: gone with the session, with the process, and after a process that was killed."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from dashboard.server.session_folders import PREFIX, SessionFolders
from tests.support.paths import ROOT

GRACE = 60.0
SOON = 20.0

OTHER_PROCESS = """
    import sys
    from pathlib import Path
    from dashboard.server.session_folders import SessionFolders

    folders = SessionFolders(is_alive=lambda _: True, on_gone=lambda _: None, parent=Path(sys.argv[1]))
    (folders.folder("ann") / "film.mp4").write_bytes(b"frames")
    print("ready", flush=True)
    sys.stdin.read()
"""


class Sessions:
    """Who is there, and who was said to be gone."""

    def __init__(self) -> None:
        self.alive = {"ann", "bob"}
        self.gone: list[str] = []

    def open_folders(self, parent: Path) -> SessionFolders:
        return SessionFolders(is_alive=self.alive.__contains__, on_gone=self.gone.append, grace=GRACE, parent=parent)


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def folders(sessions: Sessions, tmp_path: Path) -> SessionFolders:
    return sessions.open_folders(tmp_path)


def start_other_process(parent: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(OTHER_PROCESS), str(parent)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def films(parent: Path) -> list[Path]:
    return list(parent.glob(f"{PREFIX}*/*/film.mp4"))


def test_each_session_has_a_folder_of_its_own(folders: SessionFolders) -> None:
    ann, bob = folders.folder("ann"), folders.folder("bob")
    assert ann != bob
    assert ann.is_dir()
    (ann / "film.mp4").touch()
    assert folders.folder("ann") == ann
    assert (ann / "film.mp4").exists()


def test_the_folder_is_for_nobody_elses_eyes(folders: SessionFolders) -> None:
    assert folders.root.stat().st_mode & 0o077 == 0


def test_a_session_that_is_gone_for_long_loses_its_folder(folders: SessionFolders, sessions: Sessions) -> None:
    ann, bob = folders.folder("ann"), folders.folder("bob")
    (ann / "film.mp4").touch()
    now = time.monotonic()
    sessions.alive.remove("ann")
    folders.remove_gone(now + GRACE - 1)
    assert ann.exists()
    assert sessions.gone == []
    folders.remove_gone(now + GRACE + 1)
    assert not ann.exists()
    assert bob.exists()
    assert sessions.gone == ["ann"]
    folders.remove_gone(now + 2 * GRACE)
    assert sessions.gone == ["ann"]


def test_a_session_that_comes_back_in_time_keeps_its_folder(folders: SessionFolders, sessions: Sessions) -> None:
    ann = folders.folder("ann")
    now = time.monotonic()
    sessions.alive.remove("ann")
    folders.remove_gone(now + GRACE - 1)
    sessions.alive.add("ann")
    folders.remove_gone(now + GRACE)
    sessions.alive.remove("ann")
    folders.remove_gone(now + 2 * GRACE - 1)
    assert ann.exists()


def test_who_writes_is_stopped_before_the_folder_is_removed(tmp_path: Path) -> None:
    received: list[bool] = []
    opened = SessionFolders(
        is_alive=lambda _: False,
        on_gone=lambda session: received.append((opened.root / session).exists()),
        grace=0,
        parent=tmp_path,
    )
    opened.folder("ann")
    opened.remove_gone(time.monotonic() + 1)
    assert received == [True]


def test_the_watch_removes_by_itself(tmp_path: Path, sessions: Sessions) -> None:
    folders = SessionFolders(is_alive=lambda _: False, on_gone=sessions.gone.append, grace=0, parent=tmp_path)
    path = folders.folder("ann")
    folders.watch(interval=0.01)
    deadline = time.monotonic() + SOON
    while path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not path.exists()
    folders.close()


def test_closing_removes_everything(folders: SessionFolders, tmp_path: Path) -> None:
    (folders.folder("ann") / "film.mp4").touch()
    folders.close()
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_the_process_removes_everything(tmp_path: Path) -> None:
    process = start_other_process(tmp_path)
    assert len(films(tmp_path)) == 1
    process.communicate(timeout=SOON)
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next_one(tmp_path: Path, sessions: Sessions) -> None:
    process = start_other_process(tmp_path)
    process.kill()
    process.communicate(timeout=SOON)
    assert len(films(tmp_path)) == 1
    folders = sessions.open_folders(tmp_path)
    assert list(tmp_path.iterdir()) == [folders.root]


def test_what_a_running_process_holds_stays(tmp_path: Path, sessions: Sessions) -> None:
    process = start_other_process(tmp_path)
    sessions.open_folders(tmp_path)
    assert len(films(tmp_path)) == 1
    process.communicate(timeout=SOON)


def test_other_folders_stay(tmp_path: Path, sessions: Sessions) -> None:
    others = [tmp_path / "grandma", tmp_path / f"{PREFIX}without-a-lock"]
    for path in others:
        path.mkdir()
    sessions.open_folders(tmp_path).close()
    assert sorted(tmp_path.iterdir()) == sorted(others)
