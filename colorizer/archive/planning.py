"""What is to be done: files that are new, changed, without their result, or that failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from colorizer.archive.index import Index, Known, digest
from colorizer.archive.listing import SourceFile, list_folders, readable
from colorizer.archive.storage import Storage

Reason = Literal["new", "changed", "result missing", "storage failed", "failed before"]

MOST_FILES = 64  # in a batch: a few seconds of work, so that a death costs little and Dask's own time is no matter
MOST_BYTES = 256_000_000  # in a batch


@dataclass(frozen=True)
class Job:
    """A file to do, and why."""

    file: SourceFile
    reason: Reason


def plan(
    source: Storage,
    results: Storage,
    index: Index,
    problem: Callable[[str, str], object],
    *,
    retry_failed: bool = False,
) -> Iterator[Job]:
    """The files of an archive that are to be done, as its folders are listed.

    `index`: of what was done before. `retry_failed`: also the files that could not be coloured and have not changed.
    `problem(name, reason)` is called for a folder that cannot be listed. Raises OSError and StorageFault.
    """
    for folder, files in list_folders(source, problem):

        @cache
        def present(folder: str = folder) -> Mapping[int, int | None]:
            return _list_results(results, folder)

        for file in files:
            known = index.find(readable(file.name))
            if reason := why(file, known, present, retry_failed=retry_failed):
                yield Job(file, reason)


def why(
    file: SourceFile, known: Known | None, present: Callable[[], Mapping[int, int | None]], *, retry_failed: bool
) -> Reason | None:
    """Why a file is to be done; None if it is not.

    `present`: returns the sizes of the results in its folder by the digests of their names; called only if needed.
    """
    if known is None:
        return "new"
    if known.state != file_state(file):
        return "changed"
    if known.status == "unreachable":
        return "storage failed"
    if known.status == "failed":
        return "failed before" if retry_failed else None
    if known.status == "done" and present().get(known.target, -1) not in (known.target_size, None):
        return "result missing"
    return None


def file_state(file: SourceFile) -> int:
    """The digest that tells a changed file from the one of the manifest."""
    return digest(file.size, file.version)


def make_batches(
    jobs: Iterable[Job], *, most_files: int = MOST_FILES, most_bytes: int = MOST_BYTES
) -> Iterator[list[Job]]:
    """Lists of jobs in their order, none above the limits unless a single file is."""
    batch: list[Job] = []
    size = 0
    for job in jobs:
        more = job.file.size or 0
        if batch and (len(batch) == most_files or size + more > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(job)
        size += more
    if batch:
        yield batch


def _list_results(results: Storage, folder: str) -> Mapping[int, int | None]:
    try:
        entries = results.entries(folder)
    except FileNotFoundError:
        return {}
    return {digest(readable(name)): info.get("size") for name, info in entries if info["type"] != "directory"}
