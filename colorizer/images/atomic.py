"""Write files atomically: a file is either complete or not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A context manager that yields a temporary path beside `path`; on success, this file replaces `path`.

    The parent folders are created. After an exception, `path` is unchanged and the temporary file is removed.
    Raises OSError if the folders or the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically. Parent folders are created. Raises OSError."""
    with whole_file(path) as part:
        part.write_bytes(data)
