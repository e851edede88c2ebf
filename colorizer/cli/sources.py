"""Find the files to colour, and what kind of file each is."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from colorizer.errors import InvalidVideo
from colorizer.images.kinds import READABLE_SUFFIXES, UNKNOWN, UNMARKED, Kind, Medium, is_photo, read_kind
from colorizer.images.naming import is_leftover, is_result_name, photo_result_suffix
from colorizer.video import TARGET_SUFFIX, VIDEO_SUFFIXES
from colorizer.video.probe import find_video_stream, open_container


@dataclass(frozen=True)
class Source:
    """A file to colour.

    `name`: its path relative to the folder it was found in; the result gets its name from it. `kind`: of its content.
    `medium`: what it is taken for. `is_guess`: the user did not name it, and its name does not end like a photo's or a
    film's.
    """

    path: Path
    name: PurePath
    kind: Kind
    medium: Medium
    is_guess: bool = False

    @property
    def result_suffix(self) -> str:
        return TARGET_SUFFIX if self.medium is Medium.FILM else photo_result_suffix(self.name.name, self.kind)


@dataclass
class Findings:
    """`sources`: each file once. `wrong`: why a name stands for no files, or why a file or folder cannot be opened.
    `left_out`: why a file in a folder is not coloured."""

    sources: list[Source] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def find_sources(names: Iterable[str], *, recursive: bool = False) -> Findings:
    """Find the files that names of files, folders and patterns (`scans/*.jpg`) stand for.

    In a folder (with `recursive`, also in its subfolders), photos and films are found by their content. The other
    files are left out: hidden ones, those that systems leave, and results of an earlier run silently. A file that is
    named or matched is always included, even if it does not exist; it then fails on its own later.
    """
    findings = Findings()
    found: dict[Path, Source] = {}
    for name in names:
        sources = list(_match_sources(name, recursive, findings))
        if not sources:
            findings.wrong.setdefault(name, "expected photos or films, found none")
        for source in sources:
            found.setdefault(source.path.resolve(), source)
    findings.sources += found.values()
    return findings


def is_pattern(name: str) -> bool:
    """Whether a name is a pattern. A name with brackets may also be that of an existing file."""
    return glob.has_magic(name) and not Path(name).exists()


def named_source(path: Path) -> Source:
    """The source for a file that the user named. It is a photo where nothing tells that it is a film."""
    try:
        kind = read_kind(path)
    except OSError:  # reported when the file is read to be coloured
        kind = UNKNOWN
    source = _make_source(path, PurePath(path.name), kind)
    if source.medium is Medium.OTHER:
        is_film = path.suffix.lower() in VIDEO_SUFFIXES
        source = replace(source, medium=Medium.FILM if is_film else Medium.PHOTO)
    return source


def _match_sources(name: str, recursive: bool, findings: Findings) -> Iterator[Source]:
    # Not Path.glob, which rejects absolute patterns and, unlike a shell, matches hidden files.
    matches = sorted(glob.glob(name, recursive=True)) if is_pattern(name) else [name]  # noqa: PTH207
    for path in map(Path, matches):
        if path.is_dir():
            yield from _walk_folder(path, recursive, findings)
        else:
            yield named_source(path)


def _walk_folder(top: Path, recursive: bool, findings: Findings) -> Iterator[Source]:
    def report_unreadable(error: OSError) -> None:
        findings.wrong[str(error.filename)] = str(error)

    for folder, folders, files in os.walk(top, onerror=report_unreadable):
        folders[:] = sorted(each for each in folders if recursive and not is_leftover(PurePath(each)))
        for path in (Path(folder, file) for file in sorted(files)):
            if not is_leftover(PurePath(path.name)) and not is_result_name(path.name):
                yield from _examine(path, path.relative_to(top), findings)


def _examine(path: Path, name: PurePath, findings: Findings) -> Iterator[Source]:
    """The source for a file in a folder, unless it is left out."""
    if not path.is_file():
        findings.left_out[str(path)] = "a link to nothing, or a device"
        return
    try:
        source = _make_source(path, name, read_kind(path))
    except OSError as error:
        findings.wrong[str(path)] = str(error)
        return
    if source.medium is Medium.OTHER:
        findings.left_out[str(path)] = f"{source.kind}, which cannot be read"
        return
    yield replace(source, is_guess=path.suffix.lower() not in (*READABLE_SUFFIXES, *VIDEO_SUFFIXES))


def _make_source(path: Path, name: PurePath, kind: Kind) -> Source:
    """A file without a signature is what its ending says: if it is damaged, this is told when it is read."""
    medium = kind.medium
    if is_photo(kind, path.name):
        medium = Medium.PHOTO
    elif kind in UNMARKED and (path.suffix.lower() in VIDEO_SUFFIXES or (kind == UNKNOWN and _opens_as_film(path))):
        medium = Medium.FILM
    return Source(path, name, kind, medium)


def _opens_as_film(path: Path) -> bool:
    """Whether FFmpeg finds moving pictures in a file. Its demuxers of single pictures do not count."""
    try:
        with open_container(path) as container:
            find_video_stream(container, path)
            return container.format.name != "image2" and not container.format.name.endswith("_pipe")
    except (InvalidVideo, OSError):
        return False
