"""What the command line says on standard error, also where names of files do not fit the terminal."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from tqdm import tqdm

INTERRUPTED = 130  # the exit status: 128 + the number of SIGINT, as in a shell


def prepare_streams() -> None:
    """Let standard output and error escape characters that their encoding lacks, instead of raising an exception."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(name: str, message: str) -> None:
    """Print a line about a file on standard error, above any progress bar."""
    tqdm.write(printable(f"{name}: {message}"), file=sys.stderr)


def printable(text: str) -> str:
    """`text` with escapes for line breaks, control characters, and the bytes of names that are no UTF-8."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
