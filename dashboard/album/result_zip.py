"""The ZIP file of an album's results, which stays valid when the disk is full."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.server.disk import require_free_space

_RESERVED = 1 << 20  # bytes on the disk for the directory: 500 names of 255 bytes take a third of it


class ResultZip:
    """A ZIP file that is being written; see `write_result_zip`."""

    def __init__(self, file: io.FileIO, archive: zipfile.ZipFile, folder: Path) -> None:
        self._file, self._archive, self._folder = file, archive, folder

    def add(self, name: str, data: bytes) -> None:
        """Add a member. Raises DiskFull or OSError if it cannot be written; the file is then as it was before."""
        require_free_space(self._folder, len(data))
        kept, end = list(self._archive.filelist), self._archive.start_dir
        try:
            self._archive.writestr(name, data)  # stored, because pictures are compressed already
        except OSError:
            self._archive.filelist[:] = kept
            self._archive.NameToInfo.pop(name, None)
            self._archive.start_dir = end  # where the next member, or the directory, is written
            self._file.truncate(end)
            raise


@contextmanager
def write_result_zip(target: Path) -> Iterator[ResultZip]:
    """A context manager that writes the ZIP file `target`. After an exception inside it, the file is removed.

    Space for the directory at its end is reserved on the disk. Raises OSError if there is none at the start.
    """
    reserve = target.with_suffix(".reserve")
    try:
        reserve.write_bytes(bytes(_RESERVED))
        with _UnbufferedFile(target, "w+b") as file, zipfile.ZipFile(file, "w") as archive:
            yield ResultZip(file, archive, target.parent)
            reserve.unlink()
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        reserve.unlink(missing_ok=True)


class _UnbufferedFile(io.FileIO):
    """A file that writes all of its data at once or raises OSError. A buffer would keep what the disk did not take."""

    def write(self, data: bytes) -> int:  # type: ignore[override]  # any buffer, as FileIO
        rest = memoryview(data)
        while rest:
            rest = rest[super().write(rest) :]
        return len(data)
