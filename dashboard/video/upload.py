"""An uploaded film on its way to the disk. Independent of Streamlit."""

from __future__ import annotations

import itertools
from hashlib import sha256
from pathlib import Path

from colorizer import ColorizerError, InvalidVideo, VideoNotWritten
from colorizer.errors import DISK_FULL, Problem
from colorizer.sizes import format_size
from colorizer.video import VideoInfo
from dashboard.server.disk import require_free_space
from dashboard.video.film import Film
from dashboard.video.work import probe_film

_NUMBERS = itertools.count(1)  # in file names


def save_upload(data: bytes, *, name: str, upload: str, folder: Path, max_seconds: float) -> Film:
    """Write an uploaded film into `folder` and probe it.

    Raises DiskFull or VideoNotWritten if the disk is full, and InvalidVideo if the file is not a film or is longer than
    `max_seconds`. In both cases no file is left.
    """
    source = folder / f"source-{next(_NUMBERS)}{Path(name).suffix.lower()}"
    try:
        _write(source, data)
        info = probe_film(source)
        _check_length(info, max_seconds)
    except ColorizerError:
        source.unlink(missing_ok=True)
        raise
    return Film(upload, name, source, info, max_seconds, sha256(data).hexdigest())


def _write(path: Path, data: bytes) -> None:
    require_free_space(path.parent, len(data))
    try:
        path.write_bytes(data)
    except OSError as error:
        raise VideoNotWritten(
            f"expected {format_size(len(data))} of free disk space on the computer that runs this page, "
            f"got: {error.strerror}",
            problem=Problem.NO_SPACE if error.errno in DISK_FULL else None,
        ) from error


def _check_length(info: VideoInfo, max_seconds: float) -> None:
    if info.duration is not None and info.duration > max_seconds:
        raise InvalidVideo(
            f"expected a film of at most {max_seconds / 60:g} minutes, got one of {info.duration / 60:.1f} minutes\n"
            "Cut it into parts, or ask the person who runs this page for a higher limit.",
            problem=Problem.TOO_LONG,
        )
