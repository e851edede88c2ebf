"""Many files at once: which there are, where their colours go, and threads that work through them."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from colorizer.errors import FAILURES, error_text
from colorizer.images.naming import colorized_name

_RESULT = PurePath(colorized_name("")).stem  # what the stem of every result ends with


@dataclass(frozen=True)
class Source:
    """A file to colour. `name`: its path below the folder it was found in, after which its result is named."""

    path: Path
    name: PurePath


@dataclass(frozen=True)
class Task:
    """A file to colour, and the file that is to hold its colours."""

    source: Path
    target: Path


@dataclass
class BatchReport:
    """What has become of the tasks so far; `failed` says why, by the name that a person gave or would give."""

    written: list[Path] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"{len(self.written)} written"]
        if self.skipped:
            parts.append(f"{len(self.skipped)} skipped (there already; --overwrite writes them anew)")
        if self.failed:
            parts.append(f"{len(self.failed)} failed: {', '.join(self.failed)}")
        return "; ".join(parts)


def find_sources(
    names: Iterable[str], *, suffixes: Sequence[str], recursive: bool = False
) -> tuple[list[Source], dict[str, str]]:
    """The files behind names of files, folders and patterns (`scans/*.jpg`), each once, and what is wrong with a name.

    Of a folder (with `recursive` of those in it too) those with one of the `suffixes` are taken, but no hidden ones and
    no results of an earlier run. A file that is named or matched is taken as it is, even one that is not there: it
    fails by itself later on, with the others going on.
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
    """Whether a name stands for others: one with brackets may as well be a file's own."""
    return glob.has_magic(name) and not Path(name).exists()


def _match_sources(name: str, suffixes: Sequence[str], recursive: bool, wrong: dict[str, str]) -> Iterator[Source]:
    # Not Path.glob: that takes no absolute pattern, and hidden files where a shell would not.
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
            is_result = path.stem.endswith(_RESULT)
            if path.suffix.lower() in suffixes and not path.name.startswith(".") and not is_result:
                yield Source(path, path.relative_to(top))


def run_tasks(
    tasks: Iterable[Task], work: Callable[[Task], None], report: BatchReport, *, jobs: int, done: Callable[[Task], None]
) -> None:
    """Do `work` on every task in `jobs` threads; `done` is called here, in the caller's thread, as each one ends.

    What a task raises of ColorizerError, OSError or MemoryError goes into the report, and the others go on. Anything
    else is raised, as an interruption is, when the tasks that had begun have ended; no other begins then.
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
