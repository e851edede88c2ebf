"""The process that reads the files of a fuzzing run, so that a crash or a hang ends this process alone."""

from __future__ import annotations

import logging
import os
import resource
import tempfile
import warnings
from multiprocessing.connection import Connection
from pathlib import Path

from colorizer import ColorizerError
from colorizer.images import WRITABLE_SUFFIXES, decode, encode
from colorizer.video import probe
from dashboard.album.archive import list_members

MAX_PIXELS = 1_000_000
ADDRESS_SPACE = 8 << 30  # bytes; a larger request fails instead of stopping the machine


def read_file(kind: str, data: bytes) -> str:
    """Read a file as the product does, and return "read" or "refused". Every other exception is a finding."""
    try:
        if kind == "picture":
            picture = decode(data, max_pixels=MAX_PIXELS)
            assert picture.width * picture.height <= MAX_PIXELS
            for suffix in WRITABLE_SUFFIXES:
                encode(picture, suffix)
        else:
            with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
                file.write(data)
                file.flush()
                _read_path(kind, Path(file.name))
    except ColorizerError as error:
        return "refused" if str(error) else f"{type(error).__name__} without a message"
    return "read"


def _read_path(kind: str, path: Path) -> None:
    if kind == "film":
        probe(path)
        return
    for member in list_members(path, max_pixels=MAX_PIXELS):
        if not member.refusal:
            member.read()


def peak_memory() -> int:
    """The largest resident size of this process since `reset_peak_memory`, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) * 1024


def reset_peak_memory() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def run(connection: Connection) -> None:
    """Answer each (kind, bytes) that arrives with (result, bytes of memory that it took); None ends the process."""
    warnings.simplefilter("ignore")
    logging.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # some codecs print each error
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    while (work := connection.recv()) is not None:
        reset_peak_memory()
        before = peak_memory()
        try:
            result = read_file(*work)
        except Exception as error:  # noqa: BLE001 - this is what the run looks for
            result = f"{type(error).__name__}: {error}"
        connection.send((result, peak_memory() - before))
