"""The values of arguments: from what a user types, with a plain message for what makes no sense."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from colorizer.edits.hints import Hint, from_json
from colorizer.edits.variants import check_variant
from colorizer.errors import InvalidHints
from colorizer.images import EncodeOptions
from colorizer.images.caption import check_caption


def parse_number(check: Callable[[float], None], text: str) -> float:
    """For argparse: a number that `check` lets pass."""
    try:
        value = float(text)
        check(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return value


def parse_jobs(text: str) -> int:
    """For argparse: a whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


def parse_variant(text: str) -> int:
    """For argparse: the number of a variant, or 0."""
    try:
        check_variant(int(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return int(text)


def parse_quality(text: str) -> int:
    """For argparse: a quality of `EncodeOptions`."""
    try:
        return EncodeOptions(quality=int(text)).quality
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parse_subsampling(text: str) -> str:
    """For argparse: a subsampling of `EncodeOptions`."""
    try:
        return EncodeOptions(subsampling=text).subsampling
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parse_caption(text: str) -> str:
    """For argparse: a caption that can be drawn."""
    try:
        check_caption(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def parse_hints(text: str) -> tuple[Hint, ...]:
    """For argparse: the hints in a file."""
    try:
        return from_json(Path(text).read_bytes())
    except (InvalidHints, OSError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parse_seconds(text: str) -> float:
    """For argparse: seconds from `90`, `1:30` or `0:01:30`, which are all the same time."""
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 3 or not all(part >= 0 for part in parts):
        raise argparse.ArgumentTypeError(f"expected seconds or H:MM:SS, got {text!r}")
    return sum(part * unit for part, unit in zip(reversed(parts), (1, 60, 3600), strict=False))
