"""One photograph of an album: what it is, and how it is coloured in a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from colorizer import Colorizer, images
from colorizer.images import EncodeOptions
from colorizer.images.kinds import Kind
from colorizer.recipe import PhotoSettings, encode_result
from dashboard.server.workers.limits import decode_picture
from dashboard.server.workers.run import run_isolated

THUMBNAIL = (328, 220)  # pixels, width and height; shown at half this size
_THUMBNAIL_QUALITY = EncodeOptions(quality=85)


@dataclass(frozen=True)
class Settings:
    """The settings for all photographs of an album. `label`: whether the files tell how they were made."""

    photo: PhotoSettings
    label: bool = True


@dataclass(frozen=True)
class Entry:
    """A photograph of an album.

    `name`: its path within the album, safe to use below any folder. `kind`: of its content. `read`: returns its file,
    also in a worker.
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


Colorized = tuple[bytes, Outcome]  # the content of the coloured file, and what the page shows about it


def colorize_entry(colorizer: Colorizer, settings: Settings, max_pixels: int, entry: Entry, suffix: str) -> Colorized:
    """Colour one entry in a worker. Raises InvalidImage or InvalidArchive if it cannot be read."""
    return run_isolated(_colorize_entry, colorizer, settings, max_pixels, entry, suffix)


def _colorize_entry(colorizer: Colorizer, settings: Settings, max_pixels: int, entry: Entry, suffix: str) -> Colorized:
    data = entry.read()
    picture = decode_picture(data, max_pixels=max_pixels)
    colorized = colorizer.colorize_picture(picture, settings.photo.look, restoration=settings.photo.restoration)
    thumbnail = images.encode(images.crop_to_fill(colorized, *THUMBNAIL), ".jpg", _THUMBNAIL_QUALITY)
    result = encode_result(colorized, data, colorizer.spec, settings.photo, suffix, label=settings.label)
    return result.data, Outcome(thumbnail, result.notes)
