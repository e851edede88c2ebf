"""Find programs that check our files; `python -m tests.support.find_tools` prints their paths and installs them.

The tests make and check films with Debian's FFmpeg, which is another build than the one in PyAV.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.support.debian import install_package, tell

PACKAGES = {
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "exiftool": "libimage-exiftool-perl",
    "unzip": "unzip",
}  # program -> Debian package


class ToolNotFoundError(Exception):
    """A program is missing; the message says what to do."""


def find_tool(name: str) -> Path:
    """The path of a program of `PACKAGES`; raises ToolNotFoundError."""
    path = shutil.which(name)
    if path is None:
        raise ToolNotFoundError(
            f"expected {name} on the PATH, found none: install it (on Debian and Ubuntu the package {PACKAGES[name]})"
        )
    return Path(path)


def ensure_tool(name: str) -> Path:
    """Like `find_tool`, but installs the program if it is missing."""
    problem = None if shutil.which(name) else install_package(PACKAGES[name], name)
    try:
        return find_tool(name)
    except ToolNotFoundError as error:
        raise ToolNotFoundError(f"{error}\n{problem}") from error


def main() -> int:
    """Print the paths on standard output; everything else goes to standard error."""
    try:
        print(*(ensure_tool(name) for name in PACKAGES))
    except ToolNotFoundError as error:
        tell(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
