"""The formats of files that hold a signature, among those that this program reads and writes."""

from __future__ import annotations

from io import BufferedIOBase
from types import MappingProxyType

from colorizer.errors import InvalidSetting
from colorizer.images.kinds import HEAD_BYTES, Medium, kind_of

_TYPES = MappingProxyType(
    {
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".png": "image/png",
        ".tif": "image/tiff",
        ".tiff": "image/tiff",
        ".webp": "image/webp",
        ".avif": "image/avif",
        ".mp4": "video/mp4",
        ".mov": "video/quicktime",
    }
)
SIGNABLE_SUFFIXES = tuple(_TYPES)  # lower case, with the dot
_HEIC, _MP4, _AVI = "image/heic", "video/mp4", "video/avi"


def check_signable(suffix: str) -> None:
    """Raises InvalidSetting if a result with the ending `suffix` cannot hold a signature."""
    if suffix.lower() not in _TYPES:
        raise InvalidSetting(f"expected a format that holds a signature ({', '.join(_TYPES)}), got {suffix}")


def media_type(suffix: str) -> str:
    """The media type of a result with the ending `suffix`. Raises as `check_signable` does."""
    check_signable(suffix)
    return _TYPES[suffix.lower()]


def find_media_type(file: BufferedIOBase) -> str | None:
    """The media type of a file of any kind, by its content; None for kinds that hold no signature."""
    file.seek(0)
    kind = kind_of(file.read(HEAD_BYTES))
    file.seek(0)
    if kind.medium is Medium.PHOTO:
        return _HEIC if ".heic" in kind.endings else _TYPES.get(kind.endings[0])
    return {"an MP4 or QuickTime film": _MP4, "an AVI": _AVI}.get(kind.name)
