"""The arguments for films, and the library's options made from them."""

from __future__ import annotations

import argparse
from functools import partial

from colorizer.cli.color_arguments import make_look
from colorizer.cli.directing import add_directing_options
from colorizer.cli.film_formats import add_format_options, make_encoding
from colorizer.cli.film_repair import add_repair_options, make_repair
from colorizer.cli.values import parse_number, parse_seconds
from colorizer.edits.restoration import Restoration
from colorizer.frames.smoothing import DEFAULT_AMOUNT, check_amount
from colorizer.video.directing.direction import Direction
from colorizer.video.types import VideoOptions

RESTORATION_OF_FILMS = ("levels", "crop_border")  # of that of photographs: what the grey of a film's frames has


def add_film_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that act on films alone."""
    add = group.add_argument
    add("--start", type=parse_seconds, default=0.0, metavar="TIME", help="begin there; seconds or H:MM:SS")
    add("--end", type=parse_seconds, metavar="TIME", help="end there")
    smoothing = partial(parse_number, check_amount)
    add("--smoothing", type=smoothing, default=DEFAULT_AMOUNT, help="0 (none) .. 1; default %(default)s")
    add_directing_options(group)
    add_repair_options(group)
    add_format_options(group)


def make_video_options(options: argparse.Namespace) -> VideoOptions:
    """The options for all films. Raises ValueError if `--start` and `--end` do not go together."""
    restoration = Restoration(levels=options.levels, crop_border=options.crop_border)
    return VideoOptions(
        *(make_look(options), options.smoothing, options.start, options.end, options.label),
        repair=make_repair(options),
        encoding=make_encoding(options),
        direction=Direction(restoration=restoration),
    )
