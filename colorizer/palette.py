"""Colours to offer for a point of a picture: what the network thinks likely there, and what the world is full of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from colorizer.analysis import Study
from colorizer.color import lab
from colorizer.network.zhang2016 import colour_points
from colorizer.picture import pixel_at

SUGGESTIONS = 4
APART = 18.0  # CIE units between two suggestions, or they would look alike

# Memory colours: where things of that name lie in ab, about as photographs of them measure.
EVERYDAY = {
    "Skin": (16, 18),
    "Wood": (14, 30),
    "Brick": (34, 28),
    "Red": (55, 38),
    "Straw": (4, 45),
    "Grass": (-24, 36),
    "Foliage": (-16, 20),
    "Sea": (-14, -14),
    "Sky": (-4, -24),
    "Navy": (8, -38),
    "Violet": (28, -32),
    "Grey": (0, 0),
}


@dataclass(frozen=True)
class Swatch:
    """A colour to choose: its name and "#rrggbb"."""

    name: str
    colour: str


def palette(study: Study, x: float, y: float) -> tuple[Swatch, ...]:
    """Colours for the point at `x`, `y` (0..1 of width and height), at the lightness that the picture has there.

    First the network's own likeliest, apart from each other, where the study has its distribution; then everyday ones.
    """
    row, column = pixel_at(x, y, study.luminance.shape)
    light = float(study.luminance[row, column])
    likely = {f"Likely {number}": ab for number, ab in enumerate(_likeliest(study, row, column), start=1)}
    return tuple(Swatch(name, hex_colour(light, *ab)) for name, ab in {**likely, **EVERYDAY}.items())


def _likeliest(study: Study, row: int, column: int) -> list[tuple[float, float]]:
    logits = study.prediction.logits
    rows, columns = (range(length)[part] for length, part in zip(study.luminance.shape, study.part, strict=True))
    if logits is None or row not in rows or column not in columns:
        return []
    place = (rows.index(row) * logits.shape[1] // len(rows), columns.index(column) * logits.shape[2] // len(columns))
    chosen: list[tuple[float, float]] = []
    for a, b in colour_points()[np.argsort(-logits[:, place[0], place[1]])].tolist():
        if all(np.hypot(a - other_a, b - other_b) >= APART for other_a, other_b in chosen):
            chosen.append((a, b))
        if len(chosen) == SUGGESTIONS:
            break
    return chosen


def hex_colour(light: float, a: float, b: float) -> str:
    """Lab (L 0..100, a and b in CIE units) as "#rrggbb"; outside sRGB clipped to it."""
    return "#" + lab.lab_to_rgb(np.array([[[light, a, b]]], np.float32)).tobytes().hex()
