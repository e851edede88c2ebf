"""The command line: `python -m colorizer FILE|FOLDER|PATTERN... -o OUT`, and the commands `models`, `recipe`, `again`.

Exit status 0: all written, or there already; files in a folder that are no photos or films are left out, each named on
standard error. 1: some failed, each named there too. 2: bad arguments. 130: interrupted.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from colorizer import images
from colorizer.cli import archive, models, recipe, shots, videos
from colorizer.cli.arguments import make_parser, make_photo_settings
from colorizer.cli.batch import BatchReport, Task, run_tasks
from colorizer.cli.checks import check_inputs, check_targets, photo_options
from colorizer.cli.console import INTERRUPTED, prepare_streams, printable, say
from colorizer.cli.directing import apply_project
from colorizer.cli.files import parse_with_files
from colorizer.cli.film_arguments import make_video_options
from colorizer.cli.film_formats import check_film_encoding, film_suffix
from colorizer.cli.geometry import find_geometry, make_geometry
from colorizer.cli.photos import colorize_photo, read_reference, write_uncertainty
from colorizer.cli.restoration import write_mask
from colorizer.cli.signing import make_credentials
from colorizer.cli.sources import Source, find_sources, is_pattern, named_source
from colorizer.edits.reference import Reference
from colorizer.errors import ColorizerError
from colorizer.images.kinds import Medium
from colorizer.images.naming import result_names
from colorizer.network.weights import file_sha256
from colorizer.pipeline import Colorizer, load_colorizer
from colorizer.recipe import PhotoSettings
from colorizer.video import TARGET_SUFFIXES

_TARGET_SUFFIXES = (*images.WRITABLE_SUFFIXES, *TARGET_SUFFIXES)
_COMMANDS = {
    "models": models.run,
    "recipe": recipe.run_recipe,
    "again": recipe.run_again,
    "archive": archive.run,
    "shots": shots.run_shots,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(format="%(message)s")
    if words and (command := _COMMANDS.get(words[0])) is not None:
        return command(words[1:])
    parser = make_parser()
    options, read_files = parse_with_files(parser, words)
    logging.getLogger("colorizer").setLevel(logging.DEBUG if options.debug else logging.NOTSET)
    apply_project(parser, options)
    options.read_files = read_files
    options.credentials = make_credentials(parser, options)
    try:
        make_video_options(options)
        make_geometry(options)
    except ValueError as error:
        parser.error(str(error))
    return _colorize(parser, options)


def _colorize(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    report = BatchReport()
    tasks = _plan_single(parser, options) or _plan_folder(parser, options, report)
    quiet = len(tasks) == 1 and not report.skipped and not report.left_out
    for name in (*report.left_out, *report.failed):
        _print_problem(name, report)
    try:
        _run_all(tasks, report, options, ignored=photo_options(parser, options), quiet=quiet)
    except (ColorizerError, OSError) as error:  # of the model; errors of single files are in the report
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(printable(f"interrupted: {report}"), file=sys.stderr)
        return INTERRUPTED
    if not quiet:
        print(printable(str(report)))
    return 1 if report.failed else 0


def _plan_single(parser: argparse.ArgumentParser, options: argparse.Namespace) -> list[Task]:
    """The task for one input with a named output file, which is replaced if it exists; empty for other arguments."""
    path, output = Path(options.photos[0]), options.output
    if len(options.photos) > 1 or is_pattern(options.photos[0]) or path.is_dir() or output.is_dir():
        return []
    if not output.suffix:
        return []
    source = named_source(path)
    suffixes = TARGET_SUFFIXES if source.medium is Medium.FILM else images.WRITABLE_SUFFIXES
    if output.suffix.lower() not in suffixes:
        parser.error(f"expected an output ending in one of {', '.join(suffixes)}, got {output.name}")
    if source.medium is Medium.FILM:
        check_film_encoding(parser, output.suffix, options)
    check_inputs(parser, options, [source])
    check_targets(parser, options, [source], [output])
    return [_make_task(source, output)]


def _plan_folder(parser: argparse.ArgumentParser, options: argparse.Namespace, report: BatchReport) -> list[Task]:
    """A task for each input whose result goes into the output folder. All else that was found is reported."""
    output: Path = options.output
    findings = find_sources(options.photos, recursive=options.recursive)
    sources = findings.sources
    if not output.is_dir() and (output.exists() or output.suffix.lower() in _TARGET_SUFFIXES):
        parser.error(f"expected a folder for {len(sources)} photos, got the file {output}")
    check_inputs(parser, options, sources)
    report.failed.update(findings.wrong)
    report.left_out.update(findings.left_out)
    if any(source.medium is Medium.FILM for source in sources):
        check_film_encoding(parser, film_suffix(options), options)
    names = result_names((source.name, _result_suffix(source, options)) for source in sources)
    tasks = [_make_task(source, output / name) for source, name in zip(sources, names, strict=True)]
    if not options.overwrite:
        report.skipped += [task.target for task in tasks if task.target.exists()]
        skipped = set(report.skipped)
        tasks = [task for task in tasks if task.target not in skipped]
    check_targets(parser, options, sources, [task.target for task in tasks])
    return tasks


def _result_suffix(source: Source, options: argparse.Namespace) -> str:
    return film_suffix(options) if source.medium is Medium.FILM else source.result_suffix


def _make_task(source: Source, target: Path) -> Task:
    return Task(source.path, target, source.medium is Medium.FILM, source.is_guess)


def _run_all(
    tasks: list[Task], report: BatchReport, options: argparse.Namespace, *, ignored: Sequence[str], quiet: bool
) -> None:
    """`ignored`: the options that do not act on films."""
    if not tasks:
        return
    colorizer = load_colorizer(options.model, weights=options.weights)
    photos = [task for task in tasks if not task.is_film]
    films = [task for task in tasks if task.is_film]
    settings, reference = make_photo_settings(options), None
    if options.reference and photos:
        reference = read_reference(options.reference, colorizer)
        settings = replace(settings, reference=file_sha256(options.reference))
    work = partial(_colorize_file, colorizer, options, settings, reference)
    with tqdm(total=len(photos), unit="photo", disable=quiet or not photos) as bar:

        def done(task: Task) -> None:
            bar.update()
            _print_problem(str(task.source), report)

        run_tasks(photos, work, report, jobs=options.jobs, done=done)
    videos.colorize_videos(films, colorizer, options, report, ignored)


def _print_problem(name: str, report: BatchReport) -> None:
    if problem := report.problem(name):
        say(name, problem)


def _colorize_file(
    colorizer: Colorizer,
    options: argparse.Namespace,
    settings: PhotoSettings,
    reference: Reference | None,
    task: Task,
) -> None:
    settings = replace(settings, geometry=find_geometry(task.source, options))
    colorize_photo(
        *(task.source, task.target, colorizer, settings),
        reference=reference,
        label=options.label,
        credentials=options.credentials,
    )
    if options.uncertainty:
        write_uncertainty(task.source, options.uncertainty, colorizer, settings)
    if options.save_mask:
        write_mask(task.source, options.save_mask, settings)


def run() -> NoReturn:
    """Run the command line as a program, and exit with its status."""
    prepare_streams()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # handled like Ctrl-C, so that no half-written file stays
    sys.exit(main())
