"""Many files at once: which there are, where their colours go, and threads that work through them."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path, PurePath

from colorizer import images
from colorizer.errors import ColorizerError
from colorizer.images.atomic import whole_file

FAILURES = (ColorizerError, OSError, MemoryError)  # of one file; anything else is a mistake of ours
_RESULT = PurePath(images.colorized_name("")).stem  # what the stem of every result ends with


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
class Report:
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
        sources = list(_sources(name, suffixes, recursive, wrong))
        if not sources:
            wrong.setdefault(name, f"expected files ending in one of {', '.join(suffixes)}, found none")
        for source in sources:
            found.setdefault(source.path.resolve(), source)
    return list(found.values()), wrong


def is_pattern(name: str) -> bool:
    """Whether a name stands for others: one with brackets may as well be a file's own."""
    return glob.has_magic(name) and not Path(name).exists()


def _sources(name: str, suffixes: Sequence[str], recursive: bool, wrong: dict[str, str]) -> Iterator[Source]:
    # Not Path.glob: that takes no absolute pattern, and hidden files where a shell would not.
    matches = sorted(glob.glob(name, recursive=True)) if is_pattern(name) else [name]  # noqa: PTH207
    for path in map(Path, matches):
        if path.is_dir():
            yield from _in_folder(path, suffixes, recursive, wrong)
        else:
            yield Source(path, PurePath(path.name))


def _in_folder(top: Path, suffixes: Sequence[str], recursive: bool, wrong: dict[str, str]) -> Iterator[Source]:
    def unreadable(error: OSError) -> None:
        wrong[str(error.filename)] = str(error)

    for folder, folders, files in os.walk(top, onerror=unreadable):
        folders[:] = sorted(each for each in folders if recursive and not each.startswith("."))
        for path in (Path(folder, file) for file in sorted(files)):
            is_result = path.stem.endswith(_RESULT)
            if path.suffix.lower() in suffixes and not path.name.startswith(".") and not is_result:
                yield Source(path, path.relative_to(top))


def reason(error: BaseException) -> str:
    """Why something failed, for one to read."""
    return str(error) or type(error).__name__


def photo_result_name(name: str) -> str:
    """The name of a photo's result: of the same kind, or PNG where that is none that we write."""
    return images.colorized_name(name, None if Path(name).suffix.lower() in images.SUFFIXES else ".png")


def result_names(names: Iterable[PurePath], result_name: Callable[[str], str]) -> list[PurePath]:
    """A name for the result of each: what `result_name` says, in the same folder, no two alike.

    Where two would be (`a.jpg` of two folders, `a.jpg` and `A.jpg` on a file system that takes them for one), the later
    are numbered: `a_2_colorized.jpg`.
    """
    taken: set[str] = set()
    next_numbers: dict[str, Iterator[int]] = {}
    results = []
    for name in names:
        result = name.with_name(result_name(name.name))
        numbers = next_numbers.setdefault(_folded(result), count(2))
        while _folded(result) in taken:
            result = name.with_name(result_name(f"{name.stem}_{next(numbers)}{name.suffix}"))
        taken.add(_folded(result))
        results.append(result)
    return results


def _folded(name: PurePath) -> str:
    """The same for names that some file system takes for one."""
    return unicodedata.normalize("NFC", str(name)).casefold()


def run_tasks(
    tasks: Iterable[Task], work: Callable[[Task], None], report: Report, *, jobs: int, done: Callable[[Task], None]
) -> None:
    """Do `work` on every task in `jobs` threads; `done` is called here, in the caller's thread, as each one ends.

    What a task raises of ColorizerError, OSError or MemoryError goes into the report, and the others go on. Anything
    else is raised, as an interruption is, when the tasks that had begun have ended; no other begins then.
    """

    def attempt(task: Task) -> None:
        try:
            work(task)
        except FAILURES as error:
            report.failed[str(task.source)] = reason(error)
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


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, and the folders it is to lie in, so that it is there in full or not at all."""
    with whole_file(path) as part:
        part.write_bytes(data)
