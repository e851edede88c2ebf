"""A picture that the network has seen: its colours follow from here, however often the look or the hints change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from colorizer.arrays import Floats
from colorizer.color.guided_filter import refine
from colorizer.color.lab import hex_colour
from colorizer.edits.hints import Hint
from colorizer.edits.look import Look, warm
from colorizer.edits.propagation import Spreader
from colorizer.edits.restoration import WHOLE, Part
from colorizer.network.predictor import Prediction
from colorizer.network.zhang2016 import colour_points
from colorizer.picture import pixel_at


@dataclass(frozen=True)
class Study:
    """All that is known of one picture once the network has run. Safe to share between threads.

    `prediction`: for the part of the picture that the network saw.
    `luminance`: (h, w) float32, L 0..100, of the whole picture at its working size, at most `WORKING_SIDE` long.
    `part`: the rows and columns of `luminance` that the network saw; outside them a picture is predicted grey.
    """

    prediction: Prediction
    luminance: Floats
    part: Part = WHOLE

    def ab(self, look: Look | None = None, hints: Sequence[Hint] = ()) -> Floats:
        """ab (h, w, 2) float32 at the working size: what `lab.merge` takes, with the look's strength as its own.

        Refined along the edges, then the hints, then the warmth. Raises ValueError for a vividness above 0 where the
        prediction was made without its distribution.
        """
        look = look or Look()
        seen = self.luminance[self.part]
        ab = np.zeros((*self.luminance.shape, 2), np.float32)
        ab[self.part] = refine(self.prediction.at(look.vividness), seen)
        return warm(self._spreader.spread(ab, hints), self.luminance, look.warmth)

    @cached_property
    def _spreader(self) -> Spreader:
        return Spreader(self.luminance)


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
