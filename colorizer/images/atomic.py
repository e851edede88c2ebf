"""Write files atomically: a file is either complete or not there."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from colorizer.images.naming import LONGEST_NAME, shorten


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A context manager that yields a temporary path beside `path`; on success, this file replaces `path`.

    The parent folders are created. After an exception, `path` is unchanged and the temporary file is removed.
    Raises OSError if the folders or the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_path(path)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def part_path(path: Path) -> Path:
    """The temporary file of `path`: its name and an ending, shortened where a file system would not take it."""
    encoded = path.name.encode("utf-8", "surrogatepass")
    if len(encoded) + len(".part") <= LONGEST_NAME:
        return path.with_name(path.name + ".part")
    end = f"-{zlib.crc32(encoded):08x}.part"  # two long names may differ at their ends only
    return path.with_name(shorten(path.name, LONGEST_NAME - len(end)) + end)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically. Parent folders are created. Raises OSError."""
    with whole_file(path) as part:
        part.write_bytes(data)
