"""Films on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from tqdm import tqdm

from colorizer.cli.batch import BatchReport, Task
from colorizer.cli.console import printable, say
from colorizer.cli.directing import make_film_work
from colorizer.cli.film_arguments import make_film_options
from colorizer.pipeline import Colorizer
from colorizer.recipe.signing import Credentials
from colorizer.video import Progress, VideoOptions, colorize_video
from colorizer.video.directing.film import read_times
from colorizer.video.directing.finished import discard_shots


def colorize_videos(
    tasks: Iterable[Task],
    colorizer: Colorizer,
    arguments: argparse.Namespace,
    report: BatchReport,
    ignored: Sequence[str],
) -> None:
    """Colour one film after the other, for each keeps the whole computer busy, and say what came of it.

    `ignored`: the options given that do not act on films.
    """

    def work(task: Task) -> None:
        _colorize_video(task, colorizer, arguments)
        if ignored:
            say(str(task.source), f"these options do not act on films: {', '.join(ignored)}")

    for task in tasks:
        report.attempt(work, task)
        if problem := report.problem(str(task.source)):
            say(str(task.source), problem)


def _colorize_video(task: Task, colorizer: Colorizer, arguments: argparse.Namespace) -> None:
    times = cache(partial(read_times, task.source))
    work = make_film_work(task.source, make_film_options(arguments, times), arguments, times)
    colorize_film(task.source, task.target, colorizer, work.options, work.pictures, arguments.credentials)


def colorize_film(
    source: Path,
    target: Path,
    colorizer: Colorizer,
    options: VideoOptions,
    pictures: Mapping[str, Path],
    credentials: Credentials | None = None,
) -> None:
    """Colour a film with a progress bar, and say what its result does not keep.

    The finished shots of a film with a list of shots lie beside `target` until the film is there. `pictures`: the files
    of its stills by their SHA-256. `credentials`: what it is signed with; None: it is not.
    """
    shots_folder = target.with_name(f".{target.name}.shots")
    with tqdm(unit="frame", desc=printable(source.name), leave=False) as bar:

        def progress(report: Progress) -> None:
            total = None if report.expected_frames is None else max(report.expected_frames, report.frames)
            if total != bar.total:
                bar.total = total
                bar.refresh()
            bar.update(report.frames - bar.n)

        try:
            result = colorize_video(
                *(source, target, colorizer, options),
                progress=progress,
                pictures=pictures,
                shots_folder=shots_folder,
                credentials=credentials,
            )
        except KeyboardInterrupt:
            if shots_folder.is_dir():
                say(str(source), "the finished shots are kept; the same command goes on with the others")
            raise
    discard_shots(shots_folder)
    for note in result.notes:
        say(str(source), note)
