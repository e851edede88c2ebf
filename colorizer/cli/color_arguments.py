"""The colours of photographs and films on the command line."""

from __future__ import annotations

import argparse
from functools import partial

from colorizer.cli.values import parse_hints, parse_number, parse_variant
from colorizer.edits.look import Look, check_strength, check_vividness, check_warmth
from colorizer.edits.variants import VARIANTS


def add_color_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that `make_look` reads, and hints and variants of photographs."""
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


def make_look(options: argparse.Namespace) -> Look:
    """The look of photographs and films.

    The parser has checked its numbers.
    """
    return Look(strength=options.strength, vividness=options.vividness, warmth=options.warmth)
