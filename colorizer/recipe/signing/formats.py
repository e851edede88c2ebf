"""The formats of files that hold a signature, among those that this program reads and writes."""

from __future__ import annotations

from io import BufferedIOBase
from types import MappingProxyType

from colorizer.errors import InvalidSetting
from colorizer.images.kinds import AVI, HEAD_BYTES, HEIC, MP4, kind_of

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
_READ_TYPES = MappingProxyType({HEIC: "image/heic", MP4: "video/mp4", AVI: "video/avi"})  # of originals alone


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
    return _READ_TYPES.get(kind) or next((_TYPES[ending] for ending in kind.endings if ending in _TYPES), None)
