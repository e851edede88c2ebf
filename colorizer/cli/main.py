"""The command line: `python -m colorizer FILE|FOLDER|PATTERN... -o OUT` and `python -m colorizer models [fetch NAME]`.

Exit status 0: all written, or there already. 1: some failed, each named on standard error. 2: bad arguments.
130: interrupted.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from colorizer import images
from colorizer.cli import models, videos
from colorizer.cli.arguments import care_of, encoding_of, make_parser
from colorizer.cli.batch import Report, Task, find_sources, is_pattern, run_tasks
from colorizer.errors import ColorizerError
from colorizer.images.atomic import write_whole
from colorizer.images.naming import colorized_name, photo_result_name, result_names
from colorizer.pipeline import Colorizer, load_colorizer
from colorizer.video import SUFFIXES as FILM_SUFFIXES
from colorizer.video import TARGET_SUFFIX

INTERRUPTED = 130  # as a shell has it: 128 and the number of the signal
_SUFFIXES = (*images.READABLE_SUFFIXES, *FILM_SUFFIXES)
_TARGET_SUFFIXES = (*images.SUFFIXES, TARGET_SUFFIX)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(format="%(message)s")
    if words[:1] == ["models"]:
        return models.run(words[1:])
    parser = make_parser()
    options = parser.parse_args(words)
    videos.check(parser, options)
    return _colour(parser, options)


def _colour(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    task, report = _single(parser, options), Report()
    tasks = [task] if task else _in_folder(parser, options, report)
    quiet = len(tasks) == 1 and not report.skipped
    for name in report.failed:
        _say_failed(name, report)
    try:
        _work_through(tasks, report, options, quiet=quiet)
    except (ColorizerError, OSError) as error:  # the model's own; those of a photo are in the report
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"interrupted: {report}", file=sys.stderr)
        return INTERRUPTED
    if not quiet:
        print(report)
    return 1 if report.failed else 0


def _single(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Task | None:
    """The one photo whose result is named too, which is written even where there is one; None if there are more."""
    source, output = Path(options.photos[0]), options.output
    if len(options.photos) > 1 or is_pattern(options.photos[0]) or source.is_dir() or output.is_dir():
        return None
    if not output.suffix:
        return None
    suffixes = (TARGET_SUFFIX,) if videos.is_film(source) else images.SUFFIXES
    if output.suffix.lower() not in suffixes:
        parser.error(f"expected an output ending in one of {', '.join(suffixes)}, got {output.name}")
    if output.resolve() == source.resolve():
        parser.error(f"expected an output other than the photo itself, got {output}")
    return Task(source, output)


def _in_folder(parser: argparse.ArgumentParser, options: argparse.Namespace, report: Report) -> list[Task]:
    """A task for each photo whose result is to go into the folder; what is wrong, or there already, is reported."""
    output: Path = options.output
    sources, wrong = find_sources(options.photos, suffixes=_SUFFIXES, recursive=options.recursive)
    if not output.is_dir() and (output.exists() or output.suffix.lower() in _TARGET_SUFFIXES):
        parser.error(f"expected a folder for {len(sources)} photos, got the file {output}")
    if options.hints and len(sources) > 1:
        parser.error(f"expected hints with one photo, whose places they name, got {len(sources)} photos")
    report.failed.update(wrong)
    names = result_names((source.name for source in sources), _result_name)
    tasks = [Task(source.path, output / name) for source, name in zip(sources, names, strict=True)]
    if options.overwrite:
        return tasks
    report.skipped += [task.target for task in tasks if task.target.exists()]
    skipped = set(report.skipped)
    return [task for task in tasks if task.target not in skipped]


def _result_name(name: str) -> str:
    return colorized_name(name, TARGET_SUFFIX) if videos.is_film(Path(name)) else photo_result_name(name)


def _work_through(tasks: list[Task], report: Report, options: argparse.Namespace, *, quiet: bool) -> None:
    if not tasks:
        return
    colorizer = load_colorizer(options.model, weights=options.weights)
    photos, films = videos.split(tasks)
    work = partial(_colour_file, colorizer, options)
    with tqdm(total=len(photos), unit="photo", disable=quiet or not photos) as bar:

        def done(task: Task) -> None:
            bar.update()
            _say_failed(str(task.source), report)

        run_tasks(photos, work, report, jobs=options.jobs, done=done)
    videos.colour_films(films, colorizer, options, report)


def _say_failed(name: str, report: Report) -> None:
    if name in report.failed:
        tqdm.write(f"{name}: {report.failed[name]}", file=sys.stderr)


def _colour_file(colorizer: Colorizer, options: argparse.Namespace, task: Task) -> None:
    coloured = colorizer.colorize_picture(
        images.decode(task.source.read_bytes()),
        strength=options.strength,
        vividness=options.vividness,
        warmth=options.warmth,
        hints=options.hints,
        care=care_of(options),
    )
    for note in (*coloured.notes, *images.not_kept(coloured, task.target.suffix)):
        tqdm.write(f"{task.source}: note: {note}", file=sys.stderr)
    write_whole(task.target, images.encode(coloured, task.target.suffix, encoding_of(options)))


def run() -> NoReturn:
    """The program itself: `main`, and its exit status to the shell."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended as by Ctrl-C: nothing half-written stays
    sys.exit(main())
