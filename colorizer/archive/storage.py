"""Read and write whole files wherever fsspec reaches: folders, S3, GCS, SFTP, HTTP."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from fsspec.core import url_to_fs
from fsspec.spec import AbstractFileSystem

from colorizer.errors import ColorizerError, InvalidSetting

# Object stores: a put replaces the whole object or nothing. Everywhere else, a file is written aside and then moved.
_ATOMIC_PUT = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss", "memory"}

ASIDE = "partial"  # the folder of files that are not complete; what is left in it after a run can be deleted

# What a storage says of one path for good: another attempt would say it again.
_LASTING = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError, FileExistsError)


class StorageFault(ColorizerError):
    """A storage that did not deliver or keep a whole file, and may do so at the next attempt."""


@dataclass(frozen=True)
class Storage:
    """A folder that `address` names for fsspec, such as `/mnt/scans`, `s3://bucket/scans` or `sftp://host/scans`.

    Names of files are relative to it, with forward slashes. A process opens the connection when it first needs it.
    """

    address: str

    @cached_property
    def _opened(self) -> tuple[AbstractFileSystem, str]:
        # Listings are not cached: they would hold an archive in memory, and be out of date in a long run.
        try:
            fs, path = url_to_fs(self.address, use_listings_cache=False)
        except ValueError as error:  # an unknown protocol
            raise InvalidSetting(f"expected a folder or an address, got {self.address} ({error})") from error
        return fs, path.rstrip("/")

    def __getstate__(self) -> dict[str, Any]:
        return {"address": self.address}  # each process opens connections of its own

    def __setstate__(self, state: dict[str, Any]) -> None:
        object.__setattr__(self, "address", state["address"])

    @property
    def files(self) -> AbstractFileSystem:
        """The file system, for what the functions here do not cover."""
        return self._opened[0]

    @property
    def root(self) -> str:
        """The path of the folder in `files`."""
        return self._opened[1]

    def whole(self) -> Storage:
        """The same folder with its absolute address, which means the same in another process."""
        return Storage(self.files.unstrip_protocol(self.root or "/"))

    @property
    def real_address(self) -> str:
        """The address of a folder of this computer without symbolic links; that of any other as it is."""
        if "file" not in self._protocols:
            return self.address
        return str(self.files.unstrip_protocol(os.path.realpath(self.root or "/")))

    def path(self, name: str) -> str:
        """The path of `name` in `files`."""
        return f"{self.root}/{name}" if name else self.root

    def folder(self, name: str) -> Storage:
        """The folder `name` in this one."""
        return Storage(f"{self.address.rstrip('/')}/{name}")

    def entries(self, folder: str = "") -> list[tuple[str, dict[str, Any]]]:
        """What is in a folder: sorted names relative to the storage, and fsspec's details.

        Raises OSError, StorageFault.
        """
        try:
            listed = self.files.ls(self.path(folder), detail=True)
        except OSError:
            raise
        except Exception as error:
            name = folder or self.address
            raise StorageFault(f"expected to list {name}, got {type(error).__name__}: {error}") from error
        names = [(str(info["name"]).rstrip("/").removeprefix(self.root).lstrip("/"), info) for info in listed]
        # Object stores list the folder itself, as an empty object.
        return sorted(((name, info) for name, info in names if name != folder), key=lambda pair: pair[0])

    def read(self, name: str, size: int | None = None) -> bytes:
        """The bytes of a file, checked against the `size` that its listing told.

        Raises OSError where the file is not there or not ours to read, StorageFault for any other failure.
        """
        data: bytes = _ask(lambda: self.files.cat_file(self.path(name)), f"read {name}")
        if size is not None and len(data) != size:
            raise StorageFault(f"expected {size} bytes of {name}, got {len(data)}")
        return data

    def read_head(self, name: str, size: int) -> bytes:
        """The first `size` bytes of a file, or all of a shorter one. Raises as `read`."""
        head: bytes = _ask(lambda: self.files.cat_file(self.path(name), 0, size), f"read {name}")
        return head

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole: under its name there is the old file, the new one, or none, and never a part of one.

        Raises as `read`.
        """
        if self._puts_whole:
            _ask(lambda: self.files.pipe_file(self.path(name), data), f"write {name}")
        else:
            _ask(lambda: self._write_and_move(name, data), f"write {name}")
        kept = _ask(lambda: self.files.size(self.path(name)), f"find {name}")
        if kept is not None and kept != len(data):
            raise StorageFault(f"expected {name} to keep {len(data)} bytes, got {kept}")

    def remove(self, name: str) -> None:
        """Remove a file or a folder with all that is in it, if it is there. Raises as `read`."""

        def remove_if_there() -> None:
            if self.files.exists(self.path(name)):
                self.files.rm(self.path(name), recursive=True)

        _ask(remove_if_there, f"remove {name}")

    @property
    def _protocols(self) -> set[str]:
        names = self.files.protocol
        return set([names] if isinstance(names, str) else names)

    @property
    def _puts_whole(self) -> bool:
        return bool(_ATOMIC_PUT & self._protocols)

    def _write_and_move(self, name: str, data: bytes) -> None:
        # A name of its own for each attempt: a process that was given up for lost may write at the same time.
        part = self.path(f"{ASIDE}/{uuid4().hex}.part")
        for path in (part, self.path(name)):
            self.files.makedirs(self.files._parent(path), exist_ok=True)
        self.files.pipe_file(part, data)
        self.files.mv(part, self.path(name))


def _ask(action: Any, what: str) -> Any:
    """Call a function of fsspec. Its drivers raise exceptions of many packages for what an OSError is here."""
    try:
        return action()
    except _LASTING:
        raise
    except Exception as error:
        raise StorageFault(f"expected to {what}, got {type(error).__name__}: {error}") from error
