"""The repair of films on the command line."""

from __future__ import annotations

import argparse
from functools import partial

from colorizer.cli.values import parse_number
from colorizer.frames.repair import FilmRepair
from colorizer.frames.repair.shot import check_deflicker


def add_repair_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that `make_repair` reads."""
    add = group.add_argument
    add("--remove-dust", action="store_true", help="fill dust and dirt: spots that are in one frame alone")
    add("--remove-scratches", action="store_true", help="fill vertical scratches that stay in their place")
    add(
        "--deflicker",
        action="store_const",
        const=1.0,
        default=0.0,
        help="even out a brightness that flickers; fades and cuts stay",
    )
    add(
        "--deflicker-amount",
        dest="deflicker",
        type=partial(parse_number, check_deflicker),
        metavar="AMOUNT",
        help="the same by 0 (not at all) .. 1 (all of it)",
    )
    add(
        "--steady",
        action="store_const",
        const="fill",
        default="off",
        help="take out shake; where a picture was moved from its edge, the outermost pixels are repeated",
    )
    add(
        "--steady-crop",
        dest="steady",
        action="store_const",
        const="crop",
        help="the same, with all pictures enlarged a little alike, so that no edge shows",
    )


def make_repair(options: argparse.Namespace) -> FilmRepair:
    """The repair of all films."""
    return FilmRepair(
        dust=options.remove_dust,
        scratches=options.remove_scratches,
        deflicker=options.deflicker,
        steady=options.steady,
    )
