"""Films on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from colorizer.cli.arguments import make_video_options, photo_options
from colorizer.cli.batch import BatchReport, Task
from colorizer.cli.console import printable, say
from colorizer.pipeline import Colorizer
from colorizer.video import Progress, VideoOptions, colorize_video


def colorize_videos(
    tasks: Iterable[Task], colorizer: Colorizer, arguments: argparse.Namespace, report: BatchReport
) -> None:
    """Colour one film after the other, for each keeps the whole computer busy, and say what came of it."""
    ignored = photo_options(arguments)

    def work(task: Task) -> None:
        _colorize_video(task, colorizer, arguments)
        if ignored:
            say(str(task.source), f"these options do not act on films: {', '.join(ignored)}")

    for task in tasks:
        report.attempt(work, task)
        if problem := report.problem(str(task.source)):
            say(str(task.source), problem)


def _colorize_video(task: Task, colorizer: Colorizer, arguments: argparse.Namespace) -> None:
    colorize_film(task.source, task.target, colorizer, make_video_options(arguments))


def colorize_film(source: Path, target: Path, colorizer: Colorizer, options: VideoOptions) -> None:
    """Colour a film with a progress bar, and say what its result does not keep."""
    with tqdm(unit="frame", desc=printable(source.name), leave=False) as bar:

        def progress(report: Progress) -> None:
            total = None if report.expected_frames is None else max(report.expected_frames, report.frames)
            if total != bar.total:
                bar.total = total
                bar.refresh()
            bar.update(report.frames - bar.n)

        result = colorize_video(source, target, colorizer, options, progress=progress)
    for note in result.notes:
        say(str(source), note)
