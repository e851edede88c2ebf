"""The arguments of the command line, and the library's options made from them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from colorizer import __version__, images
from colorizer.edits.hints import Hint, from_json
from colorizer.edits.look import Look, check_strength, check_vividness, check_warmth
from colorizer.edits.restoration import Restoration
from colorizer.errors import InvalidHints
from colorizer.frames.smoothing import DEFAULT_AMOUNT, check_amount
from colorizer.images import EncodeOptions
from colorizer.network.registry import DEFAULT_MODEL, MODELS
from colorizer.video.types import VideoOptions

DEFAULT_JOBS = 1  # more bring nothing on two cores, because OpenCV uses all cores already
_DEFAULTS = EncodeOptions()


def make_parser() -> argparse.ArgumentParser:
    """The parser of everything but `models`."""
    parser = argparse.ArgumentParser(
        prog="python -m colorizer",
        description="Put colour into black-and-white photographs and films.",
        epilog="`python -m colorizer models` lists the models; `... models fetch NAME` downloads one.",
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
    add("--jobs", type=_parse_jobs, default=DEFAULT_JOBS, metavar="N", help="photos at a time; default %(default)s")
    add("--model", choices=MODELS, default=DEFAULT_MODEL)
    add("--weights", type=Path, metavar="FILE", help="a weights file for the model, anywhere on disk")
    _add_color_options(parser.add_argument_group("colour"))
    _add_restoration_options(parser.add_argument_group("old photographs"))
    _add_files(parser.add_argument_group("files"))
    _add_video_options(parser.add_argument_group("films"))
    add("--debug", action="store_true", help="for reports of unexpected errors: show where they come from")
    add("--version", action="version", version=__version__)
    return parser


def _add_color_options(group: argparse._ArgumentGroup) -> None:
    for name, check, default, text in (
        ("--strength", check_strength, 1.0, "0 (grey) .. 1 (as predicted) .. 2; default 1"),
        ("--vividness", check_vividness, 0.0, "0 (most faithful) .. 1 (most vivid); default 0"),
        ("--warmth", check_warmth, 0.0, "-1 (cool) .. 1 (warm); default 0"),
    ):
        group.add_argument(name, type=partial(parse_number, check), default=default, help=text)
    group.add_argument(
        "--hints",
        type=_parse_hints,
        default=(),
        metavar="FILE",
        help="colours of places in one photo, as the page saves them",
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
        type=_parse_quality,
        default=_DEFAULTS.quality,
        help="of JPEG and WebP, 1 .. 100; default %(default)s",
    )
    group.add_argument(
        "--subsampling",
        type=_parse_subsampling,
        default=_DEFAULTS.subsampling,
        help="of the colour in JPEG: 4:4:4, 4:2:2 or 4:2:0; default %(default)s",
    )


def _add_video_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--start", type=_parse_seconds, default=0.0, metavar="TIME", help="begin there; seconds or H:MM:SS")
    add("--end", type=_parse_seconds, metavar="TIME", help="end there")
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
    names = ("hints", "unfade", "levels", "crop_border")
    return tuple("--" + name.replace("_", "-") for name in names if getattr(options, name))


def make_encode_options(options: argparse.Namespace) -> EncodeOptions:
    """The options for writing files."""
    return EncodeOptions(options.quality, options.subsampling)


def make_video_options(options: argparse.Namespace) -> VideoOptions:
    """The options for films. Raises ValueError if `--start` and `--end` do not go together."""
    return VideoOptions(make_look(options), options.smoothing, options.start, options.end)


def parse_number(check: Callable[[float], None], text: str) -> float:
    """For argparse: a number that `check` lets pass."""
    try:
        value = float(text)
        check(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return value


def _parse_jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


def _parse_quality(text: str) -> int:
    try:
        return EncodeOptions(quality=int(text)).quality
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _parse_subsampling(text: str) -> str:
    try:
        return EncodeOptions(subsampling=text).subsampling
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _parse_hints(text: str) -> tuple[Hint, ...]:
    try:
        return from_json(Path(text).read_bytes())
    except (InvalidHints, OSError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _parse_seconds(text: str) -> float:
    """Seconds from `90`, `1:30` or `0:01:30`, which are all the same time."""
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 3 or not all(part >= 0 for part in parts):
        raise argparse.ArgumentTypeError(f"expected seconds or H:MM:SS, got {text!r}")
    return sum(part * unit for part, unit in zip(reversed(parts), (1, 60, 3600), strict=False))
