"""The coloured files of an album on disk, and the ZIP file of them, which is written while it is sent."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath

from zipstream import ZipStream

from colorizer.images.atomic import write_whole
from dashboard.server.disk import require_free_space
from dashboard.server.streams import Stream

_NUMBERS = itertools.count(1)  # in the file names, so that a result never overwrites another


class ResultFiles:
    """Files in a folder. One that is removed stays while a ZIP file of them is sent. Safe between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._readers, self._unneeded = 0, list[Path]()

    def write(self, data: bytes) -> Path:
        """Write a new file. Raises DiskFull or OSError if it cannot be written; nothing is left of it then."""
        require_free_space(self.folder, len(data))
        path = self.folder / f"album-result-{next(_NUMBERS)}"
        write_whole(path, data)
        return path

    def remove(self, path: Path) -> None:
        """Remove a file, now or when nobody reads any more."""
        with self._lock:
            self._unneeded.append(path)
            self._sweep()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A context manager during which files stay."""
        with self._lock:
            self._readers += 1
        try:
            yield
        finally:
            with self._lock:
                self._readers -= 1
                self._sweep()

    def _sweep(self) -> None:
        if not self._readers:
            for path in self._unneeded:
                path.unlink(missing_ok=True)
            self._unneeded.clear()


Members = Iterable[tuple[PurePosixPath, Path]]  # of a ZIP file: the name, and the file with the content


@contextmanager
def open_zip(files: ResultFiles, members: Callable[[], Members]) -> Iterator[Stream]:
    """A context manager that yields a ZIP file, which is written as its parts are taken.

    `members`: called at the start, for what there is by then. They are stored, because pictures are compressed already.
    """
    with files.reading():
        archive, held = ZipStream(sized=True), list(members())
        for name, path in held:
            archive.add_path(path, name.as_posix(), recurse=False)
        tag = sha256(repr([(name.as_posix(), path.name) for name, path in held]).encode()).hexdigest()
        yield Stream(len(archive), iter(archive), tag)
