"""Names of results."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path, PurePath

from colorizer.images.encoding import WRITABLE_SUFFIXES


def colorized_name(original: str, suffix: str | None = None) -> str:
    """`grandma.jpg` -> `grandma_colorized.jpg`; the same ending unless `suffix` names another."""
    path = PurePath(original)
    return f"{path.stem}_colorized{suffix if suffix is not None else path.suffix}"


def photo_result_name(name: str) -> str:
    """The name of a photo's result: of the same kind, or PNG where that is none that we write."""
    return colorized_name(name, None if Path(name).suffix.lower() in WRITABLE_SUFFIXES else ".png")


def result_names(names: Iterable[PurePath], result_name: Callable[[str], str]) -> list[PurePath]:
    """A name for the result of each: what `result_name` says, in the same folder, no two alike.

    Where two would be (`a.jpg` of two folders, `a.jpg` and `A.jpg` on a file system that takes them for one), the later
    are numbered: `a_2_colorized.jpg`.
    """
    taken: set[str] = set()
    next_numbers: dict[str, Iterator[int]] = {}
    results = []
    for name in names:
        result = name.with_name(result_name(name.name))
        numbers = next_numbers.setdefault(_fold_case(result), count(2))
        while _fold_case(result) in taken:
            result = name.with_name(result_name(f"{name.stem}_{next(numbers)}{name.suffix}"))
        taken.add(_fold_case(result))
        results.append(result)
    return results


def _fold_case(name: PurePath) -> str:
    """The same for names that some file system takes for one."""
    return unicodedata.normalize("NFC", str(name)).casefold()
