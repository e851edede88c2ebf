"""List the files of an archive, one folder at a time, and name their results."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from colorizer.archive.storage import Storage, StorageFault
from colorizer.errors import ColorizerError
from colorizer.images.kinds import Kind
from colorizer.images.naming import (
    LONGEST_NAME,
    is_leftover,
    is_result_name,
    photo_result_suffix,
    shorten,
    split_ending,
)

# What storages call the version of a file's content, the most exact first; the last ones are times.
_VERSIONS = ("ETag", "etag", "md5Hash", "md5", "generation", "mtime", "LastModified", "last_modified", "updated")


class InvalidName(ColorizerError):
    """A name that means another place in a folder than in the object store that has it."""


@dataclass(frozen=True)
class SourceFile:
    """A file of an archive as a listing shows it.

    `name`: relative to the source, with forward slashes. `size`: in bytes; None where the storage does not list it.
    `version`: the storage's mark of its content (ETag) or the time of its last change; empty where it lists neither.
    """

    name: str
    size: int | None
    version: str


def list_folders(storage: Storage, problem: Callable[[str, str], object]) -> Iterator[tuple[str, list[SourceFile]]]:
    """Each folder of an archive with its files, depth first in the order of names. Memory holds one folder at a time.

    Files that systems leave or hide, and results of a run into the source itself, are left out. Links to folders are
    not followed. `problem(name, reason)` is called for a folder that cannot be listed.
    """
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = storage.entries(folder)
        except (OSError, StorageFault) as error:
            problem(folder or storage.address, str(error))
            continue
        kept = [(name, info) for name, info in entries if not is_leftover(PurePosixPath(name.rpartition("/")[2]))]
        yield folder, [_describe(name, info) for name, info in kept if info["type"] != "directory" and _is_new(name)]
        waiting += reversed([name for name, info in kept if info["type"] == "directory"])


def result_name(name: str, kind: Kind) -> str:
    """`1932/a.jpg` -> `1932/a_colorized.jpg`; `a.heic`, which is not written as such, -> `a_colorized.heic.png`.

    The result has a name that depends on its source alone and that no other source of the archive gets, so that no
    list of names taken is needed. Raises InvalidName for one that would lead to another place.
    """
    path = PurePosixPath(name)
    if str(path) != name or ".." in path.parts:  # keys of object stores may be any text
        raise InvalidName(f"expected a name without '..', '.' and empty parts, got {name!r}")
    stem, ending = split_ending(path.name)
    suffix = photo_result_suffix(path.name, kind)
    # An underscore where there is no ending, which `a.jpg` has.
    end = f"_colorized{'' if suffix == ending else ending or '_'}{suffix}"
    if len(f"{stem}{end}".encode("utf-8", "surrogatepass")) > LONGEST_NAME:
        end = f"-{zlib.crc32(name.encode('utf-8', 'surrogatepass')):08x}{end}"
        stem = shorten(stem, LONGEST_NAME - len(end.encode()))
    return str(path.with_name(stem + end))


def readable(name: str) -> str:
    """`name` as text that can be stored: bytes that are no UTF-8, which file systems allow, become escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _is_new(name: str) -> bool:
    return not is_result_name(name.rpartition("/")[2])


def _describe(name: str, info: dict[str, Any]) -> SourceFile:
    version = next((info[key] for key in _VERSIONS if info.get(key) is not None), "")
    if isinstance(version, datetime):
        version = version.astimezone(UTC).isoformat()
    return SourceFile(name, info.get("size"), str(version).strip('"'))
