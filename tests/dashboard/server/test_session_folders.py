"""The session folders are removed with the session, with the process, and after a process was killed."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from dashboard.server.session_folders import PREFIX, SessionFolders
from tests.support.paths import ROOT

SOON = 20.0

OTHER_PROCESS = """
    import sys
    from pathlib import Path
    from dashboard.server.session_folders import SessionFolders

    folders = SessionFolders(Path(sys.argv[1]))
    (folders.folder("ann") / "film.mp4").write_bytes(b"frames")
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folders(tmp_path: Path) -> SessionFolders:
    return SessionFolders(tmp_path)


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


def test_a_removed_folder_is_gone_with_its_content_and_the_others_stay(folders: SessionFolders) -> None:
    ann, bob = folders.folder("ann"), folders.folder("bob")
    (ann / "film.mp4").touch()
    folders.remove("ann")
    folders.remove("carl")  # has none
    assert not ann.exists()
    assert bob.exists()


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


def test_what_a_killed_process_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    process = start_other_process(tmp_path)
    process.kill()
    process.communicate(timeout=SOON)
    assert len(films(tmp_path)) == 1
    folders = SessionFolders(tmp_path)
    assert list(tmp_path.iterdir()) == [folders.root]


def test_what_a_running_process_holds_stays(tmp_path: Path) -> None:
    process = start_other_process(tmp_path)
    SessionFolders(tmp_path)
    assert len(films(tmp_path)) == 1
    process.communicate(timeout=SOON)


def test_other_folders_stay(tmp_path: Path) -> None:
    others = [tmp_path / "grandma", tmp_path / f"{PREFIX}without-a-lock"]
    for path in others:
        path.mkdir()
    SessionFolders(tmp_path).close()
    assert sorted(tmp_path.iterdir()) == sorted(others)
