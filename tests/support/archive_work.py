"""Archives of tiny files, and the work on them with a stub in place of the network, which dies where a name says so."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pyarrow as pa

from colorizer.archive import task
from colorizer.archive.archive import plan_archive, tidy
from colorizer.archive.index import read_index
from colorizer.archive.manifest import Entry, read_tables
from colorizer.archive.planning import make_batches, plan
from colorizer.archive.settings import ArchiveSettings, Run, open_run
from colorizer.archive.storage import Storage
from colorizer.archive.task import Batch, colorize_batch
from colorizer.errors import InvalidImage
from colorizer.recipe import LabeledPhoto

SETTINGS = ArchiveSettings(model="compact")
JPEG = b"\xff\xd8\xff\xe0"  # the beginning of a file; the stub reads no more of it
VARYING = {"seconds", "finished"}  # columns that no two runs have the same


def make_archive(folder: Path, contents: dict[str, bytes]) -> None:
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(JPEG + data)
        os.utime(path, (1, 1))


def new_run(source: object, target: object) -> Run:
    return open_run(Storage(str(source)), Storage(str(target)), SETTINGS)


def stub_batch(batch: Batch, run: Run, settings: ArchiveSettings) -> list[Entry]:
    """`colorize_batch` with the stub."""
    with patch.object(task, "colorize_bytes", _stub), patch.object(task, "_load"):
        return colorize_batch(batch, run, settings)


def _stub(data: bytes, *_: object, **__: object) -> LabeledPhoto:
    """What it does depends on the file's content: `poison`, `damaged`, `pause PATH` or anything else."""
    word, _space, rest = data.removeprefix(JPEG).decode().partition(" ")
    if word == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "pause":
        _pause_once(Path(rest))
    if word == "damaged":
        raise InvalidImage("expected a complete picture, got a damaged one")
    return LabeledPhoto(data + b" in colour", ("a note",))


def _pause_once(pipe: Path) -> None:
    """Tell the named pipe this process's number, and wait to be killed. The next process goes on at once."""
    try:
        pipe.with_suffix(".used").touch(exist_ok=False)
    except FileExistsError:
        return
    pipe.write_text(str(os.getpid()), encoding="ascii")
    signal.pause()


def run_undisturbed(run: Run) -> None:
    """Do an archive in this process, without Dask."""
    problems: dict[str, str] = {}
    jobs = plan(run.source, run.results, read_index(run.manifest), problems.setdefault)
    for batch in make_batches(jobs, most_files=4):
        stub_batch(Batch(f"batch-{uuid4().hex}", tuple(batch)), run, SETTINGS)
    tidy(run)
    assert not problems
    assert not plan_archive(run).total


def rows_of(run: Run) -> list[dict[str, Any]]:
    """The last row of each file, in the order of names, without what varies."""
    tables: Iterable[pa.Table] = read_index(run.manifest).last_rows(read_tables(run.manifest))
    rows = [row for table in tables for row in table.to_pylist()]
    return sorted(
        ({name: value for name, value in row.items() if name not in VARYING} for row in rows),
        key=lambda row: str(row["source"]),
    )


def row_count(run: Run) -> int:
    """All rows, also those that a later one replaces."""
    return sum(table.num_rows for table in read_tables(run.manifest, ["source"]))


def files_of(run: Run) -> dict[str, bytes]:
    """All files of the run by name, without the manifest."""
    files, root = run.folder.files, run.folder.root
    found = {str(path).removeprefix(root): path for path in files.find(root)}
    return {name: files.cat_file(path) for name, path in found.items() if not name.startswith("/manifest/")}
