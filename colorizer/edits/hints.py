"""Colour hints, which a user sets at points of a picture, and their JSON format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from colorizer.color import lab
from colorizer.errors import InvalidHints

VERSION = 1  # of the JSON format
MAX_HINTS = 100  # per picture; each hint costs computing time and one map in memory
MAX_BYTES = 1_000_000  # of a document; 100 hints take about 10,000
AB_LIMIT = 128.0  # the largest |a| and |b|, CIE units

_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
DEFAULT_REACH = 0.6
MAX_REACH = 1
_FIELDS = {"x", "y", "colour", "reach"}  # the keys of a hint in JSON


@dataclass(frozen=True, init=False)
class Hint:
    """A colour for one point of a picture and the region around it.

    `x`, `y`: the point, 0..1 of the picture's width and height, from the upper left corner.
    `color`: "#rrggbb" (sRGB; its lightness is not used) or (a, b) in CIE units, -128..128.
    `reach`: how far the colour spreads over an even surface, as a fraction of the picture's longest side, above 0 and
    up to 1. Edges in the luminance stop it earlier.
    Raises InvalidHints, which is a ValueError, for other values.
    """

    x: float
    y: float
    color: str | tuple[float, float]
    reach: float = DEFAULT_REACH

    def __init__(
        self,
        x: float,
        y: float,
        color: str | tuple[float, float] | None = None,
        reach: float = DEFAULT_REACH,
        *,
        colour: str | tuple[float, float] | None = None,
    ) -> None:
        """`colour` is the earlier name of `color`; both are accepted."""
        for name, value in (("x", x), ("y", y), ("color", colour if color is None else color), ("reach", reach)):
            object.__setattr__(self, name, value)
        for name, value in (("x", self.x), ("y", self.y)):
            if not _is_number(value) or not 0 <= value <= 1:
                raise InvalidHints(f"expected a hint's {name} to be a number from 0 to 1, got {_excerpt(value, repr)}")
        if not _is_number(self.reach) or not 0 < self.reach <= MAX_REACH:
            raise InvalidHints(
                f"expected a hint's reach to be a number above 0, up to {MAX_REACH}, got {_excerpt(self.reach, repr)}"
            )
        if not _is_color(self.color):
            raise InvalidHints(
                "expected a hint's colour to be '#rrggbb' or two numbers a, b of -128 to 128, got "
                + _excerpt(self.color, repr)
            )

    @property
    def ab(self) -> tuple[float, float]:
        """(a, b) of the colour, CIE units."""
        if not isinstance(self.color, str):
            return self.color
        rgb = np.frombuffer(bytes.fromhex(self.color[1:]), np.uint8).reshape(1, 1, 3)
        _, a, b = lab.rgb_to_lab(rgb)[0, 0].tolist()
        return a, b


def to_json(hints: Sequence[Hint]) -> str:
    """Write hints as a JSON document, which `from_json` reads."""
    rows = [{"x": hint.x, "y": hint.y, "colour": hint.color, "reach": hint.reach} for hint in hints]
    return json.dumps({"version": VERSION, "hints": rows}, indent=2) + "\n"


def from_json(text: str | bytes) -> tuple[Hint, ...]:
    """Read hints from a JSON document of up to MAX_BYTES bytes (or characters).

    Raises InvalidHints, with a short message, if the document or one of its hints is not valid.
    """
    if len(text) > MAX_BYTES:
        raise InvalidHints(f"expected hints of at most {MAX_BYTES / 1e6:g} MB, got {len(text) / 1e6:.3g} MB")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidHints(f"expected hints as JSON, got something else ({error})") from None
    if not isinstance(document, dict) or not isinstance(document.get("hints"), list):
        raise InvalidHints('expected {"version": 1, "hints": [...]}, got ' + _excerpt(document))
    if document.get("version") != VERSION:
        raise InvalidHints(f"expected hints of version {VERSION}, got version {_excerpt(document.get('version'))}")
    rows = document["hints"]
    if len(rows) > MAX_HINTS:
        raise InvalidHints(f"expected at most {MAX_HINTS} hints, got {len(rows)}")
    return tuple(_parse_hint(number, row) for number, row in enumerate(rows, start=1))


def _parse_hint(number: int, row: Any) -> Hint:
    if not isinstance(row, dict) or row.keys() - _FIELDS or not row.keys() >= {"x", "y", "colour"}:
        raise InvalidHints(f"hint {number}: expected x, y, colour and perhaps reach, got {_excerpt(row)}")
    color = tuple(row["colour"]) if isinstance(row["colour"], list) else row["colour"]
    try:
        return Hint(row["x"], row["y"], color, row.get("reach", DEFAULT_REACH))
    except InvalidHints as error:
        raise InvalidHints(f"hint {number}: {error}") from None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_color(value: object) -> bool:
    if isinstance(value, str):
        return _HEX_COLOR.fullmatch(value) is not None
    if not isinstance(value, tuple) or len(value) != 2:
        return False
    return all(_is_number(part) and abs(part) <= AB_LIMIT for part in value)


def _excerpt(value: object, write: Callable[[object], str] = json.dumps) -> str:
    try:
        text = write(value)
    except (RecursionError, ValueError):  # nested deeply, or a whole number of thousands of digits
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."
