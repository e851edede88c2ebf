"""Colour many files: find the sources, and process them in threads."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from colorizer.errors import FAILURES, error_text
from colorizer.images.naming import colorized_name

_RESULT_ENDING = PurePath(colorized_name("")).stem  # of the stem of every result


@dataclass(frozen=True)
class Source:
    """A file to colour. `name`: its path relative to the folder it was found in; the result gets its name from it."""

    path: Path
    name: PurePath


@dataclass(frozen=True)
class Task:
    """A file to colour (`source`) and the file to write (`target`)."""

    source: Path
    target: Path


@dataclass
class BatchReport:
    """The results so far. `written`, `skipped`: paths of targets. `failed`: the reason, by the name of the source."""

    written: list[Path] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"{len(self.written)} written"]
        if self.skipped:
            parts.append(f"{len(self.skipped)} skipped (they exist; --overwrite replaces them)")
        if self.failed:
            parts.append(f"{len(self.failed)} failed: {', '.join(self.failed)}")
        return "; ".join(parts)


def find_sources(
    names: Iterable[str], *, suffixes: Sequence[str], recursive: bool = False
) -> tuple[list[Source], dict[str, str]]:
    """Find the files that names of files, folders and patterns (`scans/*.jpg`) stand for.

    In a folder (with `recursive`, also in its subfolders), files with one of the `suffixes` (lower case) are found, but
    no hidden files and no results of an earlier run. A file that is named or matched is always included, even if it
    does not exist; it then fails on its own later.
    Returns the files, each once, and the reason for each name without files and each unreadable folder.
    """
    found: dict[Path, Source] = {}
    wrong: dict[str, str] = {}
    for name in names:
        sources = list(_match_sources(name, suffixes, recursive, wrong))
        if not sources:
            wrong.setdefault(name, f"expected files ending in one of {', '.join(suffixes)}, found none")
        for source in sources:
            found.setdefault(source.path.resolve(), source)
    return list(found.values()), wrong


def is_pattern(name: str) -> bool:
    """Whether a name is a pattern. A name with brackets may also be that of an existing file."""
    return glob.has_magic(name) and not Path(name).exists()


def _match_sources(name: str, suffixes: Sequence[str], recursive: bool, wrong: dict[str, str]) -> Iterator[Source]:
    # Not Path.glob, which rejects absolute patterns and, unlike a shell, matches hidden files.
    matches = sorted(glob.glob(name, recursive=True)) if is_pattern(name) else [name]  # noqa: PTH207
    for path in map(Path, matches):
        if path.is_dir():
            yield from _walk_folder(path, suffixes, recursive, wrong)
        else:
            yield Source(path, PurePath(path.name))


def _walk_folder(top: Path, suffixes: Sequence[str], recursive: bool, wrong: dict[str, str]) -> Iterator[Source]:
    def report_unreadable(error: OSError) -> None:
        wrong[str(error.filename)] = str(error)

    for folder, folders, files in os.walk(top, onerror=report_unreadable):
        folders[:] = sorted(each for each in folders if recursive and not each.startswith("."))
        for path in (Path(folder, file) for file in sorted(files)):
            is_result = path.stem.endswith(_RESULT_ENDING)
            if path.suffix.lower() in suffixes and not path.name.startswith(".") and not is_result:
                yield Source(path, path.relative_to(top))


def run_tasks(
    tasks: Iterable[Task], work: Callable[[Task], None], report: BatchReport, *, jobs: int, done: Callable[[Task], None]
) -> None:
    """Call `work` for every task in `jobs` threads, and `done` in the caller's thread after each one.

    If a task raises one of FAILURES, the reason is added to `report` and the other tasks continue. Any other exception,
    and KeyboardInterrupt, is raised as soon as the running tasks have ended; the waiting tasks are cancelled.
    """

    def attempt(task: Task) -> None:
        try:
            work(task)
        except FAILURES as error:
            report.failed[str(task.source)] = error_text(error)
        else:
            report.written.append(task.target)

    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(attempt, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                future.result()
                done(futures[future])
        finally:
            pool.shutdown(cancel_futures=True)
