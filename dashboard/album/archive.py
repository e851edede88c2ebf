"""Read photographs from an untrusted ZIP file on disk, one at a time and within limits."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from colorizer import images
from colorizer.errors import ColorizerError, ImageTooLarge, InvalidArchive, InvalidImage, Problem
from colorizer.images import kinds
from colorizer.images.kinds import HEAD_BYTES, Kind, Medium, kind_of
from colorizer.images.naming import LONGEST_NAME, is_leftover, shorten, split_ending
from colorizer.sizes import format_size
from dashboard.album.zip_names import decode_names
from dashboard.locale.catalogues import mark
from dashboard.server.plain_words import PlainError
from dashboard.server.settings import DEFAULT_MAX_BYTES, DEFAULT_MAX_FILES

_MAX_DIRECTORY_BYTES = 8_000_000  # of the ZIP directory, because Python creates a large object for each entry
_MAX_ENTRIES = 10_000  # of any kind
_BYTES_PER_PIXEL = 8  # 16 bits each of red, green, blue and alpha; hardly any picture file is larger
_CHUNK = 1 << 20
# Not bzip2 or LZMA: Python unpacks a chunk of those at once, whatever its size.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What Python's reader raises for damaged or unusual files. It raises RuntimeError for a password and
# NotImplementedError, a subclass, for an unknown compression method.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, LookupError, OverflowError)


class NestedArchive(PlainError):
    """An archive in a ZIP file."""

    plain = mark("This is an archive within the ZIP file. Unpack the ZIP file, and add the archive by itself.")


class FilmInAlbum(PlainError):
    """A film among photographs."""

    plain = mark("This is a film. Open it in the Film tab.")


@dataclass(frozen=True)
class Member:
    """A file in a ZIP file.

    `name`: safe to use below any folder. `checksum`: its CRC-32, as the ZIP file says. `kind`: of its content.
    `refusal`: why it cannot be coloured, or None.
    """

    archive: Path
    index: int
    name: PurePosixPath
    size: int
    checksum: int
    kind: Kind
    refusal: ColorizerError | None = None

    def read(self) -> bytes:
        """Content of the file. Raises InvalidArchive if it is damaged or was refused."""
        if self.refusal:
            raise InvalidArchive(str(self.refusal)) from self.refusal
        with _open_archive(self.archive) as archive, archive.open(archive.infolist()[self.index]) as file:
            data = b"".join(iter(lambda: file.read(_CHUNK), b""))
        if len(data) != self.size:
            raise InvalidArchive(f"expected {self.size} bytes, as the ZIP file says, got {len(data)}")
        return data


def list_members(
    path: Path,
    *,
    max_files: int = DEFAULT_MAX_FILES,
    max_bytes: int = DEFAULT_MAX_BYTES,
    max_pixels: int = images.DEFAULT_MAX_PIXELS,
) -> list[Member]:
    """List the files of a ZIP file in their order, unpacking only their first bytes. Leftovers of systems are skipped.

    A member is refused, and the others are kept, if it is encrypted, is no picture by its content, or is larger than a
    picture of `max_pixels` can be. Raises InvalidArchive if the file is not a ZIP file or is damaged, or
    if it holds more than `max_files` pictures or more than `max_bytes` of pictures, unpacked.
    """
    with _open_archive(path) as archive:
        infos = archive.infolist()
        if len(infos) > _MAX_ENTRIES:
            raise InvalidArchive(f"expected a ZIP file of at most {_MAX_ENTRIES} entries, got {len(infos)}")
        members = [
            _make_member(path, archive, index, name, max_pixels)
            for index, name in enumerate(decode_names(infos))
            if not _is_folder_or_leftover(name)
        ]
    photos = [member for member in members if not member.refusal]
    if len(photos) > max_files:
        raise InvalidArchive(
            f"expected a ZIP file with at most {max_files} pictures, got {len(photos)}", problem=Problem.TOO_MANY
        )
    if (size := sum(member.size for member in photos)) > max_bytes:
        raise InvalidArchive(
            f"expected pictures of at most {format_size(max_bytes)} in a ZIP file, got {format_size(size)}",
            problem=Problem.TOO_LARGE,
        )
    return members


def safe_name(name: str) -> PurePosixPath:
    """Make an untrusted name safe to use below any folder: no root, drive, `..` or control characters, not too long."""
    printable = "".join(character if character.isprintable() else "_" for character in name)
    parts = [re.sub(r'[:*?"<>|]', "_", part).strip() for part in re.split(r"[/\\]", printable)]
    kept = [_shorten(part) for part in parts if part.strip(".")]
    return PurePosixPath(*kept) if kept else PurePosixPath("unnamed")


def _shorten(part: str) -> str:
    stem, ending = split_ending(part)
    return shorten(stem, LONGEST_NAME - len(ending)) + ending


@contextmanager
def _open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with _Bounded(path.open("rb", buffering=0)) as file, zipfile.ZipFile(file) as archive:
            yield archive
    except _DAMAGE as error:
        raise InvalidArchive(f"expected a complete ZIP file, got a damaged or unusual one ({error})") from error


class _Bounded(io.BufferedReader):
    """A file that refuses to read more at once than the largest allowed ZIP directory."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > _MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile(f"its directory has {format_size(size)}")
        return super().read(size)


def _is_folder_or_leftover(name: str) -> bool:
    return name.endswith(("/", "\\")) or is_leftover(PurePosixPath(name.replace("\\", "/")))


def _make_member(path: Path, archive: zipfile.ZipFile, index: int, name: str, max_pixels: int) -> Member:
    info = archive.infolist()[index]
    refusal, kind = _find_obstacle(info), kinds.UNKNOWN
    if refusal is None:
        kind = _read_kind(archive, info)
        refusal = _find_refusal(kind, name, info.file_size, max_pixels)
    return Member(path, index, safe_name(name), info.file_size, info.CRC, kind, refusal)


def _find_obstacle(info: zipfile.ZipInfo) -> ColorizerError | None:
    """Why a member cannot be unpacked."""
    if info.flag_bits & 1:
        return InvalidArchive(
            "expected a picture that can be read, got one protected by a password", problem=Problem.ENCRYPTED
        )
    if info.compress_type not in _METHODS:
        return InvalidArchive(
            "expected a picture compressed with Deflate or not at all, got one compressed by another method"
        )
    return None


def _read_kind(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Kind:
    try:
        with archive.open(info) as file:
            return kind_of(file.read(HEAD_BYTES))
    except _DAMAGE:  # reported when the member is read to be coloured
        return kinds.UNKNOWN


def _find_refusal(kind: Kind, name: str, size: int, max_pixels: int) -> ColorizerError | None:
    """Why a member of a kind is not read."""
    if kind in kinds.ARCHIVES:
        return NestedArchive("expected pictures in the ZIP file, got an archive in it: upload that archive separately")
    if refusal := refuse_kind(kind, name):
        return refusal
    largest = max_pixels * _BYTES_PER_PIXEL + _CHUNK
    if size <= largest:
        return None
    return ImageTooLarge(f"expected a picture of at most {format_size(largest)}, got {format_size(size)} unpacked")


def refuse_kind(kind: Kind, name: str) -> ColorizerError | None:
    """Why a file of a kind and name cannot be a photograph of an album."""
    if kinds.is_photo(kind, name):
        return None
    message = f"expected a {images.READABLE_TEXT} picture, got {kind}"
    if kind.medium is Medium.FILM:
        return FilmInAlbum(f"{message}, which the Film tab colours")
    return InvalidImage(message, problem=Problem.EMPTY if kind == kinds.EMPTY else Problem.OTHER_KIND)
