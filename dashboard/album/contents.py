"""The photographs in uploaded files. Independent of Streamlit."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from colorizer import ColorizerError, InvalidArchive
from colorizer.errors import Problem
from colorizer.images.kinds import ZIP, Kind, read_kind
from colorizer.images.naming import is_leftover, photo_result_suffix, result_names
from colorizer.sizes import format_size
from dashboard.album.archive import list_members, refuse_kind, safe_name
from dashboard.album.entry import Entry, Key
from dashboard.server.workers.limits import picture_limits
from dashboard.server.workers.run import run_isolated

ZIP_SUFFIX = ".zip"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of an album. `photos`: their number. `bytes`: their total size, unpacked. `pixels`: of each photograph."""

    photos: int
    bytes: int
    pixels: int


@dataclass(frozen=True)
class Upload:
    """An uploaded file, stored on disk. `name`: with its folders, if a whole folder was uploaded."""

    name: str
    path: Path


@dataclass(frozen=True)
class Photograph:
    """A file of a photograph; see `Entry`."""

    name: PurePosixPath
    kind: Kind
    key: Key
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Contents:
    """What is in an upload. `left_out`: the name of each file that cannot be coloured, and the reason."""

    photographs: tuple[Photograph, ...] = ()
    left_out: tuple[tuple[str, ColorizerError], ...] = ()


def read_upload(upload: Upload, limits: Limits) -> Contents:
    """The contents of a photograph's file or a ZIP file. Nothing is unpacked yet."""
    if is_leftover(PurePosixPath(upload.name)):
        return Contents()
    kind = read_kind(upload.path)
    if kind == ZIP or Path(upload.name).suffix.lower() == ZIP_SUFFIX:
        return _read_zip(upload, limits)
    if refusal := refuse_kind(kind, upload.name):
        return Contents(left_out=((upload.name, refusal),))
    key = upload.path.stat().st_size, _checksum(upload.path)
    return Contents((Photograph(safe_name(upload.name), kind, key, upload.path.read_bytes),))


def _read_zip(upload: Upload, limits: Limits) -> Contents:
    try:
        members = run_isolated(
            partial(list_members, max_files=limits.photos, max_bytes=limits.bytes, max_pixels=limits.pixels),
            upload.path,
            limits=picture_limits(InvalidArchive),
        )
    except InvalidArchive as error:
        return Contents(left_out=((upload.name, error),))
    return Contents(
        tuple(
            Photograph(member.name, member.kind, (member.size, member.checksum), member.read)
            for member in members
            if not member.refusal
        ),
        tuple((str(member.name), member.refusal) for member in members if member.refusal),
    )


def _checksum(path: Path) -> int:
    """The CRC-32 of a file, which a ZIP file has of its members."""
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            checksum = zlib.crc32(chunk, checksum)
    return checksum


def make_entries(contents: Iterable[Contents], limits: Limits) -> tuple[Entry, ...]:
    """The entries of an album, in the order of their first files: identical files are one.

    Raises InvalidArchive if the files are more than `limits.photos` or larger than `limits.bytes` in total.
    """
    photographs = [photograph for each in contents for photograph in each.photographs]
    if len(photographs) > limits.photos:
        raise InvalidArchive(
            f"expected an album of at most {limits.photos} photographs, got {len(photographs)}",
            problem=Problem.TOO_MANY,
        )
    if (size := sum(photograph.key[0] for photograph in photographs)) > limits.bytes:
        raise InvalidArchive(
            f"expected an album of at most {format_size(limits.bytes)}, got {format_size(size)}",
            problem=Problem.TOO_LARGE,
        )
    results = result_names((each.name, photo_result_suffix(each.name.name, each.kind)) for each in photographs)
    groups: dict[Key, list[int]] = {}
    for number, photograph in enumerate(photographs):
        groups.setdefault(photograph.key, []).append(number)
    return tuple(
        Entry(
            key,
            tuple(photographs[number].name for number in numbers),
            tuple(PurePosixPath(results[number]) for number in numbers),
            photographs[numbers[0]].kind,
            photographs[numbers[0]].read,
        )
        for key, numbers in groups.items()
    )
