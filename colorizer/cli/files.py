"""The files that a command line names: what is read is never written over."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from colorizer.images.atomic import part_path

FILE = "FILE"  # the metavar of all options that name a file, but for that of a result, OUT
WRITTEN_OPTIONS = ("uncertainty", "save_mask")  # of these options, those whose file is written; all others are read


@dataclass(frozen=True)
class ReadFile:
    """A file that is read, and what it is to the user: `an input`, `the file for --reference`."""

    path: Path
    role: str


def parse_with_files(
    parser: argparse.ArgumentParser, words: Sequence[str]
) -> tuple[argparse.Namespace, list[ReadFile]]:
    """The parsed arguments, and the files that options name for reading.

    Many options keep what is in their file and not its name, so the names are noted while they are parsed.
    """
    found: list[ReadFile] = []
    for action in parser._actions:
        if names_file(action) and action.dest not in WRITTEN_OPTIONS:
            action.type = partial(_parse_and_note, action, action.type, found)
    return parser.parse_args(words), found


def names_file(action: argparse.Action) -> bool:
    """Whether the value of an option is the name of a file, by itself or behind a time (`TIME=FILE`)."""
    words = action.metavar if isinstance(action.metavar, str) else ""
    return bool(action.option_strings) and words.rpartition("=")[2] in (FILE, "PICTURE")


def _parse_and_note(action: argparse.Action, convert: Any, found: list[ReadFile], text: str) -> Any:
    name = text.partition("=")[2] if "=" in str(action.metavar) else text
    found.append(ReadFile(Path(name), f"the file for {action.option_strings[-1]}"))
    return convert(text)


def check_written(
    parser: argparse.ArgumentParser, written: Iterable[tuple[str, Path | None]], read: Iterable[ReadFile]
) -> None:
    """End with the parser's error if a file to write, named with its option, would replace one to read or another one.

    A file counts as the same under whatever name: by links, and by the name that it has while it is being written.
    """
    taken = {mark: file for file in read for mark in _marks(file.path)}
    for option, path in written:
        if path is None:
            continue
        for place in (path, part_path(path)):
            for mark in _marks(place) & taken.keys():
                parser.error(f"expected a file of its own for {option}, got {_clash(path, place, taken[mark])}")
        taken[path.resolve()] = ReadFile(path, f"the file for {option}")


def _marks(path: Path) -> set[Path | tuple[int, int]]:
    """What tells a file from all others: its path without links, and if it is there, its number on its device."""
    try:
        status = path.stat()
    except OSError:
        return {path.resolve()}
    return {path.resolve(), (status.st_dev, status.st_ino)}


def _clash(path: Path, place: Path, other: ReadFile) -> str:
    first = "" if place == path else f", first written as {place.name}"
    alias = "" if str(other.path) == str(place) else f", under the name {other.path}"
    return f"{path}{first}, which is {other.role}{alias}; choose another name"
