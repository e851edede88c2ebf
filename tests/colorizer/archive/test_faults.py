"""Processes that are killed, files that kill them, a scheduler that goes away: the end is that of a quiet run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import dask
import pytest

from colorizer.archive.archive import plan_archive, run_archive
from colorizer.archive.manifest import Entry
from colorizer.archive.run import Cluster, SchedulerLost, connect
from colorizer.archive.settings import Run
from tests.support.archive_work import (
    SETTINGS,
    files_of,
    make_archive,
    new_run,
    row_count,
    rows_of,
    run_undisturbed,
    stub_batch,
)
from tests.support.paths import ROOT

CONTENTS = {f"{number % 3}/{number:02}.jpg": b"photo %d" % number for number in range(20)} | {"1/bad.jpg": b"damaged"}


def kill_who_writes(pipe: Path, kill: Callable[[int], None]) -> Thread:
    """A thread that waits for a process's number on a named pipe, and kills it."""
    os.mkfifo(pipe)
    thread = Thread(target=lambda: kill(int(pipe.read_text(encoding="ascii"))), daemon=True)
    thread.start()
    return thread


def run_all(run: Run, cluster: Cluster) -> list[Entry]:
    entries: list[Entry] = []
    run_archive(run, plan_archive(run), SETTINGS, cluster, done=entries.extend, most_files=4, work=stub_batch)
    return entries


def test_a_worker_that_is_killed_loses_and_doubles_nothing(tmp_path: Path, cluster: Cluster) -> None:
    pipe = tmp_path / "pipe"
    make_archive(tmp_path / "scans", CONTENTS | {"1/10.jpg": b"pause %s" % os.fsencode(pipe)})
    disturbed, quiet = (new_run(tmp_path / "scans", tmp_path / name) for name in ("disturbed", "quiet"))
    killer = kill_who_writes(pipe, lambda process: os.kill(process, signal.SIGKILL))
    entries = run_all(disturbed, cluster)
    killer.join(60)
    run_undisturbed(quiet)
    assert len({entry.source for entry in entries}) == len(entries) == len(CONTENTS)
    assert rows_of(disturbed) == rows_of(quiet)
    assert row_count(disturbed) == len(CONTENTS)
    assert files_of(disturbed) == files_of(quiet)


def test_a_file_that_kills_its_workers_is_named_and_the_others_are_done(tmp_path: Path, cluster: Cluster) -> None:
    make_archive(tmp_path / "scans", CONTENTS)
    quiet = new_run(tmp_path / "scans", tmp_path / "quiet")
    run_undisturbed(quiet)
    make_archive(tmp_path / "scans", {"1/poison.jpg": b"poison"})
    disturbed = new_run(tmp_path / "scans", tmp_path / "disturbed")
    run_all(disturbed, cluster)
    rows = rows_of(disturbed)
    (poison,) = [row for row in rows if row["source"] == "1/poison.jpg"]
    assert (poison["status"], poison["target"]) == ("failed", "")
    assert "ended twice" in poison["error"]
    assert [row for row in rows if row != poison] == rows_of(quiet)
    assert files_of(disturbed) == files_of(quiet)
    assert plan_archive(disturbed).total == 0
    assert plan_archive(disturbed, retry_failed=True).counts == {"failed before": 2}


def test_after_the_scheduler_has_gone_a_second_run_does_the_rest(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    make_archive(tmp_path / "scans", CONTENTS | {"1/10.jpg": b"pause %s" % os.fsencode(pipe)})
    disturbed, quiet = (new_run(tmp_path / "scans", tmp_path / name) for name in ("disturbed", "quiet"))
    command = [sys.executable, "-m", "tests.support.archive_cluster"]
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        killer = kill_who_writes(pipe, lambda _: os.killpg(process.pid, signal.SIGKILL))
        with (
            dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
            connect(address) as lost,
            pytest.raises(SchedulerLost, match="gone away"),
        ):
            run_all(disturbed, lost)
        killer.join(60)
    before = row_count(disturbed)
    entries = run_all(disturbed, cluster)
    assert 0 < before < len(CONTENTS)
    assert before + len(entries) == len(CONTENTS)
    run_undisturbed(quiet)
    assert rows_of(disturbed) == rows_of(quiet)
    assert files_of(disturbed) == files_of(quiet)


def test_a_scheduler_that_is_not_there_is_named() -> None:
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(SchedulerLost, match="expected a Dask scheduler at tcp:"),
        connect("tcp://127.0.0.1:1"),
    ):
        pass
