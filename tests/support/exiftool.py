"""Run exiftool, in one process for all calls: its start takes a hundred times as long as reading a small file."""

from __future__ import annotations

import atexit
import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, Any

from tests.support.find_tools import find_tool

_READY, _STATUS = b"{ready}\n", b"status="


def exiftool(*arguments: str | Path) -> bytes:
    """What exiftool prints to standard output; fails the test with exiftool's words if it fails.

    Without "-q" and "-T", which also suppress what says that it is done.
    """
    process, errors = _process()
    assert process.stdin is not None
    assert process.stdout is not None
    errors.seek(0)
    errors.truncate()
    lines = [*map(_line, arguments), "-echo3", f"{_STATUS.decode()}${{status}}", "-execute", ""]
    process.stdin.write("\n".join(lines).encode())
    process.stdin.flush()
    printed = bytearray()
    while not printed.endswith(_READY):
        line = process.stdout.readline()
        assert line, f"expected exiftool to go on, but it has ended: {_words(errors)}"
        printed += line
    output, _, status = bytes(printed.removesuffix(_READY)).rpartition(_STATUS)
    assert int(status) == 0, _words(errors)
    return output


def read_tags(path: Path, *options: str) -> dict[str, Any]:
    """The tags of a file by group and name, for instance `IFD0:Make`; with "-n" as an option the values as stored."""
    lines: list[dict[str, Any]] = json.loads(exiftool("-j", "-G1", *options, path))
    return lines[0]


def _line(argument: str | Path) -> str:
    """An argument as exiftool takes it from a file: in the notation of C where it has several lines."""
    text = str(argument)
    return text if "\n" not in text else "#[CSTR]" + text.replace("\\", "\\\\").replace("\n", "\\n")


def _words(errors: IO[bytes]) -> str:
    errors.seek(0)
    return errors.read().decode(errors="replace")


@cache
def _process() -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """exiftool as it waits for arguments, one a line, and the file that takes its complaints."""
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the process runs
    command = [str(find_tool("exiftool")), "-stay_open", "True", "-@", "-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
    atexit.register(process.kill)
    return process, errors
