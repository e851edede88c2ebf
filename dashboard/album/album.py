"""An album: many uploaded photographs and the run that colours them. Independent of Streamlit."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from colorizer import Colorizer, InvalidArchive
from colorizer.images.kinds import ZIP, read_kind
from dashboard.album.archive import list_members, refuse_kind, safe_name
from dashboard.album.entry import Entry, Settings, colorize_entry
from dashboard.album.run import AlbumJob, Outcomes, WriteError, colorize_album
from dashboard.server.job_queue import JobQueue
from dashboard.server.workers.limits import picture_limits
from dashboard.server.workers.run import run_isolated

ZIP_SUFFIX = ".zip"
_NUMBERS = itertools.count(1)  # numbers in file names, so that a run never overwrites the result of another


@dataclass(frozen=True)
class Limits:
    """Limits of an album. `photos`: their number. `bytes`: their total size, unpacked. `pixels`: of each photograph."""

    photos: int
    bytes: int
    pixels: int


@dataclass(frozen=True)
class Upload:
    """An uploaded file, stored on disk."""

    name: str
    path: Path


@dataclass(frozen=True)
class AlbumRun:
    """One run: the album is coloured with `settings` and written to the ZIP file `target`."""

    target: Path
    model: str
    settings: Settings
    job: AlbumJob

    @property
    def outcomes(self) -> Outcomes:
        return self.job.progress or ()

    def delete(self) -> None:
        """Stop the run and remove its file."""
        self.job.stop()
        self.target.unlink(missing_ok=True)


@dataclass
class Album:
    """Uploaded photographs.

    `uploads`: by Streamlit's file id. `left_out`: the name of each file that cannot be coloured, and the reason.
    """

    uploads: dict[str, Upload]
    entries: tuple[Entry, ...]
    left_out: tuple[tuple[str, str], ...]
    run: AlbumRun | None = None

    @property
    def is_busy(self) -> bool:
        return self.run is not None and not self.run.job.done()

    def start(
        self, colorizer: Colorizer, settings: Settings, *, folder: Path, limits: Limits, queue: JobQueue, owner: str
    ) -> None:
        """Queue a new run. It replaces the last one."""
        if self.run is not None:
            self.run.delete()
        target = folder / f"album-{next(_NUMBERS)}{ZIP_SUFFIX}"

        def work(job: AlbumJob) -> WriteError | None:
            return colorize_album(
                self.entries, target, partial(colorize_entry, colorizer, settings, limits.pixels), job
            )

        self.run = AlbumRun(target, colorizer.spec.name, settings, queue.submit(work, owner=owner))

    def delete(self) -> None:
        """Stop the current run and remove its file. The uploads stay."""
        if self.run is not None:
            self.run.delete()


def make_album(uploads: dict[str, Upload], limits: Limits) -> Album:
    """Make an album from uploaded photographs and ZIP files. Nothing is unpacked yet.

    Raises InvalidArchive if the photographs are more than `limits.photos` or larger than `limits.bytes` in total.
    """
    entries: list[Entry] = []
    left_out: list[tuple[str, str]] = []
    size = 0
    for upload in uploads.values():
        kind = read_kind(upload.path)
        if kind != ZIP and Path(upload.name).suffix.lower() != ZIP_SUFFIX:
            if reason := refuse_kind(kind, upload.name):
                left_out.append((upload.name, reason))
            else:
                entries.append(Entry(safe_name(upload.name), kind, upload.path.read_bytes))
                size += upload.path.stat().st_size
            continue
        try:
            members = run_isolated(
                partial(list_members, max_files=limits.photos, max_bytes=limits.bytes, max_pixels=limits.pixels),
                upload.path,
                limits=picture_limits(InvalidArchive),
            )
        except InvalidArchive as error:
            left_out.append((upload.name, str(error)))
            continue
        entries += [Entry(member.name, member.kind, member.read) for member in members if not member.refusal]
        size += sum(member.size for member in members if not member.refusal)
        left_out += [(str(member.name), member.refusal) for member in members if member.refusal]
    if len(entries) > limits.photos:
        raise InvalidArchive(f"expected an album of at most {limits.photos} photographs, got {len(entries)}")
    if size > limits.bytes:
        raise InvalidArchive(f"expected an album of at most {limits.bytes / 1e6:.3g} MB, got {size / 1e6:.3g} MB")
    return Album(uploads, tuple(entries), tuple(left_out))
