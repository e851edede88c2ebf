"""Find exiftool for the tests; `python -m tests.find_exiftool` prints its path, and installs it if need be."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.debian import install_package, tell

PACKAGE = "libimage-exiftool-perl"


class ExiftoolNotFoundError(Exception):
    """No exiftool; the message says what to do."""


def find_exiftool() -> Path:
    """The exiftool on this machine; raises ExiftoolNotFoundError."""
    path = shutil.which("exiftool")
    if path is None:
        raise ExiftoolNotFoundError(f"no exiftool on the PATH: install it (on Debian and Ubuntu the package {PACKAGE})")
    return Path(path)


def main() -> int:
    """Print the path on standard output; everything else goes to standard error."""
    problem = None if shutil.which("exiftool") else install_package(PACKAGE, "exiftool")
    try:
        print(find_exiftool())
    except ExiftoolNotFoundError as error:
        tell(f"{error}\n{problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
