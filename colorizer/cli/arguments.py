"""The arguments of the command line, and the library's options made from them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from colorizer import images
from colorizer.cli.color_arguments import add_color_options, make_look
from colorizer.cli.film_arguments import add_film_options
from colorizer.cli.geometry import add_geometry_options
from colorizer.cli.restoration import (
    add_restoration_options,
    add_save_mask_option,
    make_restoration,
)
from colorizer.cli.signing import add_sign_options
from colorizer.cli.values import (
    parse_caption,
    parse_jobs,
    parse_quality,
    parse_subsampling,
)
from colorizer.images import EncodeOptions
from colorizer.network.registry import DEFAULT_MODEL, MODELS
from colorizer.recipe import PhotoSettings
from colorizer.version import __version__

# A photo leaves cores idle while its file is decoded and encoded. More photos at a time need more memory.
DEFAULT_JOBS = min(os.cpu_count() or 1, 4)
PLACE_OPTIONS = ("hints", "repair_mask", "repair_keep")  # those of `add_photo_options` that name places in one photo
_DEFAULTS = EncodeOptions()


def make_parser() -> argparse.ArgumentParser:
    """The parser of everything but `models`."""
    parser = argparse.ArgumentParser(
        prog="python -m colorizer",
        description="Put colour into black-and-white photographs and films.",
        epilog="`python -m colorizer models` lists the models; `... models fetch NAME` downloads one. "
        "`... shots FILM -o FILE` finds the shots of a film. "
        "`... recipe FILE` prints how a result was made, `... again ORIGINAL --recipe FILE -o OUT` makes it again.",
    )
    add = parser.add_argument
    add(
        "photos",
        nargs="+",
        metavar="FILE",
        help=f"{images.READABLE_TEXT}; a film; a folder of them; a pattern, quoted or not",
    )
    add("-o", "--output", type=Path, required=True, metavar="OUT", help="a file for a single input, else a folder")
    add("-r", "--recursive", action="store_true", help="also the folders in a folder; OUT gets the same structure")
    add(
        "--overwrite",
        action="store_true",
        help="replace results that exist in OUT; by default they are skipped",
    )
    add(
        "--jobs",
        type=parse_jobs,
        default=DEFAULT_JOBS,
        metavar="N",
        help="photos at a time; default: one a core, at most 4",
    )
    add_photo_options(parser)
    add_geometry_options(parser.add_argument_group("geometry of photographs"))
    add(
        "--reference",
        type=Path,
        metavar="FILE",
        help="a colour photo of the same scene or of like things, to take colours from; for all photos and films",
    )
    add(
        "--uncertainty",
        type=Path,
        metavar="FILE",
        help="write a picture of one photo that shows where the model does not know the colours",
    )
    add_save_mask_option(parser)
    add_sign_options(parser.add_argument_group("signatures"))
    add_film_options(parser.add_argument_group("films"))
    add("--debug", action="store_true", help="for reports of unexpected errors: show where they come from")
    add("--version", action="version", version=__version__)
    return parser


def add_photo_options(parser: argparse.ArgumentParser) -> None:
    """Add what makes the result of a photograph: the model, and all that `make_photo_settings` reads."""
    parser.add_argument("--model", choices=MODELS, default=DEFAULT_MODEL)
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a weights file for the model, anywhere on disk")
    add_color_options(parser.add_argument_group("colour"))
    add_restoration_options(parser.add_argument_group("old photographs"))
    _add_files(parser.add_argument_group("files"))


def _add_files(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--quality",
        type=parse_quality,
        default=_DEFAULTS.quality,
        help="of JPEG and WebP, 1 .. 100; default %(default)s",
    )
    group.add_argument(
        "--subsampling",
        type=parse_subsampling,
        default=_DEFAULTS.subsampling,
        help="of the colour in JPEG: 4:4:4, 4:2:2 or 4:2:0; default %(default)s",
    )
    add_label_option(group)
    group.add_argument(
        "--caption",
        type=parse_caption,
        default="",
        metavar="TEXT",
        help='write TEXT in a border below a photo, for example "Colours added by a program"',
    )


def add_label_option(group: argparse._ActionsContainer) -> None:
    """Add the switch for files without the label; `label` is True without it."""
    group.add_argument(
        "--no-label",
        dest="label",
        action="store_false",
        help="do not note in the files that their colours are made by a program, and how",
    )


def make_photo_settings(options: argparse.Namespace) -> PhotoSettings:
    """The settings of photographs."""
    return PhotoSettings(
        look=make_look(options),
        hints=tuple(options.hints),
        restoration=make_restoration(options),
        encoding=EncodeOptions(options.quality, options.subsampling),
        variant=options.variant,
        caption=options.caption,
    )
