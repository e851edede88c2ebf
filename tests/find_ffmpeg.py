"""FFmpeg's programs for the video tests; `python -m tests.find_ffmpeg` installs them if need be.

The tests make their films with Debian's FFmpeg and judge the results by it: another build than PyAV brings.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.installing import install_debian_package, tell

PROGRAMS = ("ffmpeg", "ffprobe")
ADVICE = "install FFmpeg (on Debian and Ubuntu: sudo apt-get install ffmpeg)"


class FFmpegNotFoundError(Exception):
    """A program of FFmpeg is missing; the message says what to do."""


def find_program(name: str) -> Path:
    """The path of `ffmpeg` or `ffprobe`; raises FFmpegNotFoundError."""
    path = shutil.which(name)
    if path is None:
        raise FFmpegNotFoundError(f"expected {name} on the PATH, found none: {ADVICE}")
    return Path(path)


def ensure_programs() -> list[Path]:
    """All of them, after an installation where one is missing."""
    try:
        return [find_program(name) for name in PROGRAMS]
    except FFmpegNotFoundError as error:
        tell("No FFmpeg found; installing the package ffmpeg ...")
        problem = install_debian_package("ffmpeg")
        if problem is not None:
            raise FFmpegNotFoundError(f"{error}\n{problem}") from error
    return [find_program(name) for name in PROGRAMS]


def main() -> int:
    """Print the paths on standard output; everything else goes to standard error."""
    try:
        print(*ensure_programs())
    except FFmpegNotFoundError as error:
        tell(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
