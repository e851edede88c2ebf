"""One photograph of an album: what it is, and how it is coloured in a worker."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image, ImageOps

from colorizer import Colorizer, images
from colorizer.color import lab
from colorizer.edits.reference import Reference
from colorizer.images import EncodeOptions, Picture, colorized_name
from colorizer.images.kinds import Kind
from colorizer.images.naming import split_ending
from colorizer.recipe import PhotoSettings, encode_result
from dashboard.server.signing import sign_result
from dashboard.server.workers.limits import coloring_limits, decode_picture
from dashboard.server.workers.run import run_isolated
from dashboard.shared.reference import ReferencePicture

THUMBNAIL = (328, 220)  # pixels, width and height; shown at half this size
_COLOR_QUALITY, _GRAY_QUALITY = EncodeOptions(quality=85), EncodeOptions(quality=70)

Key = tuple[int, int]  # size in bytes and CRC-32: two different photographs of one size share it once in 4 billion


@dataclass(frozen=True)
class Settings:
    """What makes a photograph's result.

    `model`: its name. `label`: whether the file tells how it was made. `reference`: the picture that `photo` names.
    """

    model: str
    photo: PhotoSettings
    label: bool = True
    reference: ReferencePicture | None = None


@dataclass(frozen=True)
class Entry:
    """A photograph of an album, which may be there as several identical files.

    `key`: of the content. `names`: of its files within the album, safe to use below any folder. `results`: the names of
    their results, in the same order. `kind`: of the content. `read`: returns it, also in a worker.
    """

    key: Key
    names: tuple[PurePosixPath, ...]
    results: tuple[PurePosixPath, ...]
    kind: Kind
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        """The file name of the first, for the card."""
        return self.names[0].name

    @property
    def photo_name(self) -> str:
        """The file name under which the Photo tab gives its result the name that it has in the album."""
        stem = split_ending(self.results[0].name)[0].removesuffix(colorized_name(""))
        return stem + split_ending(self.name)[1]


@dataclass(frozen=True)
class Colorized:
    """What a worker returns: the coloured file's content, its thumbnail (a JPEG of `THUMBNAIL` pixels) and notes.

    `pages`: of the original, see `Picture`.
    """

    data: bytes
    thumbnail: bytes
    notes: tuple[str, ...] = ()
    pages: int = 1


@dataclass(frozen=True)
class Result:
    """What is done of an entry with `settings`.

    `file`: the coloured file, of `size` bytes, with its `thumbnail` and `notes`; None without one. After an `error`
    they are those of earlier settings, so that a finished photograph is not lost. `pages`: of the original, of which
    the first is coloured, see `Picture`.
    """

    settings: Settings
    file: Path | None = None
    size: int = 0
    thumbnail: bytes = b""
    notes: tuple[str, ...] = ()
    pages: int = 1
    error: Exception | None = None


def colorize_entry(
    colorizer: Colorizer, settings: Settings, max_pixels: int, entry: Entry, reference: Reference | None = None
) -> Colorized:
    """Colour one entry in a worker. `reference`: made by `colorizer` of the picture that `settings` name.

    The file is signed if that is set.
    Raises InvalidImage or InvalidArchive if the entry cannot be read, SigningFailed.
    """
    arguments = (colorizer, settings.photo, settings.label, reference, max_pixels, entry)
    made = run_isolated(_colorize_entry, *arguments, limits=coloring_limits())
    data, notes = sign_result(made.data, entry.results[0].suffix, entry.read, colorizer.spec)
    return replace(made, data=data, notes=(*made.notes, *notes))


def _colorize_entry(
    colorizer: Colorizer,
    photo: PhotoSettings,
    label: bool,
    reference: Reference | None,
    max_pixels: int,
    entry: Entry,
) -> Colorized:
    data = entry.read()
    colorized = colorizer.colorize_picture(
        images.transform(decode_picture(data, max_pixels=max_pixels), photo.geometry),
        photo.look,
        hints=photo.hints,
        restoration=photo.restoration,
        reference=reference,
        variant=photo.variant,
    )
    thumbnail = images.encode(images.crop_to_fill(colorized, *THUMBNAIL), ".jpg", _COLOR_QUALITY)
    suffix = entry.results[0].suffix
    result = encode_result(colorized, data, colorizer.spec, photo, suffix, label=label)
    return Colorized(result.data, thumbnail, result.notes, colorized.pages)


def draw_gray(entry: Entry, max_pixels: int) -> bytes:
    """An entry's thumbnail in grey, made in a worker. Raises what `colorize_entry` raises."""
    return run_isolated(_draw_gray, entry, max_pixels)


def _draw_gray(entry: Entry, max_pixels: int) -> bytes:
    data = entry.read()
    picture = _read_small(data, max_pixels) or decode_picture(data, max_pixels=max_pixels)
    small = images.crop_to_fill(picture, *THUMBNAIL)
    gray = Picture(lab.luminance_to_rgb(lab.luminance(small.pixels)), small.alpha)
    return images.encode(gray, ".jpg", _GRAY_QUALITY)


def _read_small(data: bytes, max_pixels: int) -> Picture | None:
    """A usual JPEG at a fraction of its size, which takes a tenth of the time; None for what cannot be read so."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            if image.mode not in ("L", "RGB") or image.width * image.height > max_pixels:
                return None
            image.draft("L", (2 * THUMBNAIL[0], 2 * THUMBNAIL[1]))
            return Picture(np.asarray(ImageOps.exif_transpose(image).convert("L")))
    except (OSError, ValueError, SyntaxError):  # another kind of file, or a damaged one
        return None
