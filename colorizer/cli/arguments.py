"""The arguments of the command line, and the library's options made from them."""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path

from colorizer import images
from colorizer.cli.geometry import GEOMETRY_OPTIONS, add_geometry_options
from colorizer.cli.values import (
    parse_caption,
    parse_hints,
    parse_jobs,
    parse_number,
    parse_quality,
    parse_seconds,
    parse_subsampling,
    parse_variant,
)
from colorizer.edits.look import Look, check_strength, check_vividness, check_warmth
from colorizer.edits.restoration import Restoration
from colorizer.edits.variants import VARIANTS
from colorizer.frames.smoothing import DEFAULT_AMOUNT, check_amount
from colorizer.images import EncodeOptions
from colorizer.network.registry import DEFAULT_MODEL, MODELS
from colorizer.recipe import PhotoSettings
from colorizer.version import __version__
from colorizer.video.types import VideoOptions

# A photo leaves cores idle while its file is decoded and encoded. More photos at a time need more memory.
DEFAULT_JOBS = min(os.cpu_count() or 1, 4)
_DEFAULTS = EncodeOptions()


def make_parser() -> argparse.ArgumentParser:
    """The parser of everything but `models`."""
    parser = argparse.ArgumentParser(
        prog="python -m colorizer",
        description="Put colour into black-and-white photographs and films.",
        epilog="`python -m colorizer models` lists the models; `... models fetch NAME` downloads one. "
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
        help="a colour photo of the same scene or of like things, to take colours from; for all photos",
    )
    add(
        "--uncertainty",
        type=Path,
        metavar="FILE",
        help="write a picture of one photo that shows where the model does not know the colours",
    )
    _add_video_options(parser.add_argument_group("films"))
    add("--debug", action="store_true", help="for reports of unexpected errors: show where they come from")
    add("--version", action="version", version=__version__)
    return parser


def add_photo_options(parser: argparse.ArgumentParser) -> None:
    """Add what makes the result of a photograph: the model, and all that `make_photo_settings` reads."""
    parser.add_argument("--model", choices=MODELS, default=DEFAULT_MODEL)
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a weights file for the model, anywhere on disk")
    _add_color_options(parser.add_argument_group("colour"))
    _add_restoration_options(parser.add_argument_group("old photographs"))
    _add_files(parser.add_argument_group("files"))


def _add_color_options(group: argparse._ArgumentGroup) -> None:
    for name, check, default, text in (
        ("--strength", check_strength, 1.0, "0 (grey) .. 1 (as predicted) .. 2; default 1"),
        ("--vividness", check_vividness, 0.0, "0 (most faithful) .. 1 (most vivid); default 0"),
        ("--warmth", check_warmth, 0.0, "-1 (cool) .. 1 (warm); default 0"),
    ):
        group.add_argument(name, type=partial(parse_number, check), default=default, help=text)
    group.add_argument(
        "--hints",
        type=parse_hints,
        default=(),
        metavar="FILE",
        help="colours of places in one photo, as the page saves them",
    )

    group.add_argument(
        "--variant",
        type=parse_variant,
        default=0,
        metavar="N",
        help=f"another colouring that is possible, 1 .. {VARIANTS}; default 0, the most faithful",
    )


def _add_restoration_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--unfade", action="store_true", help="take out a tint: sepia, yellowed paper, faded dyes")
    group.add_argument("--levels", action="store_true", help="make the darkest black and the lightest white")
    group.add_argument(
        "--crop-border", action="store_true", help="keep a light border from the network, not the picture"
    )


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


def _add_video_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--start", type=parse_seconds, default=0.0, metavar="TIME", help="begin there; seconds or H:MM:SS")
    add("--end", type=parse_seconds, metavar="TIME", help="end there")
    smoothing = partial(parse_number, check_amount)
    add("--smoothing", type=smoothing, default=DEFAULT_AMOUNT, help="0 (none) .. 1; default %(default)s")


def make_look(options: argparse.Namespace) -> Look:
    """The look of photographs and films."""
    return Look(strength=options.strength, vividness=options.vividness, warmth=options.warmth)


def make_restoration(options: argparse.Namespace) -> Restoration:
    """The restoration of old photographs."""
    return Restoration(unfade=options.unfade, levels=options.levels, crop_border=options.crop_border)


def photo_options(options: argparse.Namespace) -> tuple[str, ...]:
    """The given options that act on photographs only."""
    names = ("hints", "variant", "reference", "uncertainty", "unfade", "levels", "crop_border", "caption")
    return tuple("--" + name.replace("_", "-") for name in (*names, *GEOMETRY_OPTIONS) if getattr(options, name))


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


def make_video_options(options: argparse.Namespace) -> VideoOptions:
    """The options for films. Raises ValueError if `--start` and `--end` do not go together."""
    return VideoOptions(make_look(options), options.smoothing, options.start, options.end, options.label)
