"""Shots, key frames, references and projects of films on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from colorizer.cli.console import printable, say
from colorizer.cli.film_times import ReadTimes, TypedKey, parse_key, place_time
from colorizer.cli.values import option_name
from colorizer.edits.restoration import Restoration
from colorizer.errors import ColorizerError, InvalidSetting
from colorizer.network.weights import file_sha256
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.film import FilmTimes, find_shots
from colorizer.video.directing.project import Project, find_pictures, read_project
from colorizer.video.directing.shot_lists import check_list_suffix, read_shot_list
from colorizer.video.directing.shots import Shots
from colorizer.video.types import VideoOptions

DIRECTING_OPTIONS = ("key", "shots", "project")  # each of one film
# What may stand beside --project, which says all else: the model's file, the part, and what does not change the film.
_BESIDE_PROJECT = {
    *("photos", "output", "recursive", "overwrite", "jobs", "debug", "project"),
    *("weights", "start", "end", "label", "sign_key", "sign_cert", "sign_timestamp"),
}


@dataclass(frozen=True)
class LoadedProject:
    """A project, and the files of its pictures by their SHA-256."""

    project: Project
    pictures: Mapping[str, Path]


@dataclass(frozen=True)
class FilmWork:
    """How a film is coloured, and the files of the stills for it by their SHA-256."""

    options: VideoOptions
    pictures: Mapping[str, Path]


def add_directing_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that `make_film_work` reads."""
    group.add_argument(
        "--key",
        type=parse_key,
        action="append",
        default=[],
        metavar="TIME=PICTURE",
        help="colour the frame at TIME (seconds, H:MM:SS or a time code) as PICTURE, a coloured still of it, or with "
        "hints in a JSON file, and carry the colours through its shot; may be given more than once",
    )
    group.add_argument(
        "--shots",
        type=_parse_list,
        metavar="FILE",
        help="a shot list, CSV or EDL, as `python -m colorizer shots FILM -o FILE` writes it; else shots are found "
        "where they matter: for --key, --levels and --crop-border",
    )
    group.add_argument(
        "--project",
        type=_parse_project,
        metavar="FILE",
        help="a project: shots, key frames and all settings of one film; `python -m colorizer shots FILM -o FILE.json` "
        "begins one",
    )


def _parse_list(text: str) -> Path:
    path = Path(text)
    try:
        check_list_suffix(path)
        path.open("rb").close()
    except (ColorizerError, OSError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return path


def _parse_project(text: str) -> LoadedProject:
    try:
        project = read_project(Path(text))
        return LoadedProject(project, find_pictures(project, Path(text).parent))
    except (ColorizerError, OSError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def apply_project(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Set the options that are needed before the film is read as the project has them.

    Ends with the parser's error for other options beside the project, which says all, and for key frames at one time.
    """
    try:
        Direction(keys=tuple(key.at(key.time) for key in options.key if not isinstance(key.time, str)))
    except ValueError as error:
        parser.error(str(error))
    if options.project is None:
        return
    names = sorted(vars(options).keys() - _BESIDE_PROJECT)
    changed = [name for name in names if getattr(options, name) != parser.get_default(name)]
    if changed:
        others = ", ".join(option_name(parser, options, name) for name in changed)
        parser.error(f"expected --project alone, which says all that makes the film, got {others} too")
    project: Project = options.project.project
    encoding = project.options.encoding
    options.model = project.model
    options.codec, options.bits, options.chroma = encoding.codec, encoding.bits, encoding.subsampling
    options.color_only = encoding.color_only


def make_film_work(source: Path, base: VideoOptions, options: argparse.Namespace, read_times: ReadTimes) -> FilmWork:
    """How a film is coloured. `base`: without its shots, key frames and reference. `read_times`: of the film.

    Raises InvalidSetting for a shot list that cannot be read and for times that make no sense in this film,
    InvalidVideo for such a film, OSError.
    """
    if options.project is not None:
        return _work_of_project(source, options.project, base)
    reference = "" if options.reference is None else file_sha256(options.reference)
    pictures = {typed.key.picture: typed.path for typed in options.key if typed.path is not None}
    if reference:
        pictures[reference] = options.reference
    direction = replace(base.direction, keys=_place_keys(options.key, read_times), reference=reference)
    if options.shots is not None:
        shots = read_shot_list(options.shots, read_times())
    elif direction.keys or direction.restoration != Restoration():
        shots = find_shots_with_bar(source, read_times())
    else:
        shots = ()
    return FilmWork(replace(base, direction=replace(direction, shots=shots)), pictures)


def _place_keys(typed: Iterable[TypedKey], read_times: ReadTimes) -> tuple[FilmKey, ...]:
    keys = tuple(key.at(place_time(key.time, read_times)) for key in typed)
    try:
        Direction(keys=keys)
    except ValueError as error:  # two of one time, one of them as a time code
        raise InvalidSetting(str(error)) from None
    return keys


def _work_of_project(source: Path, loaded: LoadedProject, base: VideoOptions) -> FilmWork:
    """The work of a project; the part and the label are those of the command line, where it names them."""
    project = loaded.project
    if project.film and project.film != file_sha256(source):
        say(str(source), "note: the project was made for another film")
    options = project.options
    if (base.start, base.end) != (0.0, None):
        options = replace(options, start=base.start, end=base.end)
    return FilmWork(replace(options, label=options.label and base.label), loaded.pictures)


def find_shots_with_bar(path: Path, times: FilmTimes) -> Shots:
    """Find the shots of a film with a progress bar. `times`: of the film. Raises InvalidVideo, OSError."""
    with tqdm(total=times.duration, unit="s", desc=printable(f"shots of {path.name}"), leave=False) as bar:
        bar.bar_format = (
            "{l_bar}{bar}| {n:.0f}/{total_fmt} s of film [{elapsed}<{remaining}]" if times.duration else None
        )
        return find_shots(path, progress=lambda seconds: _advance(bar, seconds))


def _advance(bar: tqdm[None], seconds: float) -> None:
    bar.update(max(0.0, seconds - bar.n))
