"""Colour hints, which a user sets at points of a picture or paints as strokes, and their JSON format."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from colorizer.edits.hint_values import (
    DEFAULT_REACH,
    MAX_REACH,
    Color,
    Point,
    check_alike,
    check_color,
    excerpt,
    is_number,
    is_share,
    to_ab,
)
from colorizer.edits.strokes import Stroke
from colorizer.errors import InvalidHints

VERSIONS = (1, 2, 3)  # of the JSON format that are read; strokes came with 2, `alike` with 3
MAX_HINTS = 100  # per picture; each hint costs computing time and one map in memory
MAX_BYTES = 3_000_000  # of a document; 100 points take about 10,000, 100 strokes of most points about 2,000,000


@dataclass(frozen=True, init=False)
class Hint:
    """A colour for one point of a picture and the region around it.

    `x`, `y`: the point, 0..1 of the picture's width and height, from the upper left corner.
    `color`: "#rrggbb" (sRGB; its lightness is not used) or (a, b) in CIE units, -128..128.
    `reach`: how far the colour spreads over an even surface, as a fraction of the picture's longest side, above 0 and
    up to 1. Edges in the luminance stop it earlier.
    `alike`: whether it colours what looks as if it belonged together, up to twice its reach away, also where it is not
    connected, in place of an even surface. A network decides that.
    Raises InvalidHints, which is a ValueError, for other values.
    """

    x: float
    y: float
    color: Color
    reach: float = DEFAULT_REACH
    alike: bool = False

    def __init__(
        self,
        x: float,
        y: float,
        color: Color | None = None,
        reach: float = DEFAULT_REACH,
        alike: bool = False,
        *,
        colour: Color | None = None,
    ) -> None:
        """`colour` is the earlier name of `color`; both are accepted."""
        given = {"x": x, "y": y, "color": colour if color is None else color, "reach": reach, "alike": alike}
        for name, value in given.items():
            object.__setattr__(self, name, value)
        for name, value in (("x", self.x), ("y", self.y)):
            if not is_share(value):
                raise InvalidHints(f"expected a hint's {name} to be a number from 0 to 1, got {excerpt(value, repr)}")
        if not is_number(self.reach) or not 0 < self.reach <= MAX_REACH:
            raise InvalidHints(
                f"expected a hint's reach to be a number above 0, up to {MAX_REACH}, got {excerpt(self.reach, repr)}"
            )
        check_alike("hint", self.alike)
        check_color("hint", self.color)

    @property
    def points(self) -> tuple[Point, ...]:
        """The point, as a stroke has its points."""
        return ((self.x, self.y),)

    @property
    def radius(self) -> float:
        """0: a hint covers its point alone, where a stroke covers what is as near as its radius."""
        return 0.0

    @property
    def ab(self) -> Point:
        """(a, b) of the colour, CIE units."""
        return to_ab(self.color)


AnyHint = Hint | Stroke


def to_json(hints: Sequence[AnyHint]) -> str:
    """Write hints as a JSON document, which `from_json` reads: one line each.

    It is of the lowest version that has what these hints need, so that earlier versions of this program read it, too.
    """
    version = 3 if any(hint.alike for hint in hints) else 2 if any(isinstance(hint, Stroke) for hint in hints) else 1
    rows = ",\n".join(f"  {json.dumps(_to_row(hint))}" for hint in hints)
    return f'{{"version": {version}, "hints": [\n{rows}\n]}}\n'


def from_json(text: str | bytes) -> tuple[AnyHint, ...]:
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
        raise InvalidHints('expected {"version": 1, "hints": [...]}, got ' + excerpt(document))
    version = document.get("version")
    if version not in VERSIONS:
        raise InvalidHints(f"expected hints of version 1 to {max(VERSIONS)}, got version {excerpt(version)}")
    rows = document["hints"]
    if len(rows) > MAX_HINTS:
        raise InvalidHints(f"expected at most {MAX_HINTS} hints, got {len(rows)}")
    return tuple(_parse_hint(number, row, version) for number, row in enumerate(rows, start=1))


def _to_row(hint: AnyHint) -> dict[str, Any]:
    shape: dict[str, Any] = (
        {"points": hint.points, "radius": hint.radius} if isinstance(hint, Stroke) else {"x": hint.x, "y": hint.y}
    )
    return shape | {"colour": hint.color, "reach": hint.reach} | ({"alike": True} if hint.alike else {})


def _parse_hint(number: int, row: Any, version: int) -> AnyHint:
    is_stroke = version > 1 and isinstance(row, dict) and "points" in row
    needed = ("points", "radius", "colour") if is_stroke else ("x", "y", "colour")
    values = _read_row(number, row, needed, ("reach", "alike") if version > 2 else ("reach",))
    color = values["colour"]
    values = {name: value for name, value in values.items() if name != "colour"}
    values["color"] = tuple(color) if isinstance(color, list) else color
    try:
        return Stroke(**values) if is_stroke else Hint(**values)
    except InvalidHints as error:
        raise InvalidHints(f"hint {number}: {error}") from None


def _read_row(number: int, row: Any, needed: tuple[str, ...], possible: tuple[str, ...]) -> Mapping[str, Any]:
    wanted = f"{', '.join(needed)} and perhaps {' and '.join(possible)}"
    if not isinstance(row, dict) or not row.keys() >= set(needed):
        raise InvalidHints(f"hint {number}: expected {wanted}, got {excerpt(row)}")
    if unknown := row.keys() - {*needed, *possible}:
        raise InvalidHints(f"hint {number}: expected {wanted}, got {excerpt(sorted(unknown))} too")
    return row
