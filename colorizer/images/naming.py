"""File names of results."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path, PurePath

from colorizer.images.encoding import WRITABLE_SUFFIXES


def colorized_name(original: str, suffix: str | None = None) -> str:
    """`grandma.jpg` -> `grandma_colorized.jpg`. `suffix`: replaces the original suffix; None keeps it."""
    path = PurePath(original)
    return f"{path.stem}_colorized{suffix if suffix is not None else path.suffix}"


def photo_result_name(name: str) -> str:
    """The name of a photo's result: the same format, or PNG if we cannot write that format."""
    return colorized_name(name, None if Path(name).suffix.lower() in WRITABLE_SUFFIXES else ".png")


def result_names(names: Iterable[PurePath], result_name: Callable[[str], str]) -> list[PurePath]:
    """The names of the results of `names`, in the same order: each is in the folder of its source, and all differ.

    `result_name`: gives the result's file name for a source's file name. If two names would be equal, also on a file
    system that ignores case or Unicode normalization (`a.jpg` and `A.jpg`), the later ones are numbered:
    `a_2_colorized.jpg`.
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
    """A key that is equal for names that some file systems do not distinguish."""
    return unicodedata.normalize("NFC", str(name)).casefold()
