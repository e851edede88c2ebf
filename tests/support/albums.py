"""Albums for tests: their files, and runs of them on this thread."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from colorizer import load_colorizer
from colorizer.recipe import PhotoSettings
from dashboard.album.album import Album, AlbumJob
from dashboard.album.contents import Limits, Upload
from dashboard.album.entry import Colorized, Entry, Settings, colorize_entry
from dashboard.album.results import open_zip
from dashboard.album.run import colorize_album
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job

LIMITS = Limits(photos=5, bytes=100_000, pixels=70_000)
SETTINGS = Settings("compact", PhotoSettings())

Color = Callable[[Entry, Settings], Colorized]


def photo(size: tuple[int, int] = (40, 30), kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(buffer, kind, **options)
    return buffer.getvalue()


def photos(count: int) -> list[tuple[str, bytes]]:
    """Different photographs, from 0.png on."""
    return [(f"{number}.png", photo((20 + number, 10))) for number in range(count)]


def make_zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def uploads(folder: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, Upload]:
    """Uploads as the page stores them, by name and number; several may have the same name."""
    held = {}
    for number, (name, data) in enumerate(files):
        path = folder / f"upload-{number}"
        path.write_bytes(data)
        held[f"{number}-{name}"] = Upload(name, path)
    return held


def make_album(folder: Path, *files: tuple[str, bytes], limits: Limits = LIMITS) -> Album:
    album = Album(folder)
    album.update(uploads(folder, files), limits)
    return album


def color_quickly(entry: Entry, settings: Settings) -> Colorized:
    """In place of the network: a result that tells which photograph it is of, and with which settings."""
    return Colorized(f"{entry.name} {settings.model} {settings.photo.look.strength}".encode(), b"thumbnail")


def color_really(entry: Entry, settings: Settings) -> Colorized:
    return colorize_entry(load_colorizer(settings.model), settings, LIMITS.pixels, entry)


class NoQueue(JobQueue):
    """Does each job at once, on the caller's thread."""

    def submit(self, work: Any, *, owner: str) -> Job[Any, Any]:
        job: Job[Any, Any] = Job(work, owner)
        copy_context().run(job.run)  # which notes that it is the thread's job
        return job


def do(album: Album, color: Color = color_quickly) -> AlbumJob:
    """Do what is due of an album. Returns the run."""
    album.start(partial(colorize_album, album, color), queue=NoQueue(), owner="me")
    assert album.job is not None
    assert album.job.done()
    return album.job


def run(album: Album, settings: Settings = SETTINGS, color: Color = color_quickly) -> AlbumJob:
    """Ask for all of an album, and do it."""
    album.colorize_all(settings)
    return do(album, color)


def download(album: Album) -> dict[str, bytes]:
    """The content of the album's ZIP file."""
    with open_zip(album.files, album.members) as stream:
        data = b"".join(stream.parts)
    assert len(data) == stream.size
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def result_files(folder: Path) -> set[Path]:
    return set(folder.glob("album-result-*"))
