"""Old photographs on the command line: repair, dots, fading, levels, borders."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from colorizer import images
from colorizer.cli.console import say
from colorizer.cli.values import parse_damage, parse_mask
from colorizer.edits.damage import KINDS
from colorizer.edits.restoration import Restoration, find_repairs
from colorizer.images.atomic import write_whole
from colorizer.picture import Picture
from colorizer.recipe import PhotoSettings

RESTORATION_OPTIONS = (
    "descreen",
    "repair",
    "repair_mask",
    "repair_keep",
    "save_mask",
    "unfade",
    "levels",
    "crop_border",
)


def add_restoration_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that `make_restoration` reads."""
    group.add_argument("--descreen", action="store_true", help="take out the dots of a picture from a newspaper")
    group.add_argument(
        "--repair",
        type=parse_damage,
        default=(),
        metavar="KINDS",
        help=f"find damage and fill it: one or more of {','.join(KINDS)}",
    )
    group.add_argument(
        "--repair-mask",
        type=parse_mask,
        metavar="FILE",
        help="a black picture of the size of one photo; where it is white, the photo is filled too",
    )
    group.add_argument(
        "--repair-keep",
        type=parse_mask,
        metavar="FILE",
        help="such a picture that is white where one photo is not filled, whatever --repair finds there",
    )
    group.add_argument("--unfade", action="store_true", help="take out a tint: sepia, yellowed paper, faded dyes")
    group.add_argument("--levels", action="store_true", help="make the darkest black and the lightest white")
    group.add_argument(
        "--crop-border", action="store_true", help="keep a light border from the network, not the picture"
    )


def add_save_mask_option(parser: argparse.ArgumentParser) -> None:
    """Add the option for `write_mask`."""
    parser.add_argument(
        "--save-mask",
        type=Path,
        metavar="FILE",
        help="write a picture of one photo that is white where --repair and --repair-mask fill it",
    )


def make_restoration(options: argparse.Namespace) -> Restoration:
    """The restoration of all photographs."""
    return Restoration(
        descreen=options.descreen,
        scratches="scratches" in options.repair,
        dust="dust" in options.repair,
        folds="folds" in options.repair,
        mask=options.repair_mask or "",
        kept=options.repair_keep or "",
        unfade=options.unfade,
        levels=options.levels,
        crop_border=options.crop_border,
    )


def write_mask(source: Path, target: Path, settings: PhotoSettings) -> None:
    """Write a picture that is white where a photograph is filled, and say how much that is.

    Raises what `images.decode` and `images.encode` raise, and InvalidSetting for a mask of other proportions.
    """
    picture = images.transform(images.decode(source.read_bytes()), settings.geometry)
    mask = find_repairs(picture.pixels, settings.restoration)
    write_whole(target, images.encode(Picture(mask.astype(np.uint8) * 255), target.suffix))
    say(str(target), f"{100 * mask.mean():.2f} % of the photo is filled")
