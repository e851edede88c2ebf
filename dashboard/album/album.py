"""An album: many photographs, coloured one after the other into a ZIP file on disk. Knows nothing of Streamlit."""

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
from colorizer.images.naming import photo_result_name, result_names
from dashboard.album.archive import list_members, safe_name
from dashboard.server.jobs import Job, JobQueue

ZIP_SUFFIX = ".zip"
THUMBNAIL = (328, 220)  # pixels; drawn at half of that
_THUMBNAIL_QUALITY = EncodeOptions(quality=85)

_NUMBERS = itertools.count(1)  # in the names of the files: a run never writes where another one's result lies


@dataclass(frozen=True)
class Limits:
    """`photos`: of an album. `bytes`: of all of them, unpacked. `pixels`: of each."""

    photos: int
    bytes: int
    pixels: int


@dataclass(frozen=True)
class Settings:
    """What all photographs of an album are coloured with."""

    look: Look
    restoration: Restoration
    encoding: EncodeOptions


@dataclass(frozen=True)
class Upload:
    """An uploaded file that lies on disk."""

    name: str
    path: Path


@dataclass(frozen=True)
class Entry:
    """A photograph of an album. `name`: its path in there, safe below any folder."""

    name: PurePosixPath
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Outcome:
    """What became of an entry: `thumbnail`, a JPEG of `THUMBNAIL` pixels, and `notes`; or the `error`."""

    thumbnail: bytes = b""
    notes: tuple[str, ...] = ()
    error: str = ""


Outcomes = tuple[Outcome, ...]  # of the entries so far, in their order


@dataclass(frozen=True)
class AlbumRun:
    """One coloring of an album into the ZIP file `target`."""

    target: Path
    model: str
    settings: Settings
    job: Job[Outcomes, None]

    @property
    def outcomes(self) -> Outcomes:
        return self.job.progress or ()

    def delete(self) -> None:
        """Stop it, and remove its file."""
        self.job.stop()
        self.target.unlink(missing_ok=True)


@dataclass
class Album:
    """Uploaded photographs. `uploads`: by Streamlit's id. `left_out`: what is no photograph, and why, by its name."""

    uploads: dict[str, Upload]
    entries: tuple[Entry, ...]
    left_out: dict[str, str]
    run: AlbumRun | None = None

    @property
    def is_busy(self) -> bool:
        return self.run is not None and not self.run.job.done()

    def start(
        self, colorizer: Colorizer, settings: Settings, *, folder: Path, limits: Limits, queue: JobQueue, owner: str
    ) -> None:
        """Put a run into the queue, in the place of the last one."""
        if self.run is not None:
            self.run.delete()
        target = folder / f"album-{next(_NUMBERS)}{ZIP_SUFFIX}"

        def work(job: Job[Outcomes, None]) -> None:
            colorize_album(self.entries, target, partial(_colorize, colorizer, settings, limits.pixels), job)

        self.run = AlbumRun(target, colorizer.spec.name, settings, queue.submit(work, owner=owner))

    def delete(self) -> None:
        """Stop what runs, and remove its file; the uploads stay."""
        if self.run is not None:
            self.run.delete()


def make_album(uploads: dict[str, Upload], limits: Limits) -> Album:
    """The photographs of files and ZIP files, nothing of them unpacked.

    Raises InvalidArchive where there are more of them, or larger ones, than an album may have.
    """
    entries: list[Entry] = []
    left_out: dict[str, str] = {}
    size = 0
    for upload in uploads.values():
        if Path(upload.name).suffix.lower() != ZIP_SUFFIX:
            entries.append(Entry(safe_name(upload.name), upload.path.read_bytes))
            size += upload.path.stat().st_size
            continue
        try:
            members = list_members(
                upload.path, max_files=limits.photos, max_bytes=limits.bytes, max_pixels=limits.pixels
            )
        except InvalidArchive as error:
            left_out[upload.name] = str(error)
            continue
        entries += [Entry(member.name, member.read) for member in members if not member.refusal]
        size += sum(member.size for member in members if not member.refusal)
        left_out.update({str(member.name): member.refusal for member in members if member.refusal})
    if len(entries) > limits.photos:
        raise InvalidArchive(f"expected an album of at most {limits.photos} photographs, got {len(entries)}")
    if size > limits.bytes:
        raise InvalidArchive(f"expected an album of at most {limits.bytes / 1e6:.3g} MB, got {size / 1e6:.3g} MB")
    return Album(uploads, tuple(entries), left_out)


Colorized = tuple[bytes, Outcome]  # a file's content, and what the page shows of it


def colorize_album(
    entries: Sequence[Entry], target: Path, color: Callable[[Entry, str], Colorized], job: Job[Outcomes, None]
) -> None:
    """Write the coloured photographs into a ZIP file, each as soon as it is done; whole after a cancel too.

    `colour` is given an entry and the ending of its result. One that fails is reported, and the others go on. One at
    a time: two at once gained nothing on two cores.
    """
    outcomes: list[Outcome] = []
    names = result_names((entry.name for entry in entries), photo_result_name)
    with zipfile.ZipFile(target, "w") as archive:  # stored: pictures are compressed already
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
    picture, look = images.decode(entry.read(), max_pixels=max_pixels), settings.look
    colorized = colorizer.colorize_picture(
        picture, strength=look.strength, vividness=look.vividness, warmth=look.warmth, restoration=settings.restoration
    )
    thumbnail = images.encode(images.crop_to_fill(colorized, *THUMBNAIL), ".jpg", _THUMBNAIL_QUALITY)
    notes = (*colorized.notes, *images.describe_losses(colorized, suffix))
    return images.encode(colorized, suffix, settings.encoding), Outcome(thumbnail, notes)
