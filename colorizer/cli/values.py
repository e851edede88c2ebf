"""The values of arguments: from what a user types, with a plain message for what makes no sense."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import TypeVar

from colorizer import images
from colorizer.edits.damage import KINDS, Damage
from colorizer.edits.geometry import Box, check_crop
from colorizer.edits.hints import AnyHint, from_json
from colorizer.edits.repair_mask import mask_from_picture, mask_to_text
from colorizer.edits.variants import check_variant
from colorizer.errors import ColorizerError
from colorizer.images import EncodeOptions
from colorizer.images.caption import check_caption

Value = TypeVar("Value")
AUTO = "auto"


def _convert(convert: Callable[[str], Value], text: str) -> Value:
    """What `convert` makes of a text; its errors become argparse's, which name the argument."""
    try:
        return convert(text)
    except (ValueError, ColorizerError, OSError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _checked(check: Callable[[Value], None], value: Value) -> Value:
    check(value)
    return value


def option_name(parser: argparse.ArgumentParser, options: argparse.Namespace, name: str) -> str:
    """The option, as the help spells it, that gives an attribute of the parsed arguments the value that it has.

    Several may set one attribute: `--steady-crop` is the one for "crop", and `--steady` for "fill" and by default.
    """
    actions = [action for action in parser._actions if action.dest == name and action.option_strings]
    takes_none = (action for action in actions if action.nargs == 0 and action.const == getattr(options, name))
    takes_value = (action for action in actions if action.nargs != 0)
    return next(chain(takes_none, takes_value, actions)).option_strings[-1]


def parse_number(check: Callable[[float], None], text: str) -> float:
    """For argparse: a number that `check` lets pass."""
    return _convert(lambda typed: _checked(check, float(typed)), text)


def parse_jobs(text: str) -> int:
    """For argparse: a whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


def parse_variant(text: str) -> int:
    """For argparse: the number of a variant, or 0."""
    return _convert(lambda typed: _checked(check_variant, int(typed)), text)


def parse_quality(text: str) -> int:
    """For argparse: a quality of `EncodeOptions`."""
    return _convert(lambda typed: EncodeOptions(quality=int(typed)).quality, text)


def parse_subsampling(text: str) -> str:
    """For argparse: a subsampling of `EncodeOptions`."""
    return _convert(lambda typed: EncodeOptions(subsampling=typed).subsampling, text)


def parse_caption(text: str) -> str:
    """For argparse: a caption that can be drawn."""
    return _convert(lambda typed: _checked(check_caption, typed), text)


def parse_hints(text: str) -> tuple[AnyHint, ...]:
    """For argparse: the hints in a file."""
    return _convert(lambda typed: from_json(Path(typed).read_bytes()), text)


def parse_damage(text: str) -> tuple[Damage, ...]:
    """For argparse: kinds of damage, separated by commas."""
    words = [word.strip() for word in text.split(",")]
    if not set(words) <= set(KINDS):
        raise argparse.ArgumentTypeError(f"expected one or more of {','.join(KINDS)}, got {text!r}")
    return tuple(kind for kind in KINDS if kind in words)


def parse_mask(text: str) -> str:
    """For argparse: the mask in a picture's file, as `Restoration` has it."""

    def read(typed: str) -> str:
        picture = images.decode(Path(typed).read_bytes())
        return mask_to_text(mask_from_picture(picture.pixels, picture.alpha))

    return _convert(read, text)


def parse_crop(text: str) -> Box | str:
    """For argparse: AUTO, or the left, top, right and bottom of a part of a picture."""
    if text == AUTO:
        return AUTO
    try:
        left, top, right, bottom = (float(each) for each in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected {AUTO} or four numbers, got {text!r}") from None
    return _convert(lambda _: _checked(check_crop, (left, top, right, bottom)), text)
