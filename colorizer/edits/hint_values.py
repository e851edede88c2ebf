"""What points and strokes of colour share: a place, a colour and a reach, and the checks of their values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np

from colorizer.color import lab
from colorizer.errors import InvalidHints

Point = tuple[float, float]  # x, y: 0..1 of a picture's width and height, from the upper left corner
Color = str | tuple[float, float]  # "#rrggbb" (sRGB; its lightness is not used), or (a, b) in CIE units

AB_LIMIT = 128.0  # the largest |a| and |b|, CIE units
DEFAULT_REACH = 0.6
MAX_REACH = 1

_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def to_ab(color: Color) -> Point:
    """(a, b) of a colour, CIE units."""
    if not isinstance(color, str):
        return color
    rgb = np.frombuffer(bytes.fromhex(color[1:]), np.uint8).reshape(1, 1, 3)
    _, a, b = lab.rgb_to_lab(rgb)[0, 0].tolist()
    return a, b


def check_color(kind: str, color: object) -> None:
    """Raises InvalidHints for what is no `Color`. `kind`: of hint, for the message."""
    if not _is_color(color):
        raise InvalidHints(
            f"expected a {kind}'s colour to be '#rrggbb' or two numbers a, b of -128 to 128, got {excerpt(color, repr)}"
        )


def check_alike(kind: str, alike: object) -> None:
    """Raises InvalidHints for what is not a bool. `kind`: of hint, for the message."""
    if not isinstance(alike, bool):
        raise InvalidHints(f"expected a {kind}'s alike to be true or false, got {excerpt(alike)}")


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_share(value: object) -> bool:
    """Whether the value is a number of 0 to 1."""
    return is_number(value) and 0 <= value <= 1  # type: ignore[operator]


def excerpt(value: object, write: Callable[[object], str] = json.dumps) -> str:
    """The value in at most 60 characters, for messages."""
    try:
        text = write(value)
    except (RecursionError, ValueError):  # nested deeply, or a whole number of thousands of digits
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def _is_color(value: object) -> bool:
    if isinstance(value, str):
        return _HEX_COLOR.fullmatch(value) is not None
    if not isinstance(value, tuple) or len(value) != 2:
        return False
    return all(is_number(part) and abs(part) <= AB_LIMIT for part in value)
