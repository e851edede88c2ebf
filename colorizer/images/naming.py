"""File names of results."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import PurePath

from colorizer.images.encoding import WRITABLE_SUFFIXES
from colorizer.images.kinds import Kind

LONGEST_NAME = 255  # bytes, in the file systems of Linux; those of Windows and macOS count fewer than UTF-8 has
_LONGEST_RESULT = 245  # bytes; leaves room for the ending of a temporary file
_LONGEST_NUMBERED = 200  # bytes of a numbered stem, so that the result's name keeps the number
_MARK = "_colorized"
_ENDING = re.compile(r"\.(?!\d+$)[A-Za-z0-9]{1,8}")  # not that of `Picnic 12.5.1931` or `Portrait of J. Smith`

_LEFTOVER_NAMES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
_LEFTOVER_FOLDERS = {"__macosx", "@eadir", "$recycle.bin", "system volume information"}


def is_leftover(path: PurePath) -> bool:
    """Whether a system put a file there by itself, or hides it; `path`: relative to what the user chose."""
    name = path.name.lower()
    return (
        name.startswith(".") or name in _LEFTOVER_NAMES or any(part.lower() in _LEFTOVER_FOLDERS for part in path.parts)
    )


def split_ending(name: str) -> tuple[str, str]:
    """The stem and the ending of a file name; the ending is empty unless it looks like that of a kind of file."""
    path = PurePath(name)
    return (path.stem, path.suffix) if _ENDING.fullmatch(path.suffix) else (path.name, "")


def shorten(stem: str, room: int) -> str:
    """`stem`, or as many of its first characters as fit in `room` bytes of UTF-8."""
    stem = stem[:room]
    while len(stem.encode("utf-8", "surrogatepass")) > room:
        stem = stem[:-1]
    return stem


def colorized_name(original: str, suffix: str | None = None) -> str:
    """`grandma.jpg` -> `grandma_colorized.jpg`. `suffix`: replaces the original suffix; None keeps it.

    A stem is shortened where the result's name would be too long for a file system.
    """
    stem, ending = split_ending(original)
    end = _MARK + (ending if suffix is None else suffix)
    return shorten(stem, _LONGEST_RESULT - len(end.encode())) + end


def is_result_name(name: str) -> bool:
    """Whether a file's name is that of a result, also of one that was never completed (see `atomic`)."""
    return split_ending(name.removesuffix(".part"))[0].endswith(_MARK)


def photo_result_suffix(name: str, kind: Kind) -> str:
    """The suffix of a photo's result, for its `name` and the `kind` of its content.

    The format is the photo's own, or PNG if we cannot write that format. The suffix is the one in the name if that is
    one of the format's, or if the content does not tell the format; else it is the format's usual one.
    """
    suffix = split_ending(name)[1]
    for candidate in (suffix, *kind.endings[:1]):
        ending = candidate.lower()
        if ending in WRITABLE_SUFFIXES and (ending in kind.endings or not kind.endings):
            return candidate
    return ".png"


def result_names(sources: Iterable[tuple[PurePath, str]]) -> list[PurePath]:
    """The names of the results of `sources`, in the same order: each is in the folder of its source, and all differ.

    `sources`: the name of each, and the suffix of its result. If two names would be equal, also on a file system that
    ignores case or Unicode normalization (`a.jpg` and `A.jpg`), the later ones are numbered: `a_2_colorized.jpg`.
    """
    taken: set[str] = set()
    next_numbers: dict[str, Iterator[int]] = {}
    results = []
    for name, suffix in sources:
        result = name.with_name(colorized_name(name.name, suffix))
        numbers = next_numbers.setdefault(_fold_case(result), count(2))
        stem = shorten(split_ending(name.name)[0], _LONGEST_NUMBERED)
        while _fold_case(result) in taken:
            result = name.with_name(f"{stem}_{next(numbers)}{_MARK}{suffix}")
        taken.add(_fold_case(result))
        results.append(result)
    return results


def _fold_case(name: PurePath) -> str:
    """A key that is equal for names that some file systems do not distinguish."""
    return unicodedata.normalize("NFC", str(name)).casefold()
