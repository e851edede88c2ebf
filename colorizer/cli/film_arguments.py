"""The arguments for films, and the library's options made from them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial

from colorizer.cli.color_arguments import make_look
from colorizer.cli.directing import add_directing_options
from colorizer.cli.film_formats import add_format_options, make_encoding
from colorizer.cli.film_repair import add_repair_options, make_repair
from colorizer.cli.film_times import ReadTimes, parse_time, place_time
from colorizer.cli.values import parse_number
from colorizer.edits.restoration import Restoration
from colorizer.errors import InvalidSetting
from colorizer.frames.smoothing import DEFAULT_AMOUNT, check_amount
from colorizer.video.directing.direction import Direction
from colorizer.video.types import VideoOptions

RESTORATION_OF_FILMS = ("levels", "crop_border")  # of that of photographs: what the grey of a film's frames has


def add_film_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that act on films alone."""
    add = group.add_argument
    add("--start", type=parse_time, default=0.0, metavar="TIME", help="begin there; seconds, H:MM:SS or a time code")
    add("--end", type=parse_time, metavar="TIME", help="end there")
    smoothing = partial(parse_number, check_amount)
    add("--smoothing", type=smoothing, default=DEFAULT_AMOUNT, help="0 (none) .. 1; default %(default)s")
    add_directing_options(group)
    add_repair_options(group)
    add_format_options(group)


def make_film_options(options: argparse.Namespace, read_times: ReadTimes) -> VideoOptions:
    """The options for one film, but for its shots and key frames. `read_times`: of it.

    Raises InvalidSetting if `--start` and `--end` do not go together in this film, and what `read_times` raises.
    """
    start = place_time(options.start, read_times)
    end = None if options.end is None else place_time(options.end, read_times)
    try:
        return replace(make_video_options(options), start=start, end=end)
    except ValueError as error:
        raise InvalidSetting(str(error)) from None


def make_video_options(options: argparse.Namespace) -> VideoOptions:
    """The options for all films; time codes count as no part.

    Raises ValueError if `--start` and `--end` do not go together.
    """
    has_code = isinstance(options.start, str) or isinstance(options.end, str)
    start, end = (0.0, None) if has_code else (options.start, options.end)
    restoration = Restoration(levels=options.levels, crop_border=options.crop_border)
    return VideoOptions(
        *(make_look(options), options.smoothing, start, end, options.label),
        repair=make_repair(options),
        encoding=make_encoding(options),
        direction=Direction(restoration=restoration),
    )
