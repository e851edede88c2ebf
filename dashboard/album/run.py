"""One run of an album: the photographs are coloured one after the other into a ZIP file on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from colorizer.errors import FAILURES, error_text
from colorizer.images.naming import photo_result_suffix, result_names
from dashboard.album.entry import Colorized, Entry, Outcome
from dashboard.album.result_zip import write_result_zip
from dashboard.server.disk import DiskFull
from dashboard.server.jobs import Job

Outcomes = tuple[Outcome, ...]  # one for each finished entry, in their order
WriteError = DiskFull | OSError  # what ends a run early
AlbumJob = Job[Outcomes, WriteError | None]


def colorize_album(
    entries: Sequence[Entry], target: Path, color: Callable[[Entry, str], Colorized], job: AlbumJob
) -> WriteError | None:
    """Colour the entries one by one and write each result into the ZIP file `target` as soon as it is done.

    `color` gets an entry and the file suffix of its result. An entry that fails is reported, and the others continue.
    If the disk is full, the run ends, and the error is returned. The ZIP file is valid then, and after a cancel too.
    Two entries at a time were no faster on two cores.
    """
    outcomes: list[Outcome] = []
    names = result_names((entry.name, photo_result_suffix(entry.name.name, entry.kind)) for entry in entries)
    with write_result_zip(target) as archive:
        for entry, name in zip(entries, names, strict=True):
            if job.should_stop():
                break
            try:
                data, outcome = color(entry, name.suffix)
            except FAILURES as error:
                if job.should_stop():  # its worker was ended
                    break
                outcome = Outcome(error=error_text(error))
            else:
                try:
                    archive.add(name.as_posix(), data)
                except (DiskFull, OSError) as error:
                    return error
            outcomes.append(outcome)
            job.report(tuple(outcomes))
    return None
