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
from colorizer.cli.arguments import make_encode_options, make_look, make_parser, make_restoration, make_video_options
from colorizer.cli.batch import BatchReport, Task, find_sources, is_pattern, run_tasks
from colorizer.errors import ColorizerError
from colorizer.images.atomic import write_whole
from colorizer.images.naming import colorized_name, photo_result_name, result_names
from colorizer.pipeline import Colorizer, load_colorizer
from colorizer.video import TARGET_SUFFIX, VIDEO_SUFFIXES

INTERRUPTED = 130  # 128 + the number of SIGINT, as in a shell
_INPUT_SUFFIXES = (*images.READABLE_SUFFIXES, *VIDEO_SUFFIXES)
_TARGET_SUFFIXES = (*images.WRITABLE_SUFFIXES, TARGET_SUFFIX)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(format="%(message)s")
    if words[:1] == ["models"]:
        return models.run(words[1:])
    parser = make_parser()
    options = parser.parse_args(words)
    try:
        make_video_options(options)
    except ValueError as error:
        parser.error(str(error))
    return _colorize(parser, options)


def _colorize(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    task, report = _plan_single(parser, options), BatchReport()
    tasks = [task] if task else _plan_folder(parser, options, report)
    quiet = len(tasks) == 1 and not report.skipped
    for name in report.failed:
        _print_failure(name, report)
    try:
        _run_all(tasks, report, options, quiet=quiet)
    except (ColorizerError, OSError) as error:  # of the model; errors of single files are in the report
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"interrupted: {report}", file=sys.stderr)
        return INTERRUPTED
    if not quiet:
        print(report)
    return 1 if report.failed else 0


def _plan_single(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Task | None:
    """The task for one input with a named output file, which is replaced if it exists; None for other arguments."""
    source, output = Path(options.photos[0]), options.output
    if len(options.photos) > 1 or is_pattern(options.photos[0]) or source.is_dir() or output.is_dir():
        return None
    if not output.suffix:
        return None
    suffixes = (TARGET_SUFFIX,) if videos.is_video(source) else images.WRITABLE_SUFFIXES
    if output.suffix.lower() not in suffixes:
        parser.error(f"expected an output ending in one of {', '.join(suffixes)}, got {output.name}")
    if output.resolve() == source.resolve():
        parser.error(f"expected an output other than the photo itself, got {output}")
    return Task(source, output)


def _plan_folder(parser: argparse.ArgumentParser, options: argparse.Namespace, report: BatchReport) -> list[Task]:
    """A task for each input whose result goes into the output folder. Wrong names and existing results are reported."""
    output: Path = options.output
    sources, wrong = find_sources(options.photos, suffixes=_INPUT_SUFFIXES, recursive=options.recursive)
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
    return colorized_name(name, TARGET_SUFFIX) if videos.is_video(Path(name)) else photo_result_name(name)


def _run_all(tasks: list[Task], report: BatchReport, options: argparse.Namespace, *, quiet: bool) -> None:
    if not tasks:
        return
    colorizer = load_colorizer(options.model, weights=options.weights)
    photos, films = videos.split(tasks)
    work = partial(_colorize_file, colorizer, options)
    with tqdm(total=len(photos), unit="photo", disable=quiet or not photos) as bar:

        def done(task: Task) -> None:
            bar.update()
            _print_failure(str(task.source), report)

        run_tasks(photos, work, report, jobs=options.jobs, done=done)
    videos.colorize_videos(films, colorizer, options, report)


def _print_failure(name: str, report: BatchReport) -> None:
    if name in report.failed:
        tqdm.write(f"{name}: {report.failed[name]}", file=sys.stderr)


def _colorize_file(colorizer: Colorizer, options: argparse.Namespace, task: Task) -> None:
    colorized = colorizer.colorize_picture(
        images.decode(task.source.read_bytes()),
        make_look(options),
        hints=options.hints,
        restoration=make_restoration(options),
    )
    for note in (*colorized.notes, *images.describe_losses(colorized, task.target.suffix)):
        tqdm.write(f"{task.source}: note: {note}", file=sys.stderr)
    write_whole(task.target, images.encode(colorized, task.target.suffix, make_encode_options(options)))


def run() -> NoReturn:
    """Run the command line as a program, and exit with its status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # handled like Ctrl-C, so that no half-written file stays
    sys.exit(main())
