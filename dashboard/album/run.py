"""The work on an album: colour what is due, and draw what waits in grey. Independent of Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial

from colorizer.edits.reference import Reference
from colorizer.errors import FAILURES
from dashboard.album.album import Album, AlbumJob, WriteError
from dashboard.album.entry import Colorized, Entry, Settings, colorize_entry, draw_gray
from dashboard.server.disk import DiskFull
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job
from dashboard.shared.reference import ReferencePicture

_STUDIED = 2  # references that a run keeps: that of the album, and one of its own that a photograph may have


def start_run(album: Album, max_pixels: int, *, queue: JobQueue, owner: str) -> None:
    """Queue a run over what is due, with the colorizers that the album has."""

    @lru_cache(_STUDIED)
    def study(model: str, picture: ReferencePicture) -> Reference:
        return album.colorizers[model].make_reference(picture.pixels)

    def color(entry: Entry, settings: Settings) -> Colorized:
        reference = None if settings.reference is None else study(settings.model, settings.reference)
        return colorize_entry(album.colorizers[settings.model], settings, max_pixels, entry, reference)

    album.start(partial(colorize_album, album, color), queue=queue, owner=owner)


def colorize_album(album: Album, color: Callable[[Entry, Settings], Colorized], job: AlbumJob) -> WriteError | None:
    """Colour the entries that are due one by one, and keep each result as soon as it is done.

    One that fails is noted, and the others continue. If the disk is full, the run ends, and the error is returned.
    Two entries at a time were no faster on two cores.
    """
    while not job.should_stop() and (entry := album.next_due()) is not None:
        settings = album.wanted(entry)
        try:
            colorized = color(entry, settings)
        except FAILURES as error:
            if job.should_stop():  # its worker was ended
                break
            album.fail(entry, settings, error)
            continue
        try:
            album.keep(entry, settings, colorized)
        except (DiskFull, OSError) as error:
            return error
    return None


def start_grays(album: Album, entries: Iterable[Entry], max_pixels: int, *, queue: JobQueue, owner: str) -> None:
    """Queue the grey thumbnails of the entries that have no picture yet, unless some are being drawn already."""
    bare = [entry for entry in entries if needs_gray(album, entry)]
    if bare and not album.is_drawing_grays:
        album.gray_job = queue.submit(partial(_draw_grays, album, bare, max_pixels), owner=owner)


def needs_gray(album: Album, entry: Entry) -> bool:
    """Whether an entry has neither a result nor a grey thumbnail, and none was tried."""
    return entry.key not in album.grays and entry.key not in album.results


def _draw_grays(album: Album, entries: list[Entry], max_pixels: int, job: Job[None, None]) -> None:
    for entry in entries:
        if job.should_stop():
            break
        if not needs_gray(album, entry):  # it has been coloured in the meantime
            continue
        try:
            gray = draw_gray(entry, max_pixels)
        except FAILURES:  # the run says so when it comes to it
            if job.should_stop():
                break
            gray = b""
        album.grays[entry.key] = gray
