"""The command line: `python -m colorizer FILE|FOLDER|PATTERN... -o OUT` and `python -m colorizer models [fetch NAME]`.

Exit status 0: all written, or there already. 1: some failed, each named on standard error. 2: bad arguments.
130: interrupted.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tqdm import tqdm

from colorizer import __version__, images, models_command, video_command
from colorizer.batch import Report, Task, find_sources, is_pattern, result_names, run_tasks, write_whole
from colorizer.errors import ColorizerError
from colorizer.models import DEFAULT_MODEL, MODELS
from colorizer.pipeline import Colorizer, check_strength, check_vividness, load_colorizer
from colorizer.video import SUFFIXES as FILM_SUFFIXES
from colorizer.video import TARGET_SUFFIX

INTERRUPTED = 130  # as a shell has it: 128 and the number of the signal
DEFAULT_JOBS = 2
_SUFFIXES = (*images.SUFFIXES, *FILM_SUFFIXES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(format="%(message)s")
    if words[:1] == ["models"]:
        return models_command.run(words[1:])
    parser = _parser()
    options = parser.parse_args(words)
    video_command.check(parser, options)
    return _colour(parser, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m colorizer",
        description="Put colour into black-and-white photographs and films.",
        epilog="`python -m colorizer models` lists the models; `... models fetch NAME` downloads one.",
    )
    add = parser.add_argument
    add(
        "photos", nargs="+", metavar="PHOTO", help=f"{images.READABLE_TEXT}; a folder of them; a pattern, quoted or not"
    )
    add("-o", "--output", type=Path, required=True, metavar="OUT", help="a file for one photo, else a folder")
    add("-r", "--recursive", action="store_true", help="the folders in a folder too; OUT then has the same ones")
    add("--overwrite", action="store_true", help="write anew what is in the folder OUT; without it that is skipped")
    add("--jobs", type=_jobs, default=DEFAULT_JOBS, metavar="N", help="photos at a time; default %(default)s")
    add("--model", choices=MODELS, default=DEFAULT_MODEL)
    add("--weights", type=Path, metavar="FILE", help="a weights file for the model, anywhere on disk")
    strength, vividness = partial(_number, check_strength), partial(_number, check_vividness)
    add("--strength", type=strength, default=1.0, help="0 (grey) .. 1 (as predicted) .. 2; default 1")
    add("--vividness", type=vividness, default=0.0, help="0 (most faithful) .. 1 (most vivid); default 0")
    video_command.add_arguments(add, _number)
    add("--version", action="version", version=__version__)
    return parser


def _number(check: Callable[[float], None], text: str) -> float:
    try:
        value = float(text)
        check(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return value


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


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
    suffixes = (TARGET_SUFFIX,) if video_command.is_film(source) else images.SUFFIXES
    if output.suffix.lower() not in suffixes:
        parser.error(f"expected an output ending in one of {', '.join(suffixes)}, got {output.name}")
    if output.resolve() == source.resolve():
        parser.error(f"expected an output other than the photo itself, got {output}")
    return Task(source, output)


def _in_folder(parser: argparse.ArgumentParser, options: argparse.Namespace, report: Report) -> list[Task]:
    """A task for each photo whose result is to go into the folder; what is wrong, or there already, is reported."""
    output: Path = options.output
    sources, wrong = find_sources(options.photos, suffixes=_SUFFIXES, recursive=options.recursive)
    if not output.is_dir() and (output.exists() or output.suffix.lower() in _SUFFIXES):
        parser.error(f"expected a folder for {len(sources)} photos, got the file {output}")
    report.failed.update(wrong)
    names = result_names((source.name for source in sources), _result_name)
    tasks = [Task(source.path, output / name) for source, name in zip(sources, names, strict=True)]
    if options.overwrite:
        return tasks
    report.skipped += [task.target for task in tasks if task.target.exists()]
    skipped = set(report.skipped)
    return [task for task in tasks if task.target not in skipped]


def _result_name(name: str) -> str:
    if video_command.is_film(Path(name)):
        return images.colorized_name(name, TARGET_SUFFIX)
    return images.colorized_name(name, None if Path(name).suffix.lower() in images.SUFFIXES else ".png")


def _work_through(tasks: list[Task], report: Report, options: argparse.Namespace, *, quiet: bool) -> None:
    if not tasks:
        return
    colorizer = load_colorizer(options.model, weights=options.weights)
    photos, films = video_command.split(tasks)
    work = partial(_colour_file, colorizer, options)
    with tqdm(total=len(photos), unit="photo", disable=quiet or not photos) as bar:

        def done(task: Task) -> None:
            bar.update()
            _say_failed(str(task.source), report)

        run_tasks(photos, work, report, jobs=options.jobs, done=done)
    video_command.colour_films(films, colorizer, options, report)


def _say_failed(name: str, report: Report) -> None:
    if name in report.failed:
        tqdm.write(f"{name}: {report.failed[name]}", file=sys.stderr)


def _colour_file(colorizer: Colorizer, options: argparse.Namespace, task: Task) -> None:
    picture = images.decode(task.source.read_bytes())
    coloured = colorizer.colorize_picture(picture, strength=options.strength, vividness=options.vividness)
    write_whole(task.target, images.encode(coloured, task.target.suffix))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended as by Ctrl-C: nothing half-written stays
    sys.exit(main())
