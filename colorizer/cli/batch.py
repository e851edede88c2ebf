"""Colour many files in threads, and keep account of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from colorizer.errors import FAILURES, InvalidImage, InvalidVideo, error_text

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """A file to colour (`source`) and the file to write (`target`).

    `is_guess`: a file in a folder that is no failure if it cannot be read, because its name promises nothing.
    """

    source: Path
    target: Path
    is_film: bool = False
    is_guess: bool = False


@dataclass
class BatchReport:
    """The results so far.

    `written`, `skipped`: paths of targets. `left_out`, `failed`: the reason, by the name of the source.
    """

    written: list[Path] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"{len(self.written)} written"]
        if self.skipped:
            parts.append(f"{len(self.skipped)} skipped (they exist; --overwrite replaces them)")
        if self.left_out:
            parts.append(f"{len(self.left_out)} left out: {', '.join(self.left_out)}")
        if self.failed:
            parts.append(f"{len(self.failed)} failed: {', '.join(self.failed)}")
        return "; ".join(parts)

    def attempt(self, work: Callable[[Task], None], task: Task) -> None:
        """Call `work` for one task, and note what came of it. An exception of any class costs this task alone."""
        try:
            work(task)
        except Exception as error:  # noqa: BLE001  # a mistake of ours is reported too, and the other files are done
            self._note_failure(task, error)
        else:
            self.written.append(task.target)

    def problem(self, name: str) -> str | None:
        """Why a source was not coloured, in words for the user; None if it was, or is still to be."""
        if name in self.left_out:
            return f"left out: {self.left_out[name]}"
        return self.failed.get(name)

    def _note_failure(self, task: Task, error: Exception) -> None:
        name = str(task.source)
        if not isinstance(error, FAILURES):
            _LOG.debug("%s: unexpected error", name, exc_info=error)
            self.failed[name] = f"unexpected error, please report it: {type(error).__name__}: {error}"
        elif task.is_guess and isinstance(error, (InvalidImage, InvalidVideo)):
            self.left_out[name] = error_text(error)
        else:
            self.failed[name] = error_text(error)


def run_tasks(
    tasks: Iterable[Task], work: Callable[[Task], None], report: BatchReport, *, jobs: int, done: Callable[[Task], None]
) -> None:
    """Call `work` for every task in `jobs` threads, and `done` in the caller's thread after each one.

    If a task raises an exception, the reason is added to `report` and the other tasks continue. KeyboardInterrupt is
    raised as soon as the running tasks have ended; the waiting tasks are cancelled.
    """
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(report.attempt, work, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                future.result()
                done(futures[future])
        finally:
            pool.shutdown(cancel_futures=True)
