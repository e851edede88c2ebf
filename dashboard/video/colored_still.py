"""Coloured stills that a visitor drops on frames of a film. Their files are decoded in a worker."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath

from colorizer import images
from colorizer.arrays import Floats
from colorizer.frames.keyframes import KeyFrame, align_still
from colorizer.images import READABLE_SUFFIXES, Picture
from dashboard.server.disk import require_free_space
from dashboard.server.workers.limits import decode_picture
from dashboard.server.workers.run import run_isolated

STILLS = "stills"  # the folder of their files, within that of a project and in its ZIP file
_SIDE = 96  # pixels, longest side of a thumbnail


@dataclass(frozen=True)
class StillFacts:
    """What a worker says of a still.

    `thumbnail`: JPEG. `pixels`: how many. `fits`: whether it shows the frame that it was dropped on; `key`: its colours
    for that frame; None: it came with a project.
    """

    thumbnail: bytes
    pixels: int
    fits: bool = True
    key: KeyFrame | None = None


@dataclass(frozen=True)
class ColoredStill:
    """A still in the session's folder. `path`: of its file. `title`: the visitor's name for it."""

    path: Path
    title: str
    facts: StillFacts


def examine_still(data: bytes, luminance: Floats | None, max_pixels: int) -> StillFacts:
    """Look at a still in a worker.

    `luminance`: of the frame that it is dropped on, (h, w) float32, 0..100; None: it is not compared.
    Raises InvalidImage, for one without colour too, and ImageTooLarge.
    """
    return run_isolated(_examine, data, luminance, max_pixels)


def keep_still(folder: Path, name: str, data: bytes, facts: StillFacts) -> tuple[str, ColoredStill]:
    """Write a still into `folder`. Returns its SHA-256 and where it is. Raises DiskFull, OSError."""
    digest = sha256(data).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    require_free_space(folder.parent.parent, len(data))
    path = folder / still_file_name(digest, name)
    path.write_bytes(data)
    return digest, ColoredStill(path, name, facts)


def still_file_name(digest: str, name: str) -> str:
    """What the file of a still is called in a project, from its SHA-256 and the visitor's name for it."""
    suffix = PurePath(name).suffix.lower()
    return f"still_{digest[:16]}{suffix if suffix in READABLE_SUFFIXES else ''}"


def _examine(data: bytes, luminance: Floats | None, max_pixels: int) -> StillFacts:
    picture = decode_picture(data, max_pixels=max_pixels)
    height, width = picture.pixels.shape[:2]
    thumbnail = images.encode(Picture(images.shrink(picture, _SIDE).pixels), ".jpg")
    if luminance is None:
        return StillFacts(thumbnail, width * height)
    aligned = align_still(picture, luminance)
    return StillFacts(thumbnail, width * height, aligned.fits, aligned.key)
