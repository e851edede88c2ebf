"""The project of a film as a file, `film.json`: all that makes the film again, on the page or on the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from colorizer.errors import InvalidRecipe
from colorizer.images.atomic import write_whole
from colorizer.network.registry import DEFAULT_MODEL
from colorizer.network.weights import file_sha256
from colorizer.recipe.plain import from_plain, read_document, to_plain
from colorizer.video.directing.timecode import is_timecode, read_seconds
from colorizer.video.types import VideoOptions

FORMAT = 1  # of the JSON document
MAX_BYTES = 20_000_000  # of a document; a shot takes about 100, a correction 100
PROJECT_SUFFIX = ".json"
_TIMES = ("seconds", "start", "end")  # the names of all times in a project


@dataclass(frozen=True, kw_only=True)
class Project:
    """The work on one film.

    `options`: how it is coloured, with its shots and key frames. `model`: by name. `film`: the SHA-256 of the film's
    file; empty: not known. `pictures`: for the SHA-256 of each coloured still, the path of its file from the project's
    folder, divided by slashes.
    """

    options: VideoOptions = field(default_factory=VideoOptions)
    model: str = DEFAULT_MODEL
    film: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)
    project: int = FORMAT

    def to_json(self) -> str:
        """The document, which `from_json` reads. Equal projects have equal documents."""
        return json.dumps(to_plain(self), indent=1, sort_keys=True, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Project:
        """The project of a document. Raises InvalidRecipe for what is none, and for one of a later format.

        Its times are seconds, or texts such as "1:02:03.5", as people write them into it.
        """
        document = read_document(text, "project", FORMAT, MAX_BYTES)
        _read_times(document, "project")
        return from_plain(cls, document, "project")


def read_project(path: Path) -> Project:
    """The project in a file. Raises InvalidRecipe, OSError."""
    with path.open("rb") as file:
        return Project.from_json(file.read(MAX_BYTES + 1))


def write_project(path: Path, project: Project, pictures: Mapping[str, Path]) -> None:
    """Write a project atomically, with the way from its folder to each picture that it needs.

    `pictures`: files by their SHA-256. Raises KeyError for a picture that is missing there, OSError.
    """
    folder = path.parent.resolve()
    ways = {name: _way(pictures[name], folder) for name in project.options.direction.pictures()}
    write_whole(path, replace(project, pictures=ways).to_json().encode())


def find_pictures(project: Project, folder: Path) -> dict[str, Path]:
    """The files of a project's pictures by their SHA-256. `folder`: of the project.

    A picture that is not where its path leads may lie beside the project instead, under its own name.
    Raises InvalidRecipe for a picture that has no path, or is not there or another file than it was.
    """
    found = {}
    for name in project.options.direction.pictures():
        if name not in project.pictures:
            raise InvalidRecipe(f"expected the path of the picture {name} in the project, got none")
        way = project.pictures[name].replace("\\", "/")
        places = [folder / way, folder / PurePosixPath(way).name]
        path = next((place for place in places if _digest(place) == name), None)
        if path is None:
            digest = _digest(places[0])
            got = "no such file" if digest is None else f"a file with {digest}"
            raise InvalidRecipe(f"expected {places[0]} with the SHA-256 {name}, as in the project, got {got}")
        found[name] = path
    return found


def _read_times(value: Any, place: str) -> None:
    """Replace the times within a value of JSON that are texts by their seconds. Raises InvalidRecipe."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        inner = f"{place}[{key}]" if isinstance(key, int) else f"{place}.{key}"
        if isinstance(each, dict | list):
            _read_times(each, inner)
        elif key in _TIMES and isinstance(each, str):
            try:
                value[key] = _seconds_of(each)
            except ValueError as error:
                raise InvalidRecipe(f"{inner}: {error}") from None


def _seconds_of(text: str) -> float:
    if is_timecode(text):  # a project is read before its film
        raise ValueError(f"expected seconds or H:MM:SS with a fraction, got the time code {text!r}")
    return read_seconds(text)


def _digest(path: Path) -> str | None:
    """The SHA-256 of a file; None if it cannot be read."""
    try:
        return file_sha256(path)
    except (OSError, ValueError):  # a ValueError for a name that no file can have
        return None


def _way(path: Path, folder: Path) -> str:
    """The path from a folder, which may lead up; that of a file on another drive of Windows is absolute."""
    try:
        return Path(os.path.relpath(path.resolve(), folder)).as_posix()
    except ValueError:
        return path.resolve().as_posix()
