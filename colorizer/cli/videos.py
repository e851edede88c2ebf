"""Films on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from colorizer.cli.batch import BatchReport, Task
from colorizer.errors import FAILURES, error_text
from colorizer.frames.smoothing import DEFAULT_AMOUNT, check_amount
from colorizer.pipeline import Colorizer
from colorizer.video import VIDEO_SUFFIXES, Progress, VideoOptions, VideoResult, colorize_video


def add_arguments(add: Callable[..., Any], parse_number: Callable[[Callable[[float], None], str], float]) -> None:
    """Add what films alone know to a parser by its `add_argument`; `number` checks a float of the command line."""
    add("--start", type=_parse_seconds, default=0.0, metavar="TIME", help="films: begin there; seconds or H:MM:SS")
    add("--end", type=_parse_seconds, metavar="TIME", help="films: end there")
    smoothing = partial(parse_number, check_amount)
    add("--smoothing", type=smoothing, default=DEFAULT_AMOUNT, help="films: 0 (none) .. 1; default %(default)s")


def is_video(path: Path) -> bool:
    """Whether a file's name is a film's."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def split(tasks: Iterable[Task]) -> tuple[list[Task], list[Task]]:
    """The tasks that are photos, and those that are films."""
    kinds: tuple[list[Task], list[Task]] = ([], [])
    for task in tasks:
        kinds[is_video(task.source)].append(task)
    return kinds


def check(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Ends the program where a film's options do not go together."""
    try:
        _make_options(arguments)
    except ValueError as error:
        parser.error(str(error))


def _make_options(arguments: argparse.Namespace) -> VideoOptions:
    return VideoOptions(
        strength=arguments.strength,
        vividness=arguments.vividness,
        smoothing=arguments.smoothing,
        start=arguments.start,
        end=arguments.end,
    )


def colorize_videos(
    tasks: Iterable[Task], colorizer: Colorizer, arguments: argparse.Namespace, report: BatchReport
) -> None:
    """Colour one film after the other, for each keeps the whole computer busy, and say what came of it."""
    for task in tasks:
        try:
            result = _colorize_video(task, colorizer, _make_options(arguments))
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


def _parse_seconds(text: str) -> float:
    """`90`, `1:30` and `0:01:30` are the same."""
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 3 or not all(part >= 0 for part in parts):
        raise argparse.ArgumentTypeError(f"expected seconds or H:MM:SS, got {text!r}")
    return sum(part * unit for part, unit in zip(reversed(parts), (1, 60, 3600), strict=False))
