"""An album: many photographs, coloured one after the other into a ZIP file on disk. Independent of Streamlit."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from colorizer import Colorizer, InvalidArchive, Look, Restoration, images
from colorizer.errors import FAILURES, error_text
from colorizer.images import EncodeOptions
from colorizer.images.kinds import ZIP, Kind, read_kind
from colorizer.images.naming import photo_result_suffix, result_names
from dashboard.album.archive import list_members, refuse_kind, safe_name
from dashboard.server.jobs import Job, JobQueue

ZIP_SUFFIX = ".zip"
THUMBNAIL = (328, 220)  # pixels, width and height; shown at half this size
_THUMBNAIL_QUALITY = EncodeOptions(quality=85)

_NUMBERS = itertools.count(1)  # numbers in file names, so that a run never overwrites the result of another


@dataclass(frozen=True)
class Limits:
    """Limits of an album. `photos`: their number. `bytes`: their total size, unpacked. `pixels`: of each photograph."""

    photos: int
    bytes: int
    pixels: int


@dataclass(frozen=True)
class Settings:
    """The settings for all photographs of an album."""

    look: Look
    restoration: Restoration
    encoding: EncodeOptions


@dataclass(frozen=True)
class Upload:
    """An uploaded file, stored on disk."""

    name: str
    path: Path


@dataclass(frozen=True)
class Entry:
    """A photograph of an album.

    `name`: its path within the album, safe to use below any folder. `kind`: of its content.
    """

    name: PurePosixPath
    kind: Kind
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Outcome:
    """The result of one entry: `thumbnail` (a JPEG of `THUMBNAIL` pixels) and `notes`, or only an `error`."""

    thumbnail: bytes = b""
    notes: tuple[str, ...] = ()
    error: str = ""


Outcomes = tuple[Outcome, ...]  # one for each finished entry, in their order


@dataclass(frozen=True)
class AlbumRun:
    """One run: the album is coloured with `settings` and written to the ZIP file `target`."""

    target: Path
    model: str
    settings: Settings
    job: Job[Outcomes, None]

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

        def work(job: Job[Outcomes, None]) -> None:
            colorize_album(self.entries, target, partial(_colorize, colorizer, settings, limits.pixels), job)

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
            members = list_members(
                upload.path, max_files=limits.photos, max_bytes=limits.bytes, max_pixels=limits.pixels
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


Colorized = tuple[bytes, Outcome]  # the content of the coloured file, and what the page shows about it


def colorize_album(
    entries: Sequence[Entry], target: Path, color: Callable[[Entry, str], Colorized], job: Job[Outcomes, None]
) -> None:
    """Colour the entries one by one and write each result into the ZIP file `target` as soon as it is done.

    `color` gets an entry and the file suffix of its result. An entry that fails is reported, and the others continue.
    The ZIP file is valid after a cancel too. Two entries at a time were no faster on two cores.
    """
    outcomes: list[Outcome] = []
    names = result_names((entry.name, photo_result_suffix(entry.name.name, entry.kind)) for entry in entries)
    with zipfile.ZipFile(target, "w") as archive:  # stored, because pictures are compressed already
        for entry, name in zip(entries, names, strict=True):
            if job.should_stop():
                break
            try:
                data, outcome = color(entry, name.suffix)
            except FAILURES as error:
                outcome = Outcome(error=error_text(error))
            else:
                archive.writestr(name.as_posix(), data)
            outcomes.append(outcome)
            job.report(tuple(outcomes))


def _colorize(colorizer: Colorizer, settings: Settings, max_pixels: int, entry: Entry, suffix: str) -> Colorized:
    picture = images.decode(entry.read(), max_pixels=max_pixels)
    colorized = colorizer.colorize_picture(picture, settings.look, restoration=settings.restoration)
    thumbnail = images.encode(images.crop_to_fill(colorized, *THUMBNAIL), ".jpg", _THUMBNAIL_QUALITY)
    notes = (*colorized.notes, *images.describe_losses(colorized, suffix))
    return images.encode(colorized, suffix, settings.encoding), Outcome(thumbnail, notes)
