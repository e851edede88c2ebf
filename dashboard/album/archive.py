"""Read photographs from an untrusted ZIP file on disk, one at a time and within limits."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from colorizer import images
from colorizer.errors import InvalidArchive
from dashboard.server.settings import DEFAULT_MAX_BYTES, DEFAULT_MAX_FILES

_MAX_DIRECTORY_BYTES = 8_000_000  # of the ZIP directory, because Python creates a large object for each entry
_MAX_ENTRIES = 10_000  # of any kind
_BYTES_PER_PIXEL = 8  # 16 bits each of red, green, blue and alpha; hardly any picture file is larger
_CHUNK = 1 << 20
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_LEFTOVERS = {"thumbs.db", "desktop.ini"}  # of Windows; those of macOS are hidden files or lie in __MACOSX
# Not bzip2 or LZMA: Python unpacks a chunk of those at once, whatever its size.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LONGEST_NAME = 150  # characters; file systems allow 255 bytes, and the result's name is longer than the photo's

# What Python's reader raises for damaged or unusual files. It raises RuntimeError for a password and
# NotImplementedError, a subclass, for an unknown compression method.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, LookupError, OverflowError)


@dataclass(frozen=True)
class Member:
    """A file in a ZIP file. `name`: safe to use below any folder. `refusal`: why it cannot be coloured, or ""."""

    archive: Path
    index: int
    name: PurePosixPath
    size: int
    refusal: str = ""

    def read(self) -> bytes:
        """Content of the file. Raises InvalidArchive if it is damaged or was refused."""
        if self.refusal:
            raise InvalidArchive(self.refusal)
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
    """List the files of a ZIP file in their order, without unpacking them. Files added by a system are skipped.

    A member is refused, and the others are kept, if it is encrypted, is an archive, has no picture suffix, or is
    larger than a picture of `max_pixels` can be. Raises InvalidArchive if the file is not a ZIP file or is damaged, or
    if it holds more than `max_files` pictures or more than `max_bytes` of pictures, unpacked.
    """
    with _open_archive(path) as archive:
        infos = archive.infolist()
    if len(infos) > _MAX_ENTRIES:
        raise InvalidArchive(f"expected a ZIP file of at most {_MAX_ENTRIES} entries, got {len(infos)}")
    members = [
        _make_member(path, index, info, max_pixels) for index, info in enumerate(infos) if not _is_leftover(info)
    ]
    photos = [member for member in members if not member.refusal]
    if len(photos) > max_files:
        raise InvalidArchive(f"expected a ZIP file with at most {max_files} pictures, got {len(photos)}")
    if (size := sum(member.size for member in photos)) > max_bytes:
        raise InvalidArchive(
            f"expected pictures of at most {_megabytes(max_bytes)} in a ZIP file, got {_megabytes(size)}"
        )
    return members


def safe_name(name: str) -> PurePosixPath:
    """Make an untrusted name safe to use below any folder: no root, drive, `..` or control characters, not too long."""
    printable = "".join(character if character.isprintable() else "_" for character in name)
    parts = [re.sub(r'[:*?"<>|]', "_", part).strip() for part in re.split(r"[/\\]", printable)]
    kept = [_shorten(part) for part in parts if part.strip(".")]
    return PurePosixPath(*kept) if kept else PurePosixPath("unnamed")


def _shorten(part: str) -> str:
    if len(part) <= _LONGEST_NAME:
        return part
    suffix = PurePath(part).suffix[:10]
    return part[: _LONGEST_NAME - len(suffix)] + suffix


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
            raise zipfile.BadZipFile(f"its directory has {_megabytes(size)}")
        return super().read(size)


def _is_leftover(info: zipfile.ZipInfo) -> bool:
    *folders, name = PurePosixPath(info.filename.replace("\\", "/")).parts or ("",)
    return info.is_dir() or name.startswith(".") or name.lower() in _LEFTOVERS or "__MACOSX" in folders


def _make_member(path: Path, index: int, info: zipfile.ZipInfo, max_pixels: int) -> Member:
    return Member(path, index, safe_name(info.filename), info.file_size, _find_refusal(info, max_pixels))


def _find_refusal(info: zipfile.ZipInfo, max_pixels: int) -> str:
    suffix = PurePath(info.filename).suffix.lower()
    if suffix in _ARCHIVES:
        return "expected pictures in the ZIP file, got an archive in it: upload that archive separately"
    if suffix not in images.READABLE_SUFFIXES:
        return f"expected a {images.READABLE_TEXT} picture, got a file ending in {suffix or 'nothing'}"
    if info.flag_bits & 1:
        return "expected a picture that can be read, got one protected by a password"
    if info.compress_type not in _METHODS:
        return "expected a picture compressed with Deflate or not at all, got one compressed by another method"
    largest = max_pixels * _BYTES_PER_PIXEL + _CHUNK
    if info.file_size > largest:
        return f"expected a picture of at most {_megabytes(largest)}, got {_megabytes(info.file_size)} unpacked"
    return ""


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
