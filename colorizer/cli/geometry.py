"""Turning, straightening and cropping photographs on the command line."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path

from colorizer import images
from colorizer.cli.console import say
from colorizer.cli.values import AUTO, parse_crop, parse_number
from colorizer.edits.geometry import Geometry, check_angle
from colorizer.edits.print_finding import find_print
from colorizer.errors import InvalidSetting

GEOMETRY_OPTIONS = ("rotate", "straighten", "crop")


def add_geometry_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that `make_geometry` reads. They act in this order."""
    group.add_argument("--rotate", type=int, choices=(90, 180, 270), default=0, help="degrees clockwise")
    group.add_argument(
        "--straighten",
        type=partial(parse_number, check_angle),
        default=0.0,
        metavar="DEGREES",
        help="turn by -45 .. 45 degrees clockwise, and cut off the empty corners",
    )
    group.add_argument(
        "--crop",
        type=parse_crop,
        metavar="auto|L,T,R,B",
        help="auto: find the print on a table or a scanner's lid, straighten it, and cut off its border and what is "
        "around it; or the left, top, right and bottom of the part to keep, 0 .. 1",
    )


def make_geometry(options: argparse.Namespace) -> Geometry:
    """The geometry of all photographs, without what `--crop auto` finds in each.

    Raises InvalidSetting, which is a ValueError, for `--straighten` beside `--crop auto`, which straightens itself.
    """
    if options.crop == AUTO and options.straighten:
        raise InvalidSetting("expected --crop auto without --straighten, because it straightens the print, got both")
    geometry = Geometry(quarter_turns=options.rotate // 90, angle=options.straighten)
    return geometry if options.crop in (None, AUTO) else replace(geometry, crop=options.crop)


def find_geometry(source: Path, options: argparse.Namespace) -> Geometry:
    """The geometry of one photograph; says so if `--crop auto` finds no print. Raises what `images.decode` raises."""
    if options.crop != AUTO:
        return make_geometry(options)
    found = find_print(images.decode(source.read_bytes())).geometry
    if found == Geometry():
        say(str(source), "note: no print was found on a table or a lid, so nothing is cropped")
    return found.turned(options.rotate // 90)
