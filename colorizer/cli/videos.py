"""Films on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from colorizer.cli.arguments import make_video_options
from colorizer.cli.batch import BatchReport, Task
from colorizer.errors import FAILURES, error_text
from colorizer.pipeline import Colorizer
from colorizer.video import VIDEO_SUFFIXES, Progress, VideoOptions, VideoResult, colorize_video


def is_video(path: Path) -> bool:
    """Whether a file's name is a film's."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def split(tasks: Iterable[Task]) -> tuple[list[Task], list[Task]]:
    """The tasks that are photos, and those that are films."""
    kinds: tuple[list[Task], list[Task]] = ([], [])
    for task in tasks:
        kinds[is_video(task.source)].append(task)
    return kinds


def colorize_videos(
    tasks: Iterable[Task], colorizer: Colorizer, arguments: argparse.Namespace, report: BatchReport
) -> None:
    """Colour one film after the other, for each keeps the whole computer busy, and say what came of it."""
    for task in tasks:
        try:
            result = _colorize_video(task, colorizer, make_video_options(arguments))
        except FAILURES as error:
            report.failed[str(task.source)] = error_text(error)
            _report_line(task, report.failed[str(task.source)])
        else:
            report.written.append(task.target)
            for note in result.notes:
                _report_line(task, note)


def _colorize_video(task: Task, colorizer: Colorizer, options: VideoOptions) -> VideoResult:
    with tqdm(unit="frame", desc=task.source.name, leave=False) as bar:

        def progress(report: Progress) -> None:
            total = max(report.expected_frames, report.frames)
            if total != bar.total:
                bar.total = total
                bar.refresh()
            bar.update(report.frames - bar.n)

        return colorize_video(task.source, task.target, colorizer, options, progress=progress)


def _report_line(task: Task, message: str) -> None:
    tqdm.write(f"{task.source}: {message}", file=sys.stderr)
