"""One run of an album: the photographs are coloured one after the other into a ZIP file on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from colorizer import Colorizer, Look, Restoration, images
from colorizer.errors import FAILURES, error_text
from colorizer.images import EncodeOptions
from colorizer.images.kinds import Kind
from colorizer.images.naming import photo_result_suffix, result_names
from dashboard.album.result_zip import write_result_zip
from dashboard.server.disk import DiskFull
from dashboard.server.jobs import Job

THUMBNAIL = (328, 220)  # pixels, width and height; shown at half this size
_THUMBNAIL_QUALITY = EncodeOptions(quality=85)


@dataclass(frozen=True)
class Settings:
    """The settings for all photographs of an album."""

    look: Look
    restoration: Restoration
    encoding: EncodeOptions


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
WriteError = DiskFull | OSError  # what ends a run early
AlbumJob = Job[Outcomes, WriteError | None]
Colorized = tuple[bytes, Outcome]  # the content of the coloured file, and what the page shows about it


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
                outcome = Outcome(error=error_text(error))
            else:
                try:
                    archive.add(name.as_posix(), data)
                except (DiskFull, OSError) as error:
                    return error
            outcomes.append(outcome)
            job.report(tuple(outcomes))
    return None


def colorize_entry(colorizer: Colorizer, settings: Settings, max_pixels: int, entry: Entry, suffix: str) -> Colorized:
    """Colour one entry. Raises InvalidImage or InvalidArchive if it cannot be read."""
    picture = images.decode(entry.read(), max_pixels=max_pixels)
    colorized = colorizer.colorize_picture(picture, settings.look, restoration=settings.restoration)
    thumbnail = images.encode(images.crop_to_fill(colorized, *THUMBNAIL), ".jpg", _THUMBNAIL_QUALITY)
    notes = (*colorized.notes, *images.describe_losses(colorized, suffix))
    return images.encode(colorized, suffix, settings.encoding), Outcome(thumbnail, notes)
