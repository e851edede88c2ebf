"""Below the floor of free space, and beyond a visitor's own part of the disk, files are refused in words."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from dashboard.server import disk
from dashboard.server.budgets import Visitor
from dashboard.server.disk import DiskFull, require_free_space, watch_free_space
from dashboard.server.session import SessionWatch
from dashboard.server.session_folders import SessionFolders
from dashboard.server.settings import DISK_MEGABYTES, MIN_FREE_MEGABYTES


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The free space, which a test may change. The floor is 2 MB."""
    disk = SimpleNamespace(free=3_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: disk)
    monkeypatch.setenv(MIN_FREE_MEGABYTES.variable, "2")
    return disk


@pytest.mark.parametrize(("left", "size"), [(2_000_000, 0), (3_000_000, 1_000_000)])
def test_a_file_may_take_what_is_above_the_floor(free: SimpleNamespace, left: int, size: int, tmp_path: Path) -> None:
    free.free = left
    require_free_space(tmp_path, size)
    with pytest.raises(DiskFull, match=r"expected \d MB of free space on the disk .*, got \d MB\nTry again later"):
        require_free_space(tmp_path, size + 1)


def test_work_that_writes_looks_once_a_second(free: SimpleNamespace, tmp_path: Path) -> None:
    now = [0.0]
    problem = watch_free_space(tmp_path, lambda: now[0])
    assert problem() is None
    free.free = 0
    now[0] = 0.9
    assert problem() is None
    now[0] = 1.0
    assert isinstance(problem(), DiskFull)
    free.free = 3_000_000  # the work has been told to stop
    now[0] = 5.0
    assert isinstance(problem(), DiskFull)


def test_a_visitors_files_stay_within_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = SessionWatch(is_alive=lambda _: True, grace=60)
    for session in ("ann", "ben"):
        watch.mark_alive(session, "school")
    monkeypatch.setattr("dashboard.server.session.watched_sessions", lambda: watch)
    monkeypatch.setattr(disk, "visitor_of", lambda session: Visitor(session, watch.address_of(session)))
    for setting, megabytes in ((DISK_MEGABYTES.session, "3"), (DISK_MEGABYTES.address, "5")):
        assert setting is not None
        monkeypatch.setenv(setting.variable, megabytes)
    folders = SessionFolders(tmp_path)
    ann, ben = folders.folder("ann"), folders.folder("ben")
    (ann / "below").mkdir()
    (ann / "below" / "film.mp4").write_bytes(bytes(2_000_000))
    require_free_space(ann, 1_000_000)
    with pytest.raises(DiskFull, match="expected at most 3 MB of files on disk from one page, got 4"):
        require_free_space(ann, 1_000_001)
    (ben / "film.mp4").write_bytes(bytes(3_000_000))
    with pytest.raises(DiskFull, match="at most 5 MB of files on disk from one network address, got 6"):
        require_free_space(ann, 1)
    folders.remove("ben")
    require_free_space(ann, 1)
    folders.close()
