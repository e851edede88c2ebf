"""Archives that a benchmark makes, a task of no work, and measures in processes of their own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
from fsspec.spec import AbstractFileSystem

from benchmarks.timing import photograph
from colorizer import images
from colorizer.archive.manifest import Entry, write_part
from colorizer.archive.settings import ArchiveSettings, Run
from colorizer.archive.task import Batch, make_entry
from colorizer.picture import Picture

DIFFERENT = 50  # photographs that are made; the others are copies
PER_FOLDER = 1000


class MadeFileSystem(AbstractFileSystem):  # type: ignore[misc]
    """Folders of PER_FOLDER files that exist in a listing only: `made://1000000` lists a million."""

    protocol = "made"
    root_marker = ""

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        count, _, folder = self._strip_protocol(path).strip("/").partition("/")
        if not folder:
            names = [f"{count}/{number:05}" for number in range(-(-int(count) // PER_FOLDER))]
            entries = [{"name": name, "type": "directory", "size": 0} for name in names]
        else:
            first = int(folder) * PER_FOLDER
            names = [f"{count}/{folder}/{each:07}.jpg" for each in range(first, min(first + PER_FOLDER, int(count)))]
            entries = [{"name": name, "type": "file", "size": 1_000_000, "ETag": name} for name in names]
        return entries if detail else [each["name"] for each in entries]


def register_made_files() -> None:
    """Let fsspec know addresses of `made://`, in this process."""
    fsspec.register_implementation("made", MadeFileSystem, clobber=True)


def write_rows_only(batch: Batch, run: Run, settings: ArchiveSettings) -> list[Entry]:
    """A task of no work: the files are left out, and have their rows."""
    entries = [make_entry(job, settings, "left_out", error="no work") for job in batch.jobs]
    write_part(run.manifest, batch.part, entries)
    return entries


def make_photographs(folder: Path, count: int, shape: tuple[int, int]) -> None:
    """Write `count` grey JPEG files of `shape` (rows, columns) in folders of PER_FOLDER."""
    different = [
        images.encode(Picture(photograph(*shape, seed=seed)[..., 0].copy()), ".jpg")
        for seed in range(min(count, DIFFERENT))
    ]
    for number in range(count):
        path = folder / f"{number // PER_FOLDER:03}" / f"{number:06}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(different[number % len(different)])


def measure_apart(action: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function in a new process, so that peak memory and OpenCV's threads are those of this measure alone."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_result, args=(sender, action, arguments))
    process.start()
    sender.close()
    result = receiver.recv()
    process.join()
    return result


def _send_result(sender: Any, action: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    sender.send(action(*arguments))
