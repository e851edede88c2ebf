"""The result of one network run on a picture. The colours for any look and any hints follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from colorizer.arrays import Floats, Pixels
from colorizer.color.guided_filter import refine
from colorizer.color.lab import lab_to_hex
from colorizer.color.merge import merge
from colorizer.edits.hints import Hint
from colorizer.edits.look import Look, apply_look
from colorizer.edits.propagation import HintPropagator
from colorizer.edits.restoration import WHOLE, Part
from colorizer.network.predictor import Prediction
from colorizer.network.zhang2016 import color_points
from colorizer.picture import Picture, point_to_pixel


@dataclass(frozen=True)
class Analysis:
    """A picture and what the network predicted for it. Safe to share between threads.

    `picture`: the picture to colour, restored. `dataclasses.replace` puts it at another size in its place.
    `prediction`: for the part of the picture that the network saw.
    `luminance`: (h, w) float32, L 0..100, of the whole picture at its working size, at most `WORKING_SIDE` long.
    `part`: the rows and columns of `luminance` that the network saw; the rest is predicted grey.
    """

    picture: Picture
    prediction: Prediction
    luminance: Floats
    part: Part = WHOLE

    def colorize(self, look: Look | None = None, hints: Sequence[Hint] = ()) -> Pixels:
        """The picture in colour, at its own size, bit depth and luminance: RGB (H, W, 3), or RGBA (H, W, 4).

        Raises ValueError for a vividness above 0 if the prediction was made without its distribution.
        """
        return self.colorize_picture(look, hints).to_array()

    def colorize_picture(self, look: Look | None = None, hints: Sequence[Hint] = ()) -> Picture:
        """The same as a `Picture`, with alpha, metadata and notes. Raises as `colorize` does."""
        return replace(self.picture, pixels=merge(self.picture.pixels, self.ab(look, hints)))

    def ab(self, look: Look | None = None, hints: Sequence[Hint] = ()) -> Floats:
        """The colours: ab (h, w, 2) float32, CIE units, at the working size.

        The prediction is refined along the edges of the luminance, then come the hints, then the look's warmth and
        strength. Raises as `colorize` does.
        """
        look = look or Look()
        ab = np.zeros((*self.luminance.shape, 2), np.float32)
        ab[self.part] = refine(self.prediction.ab_at(look.vividness), self.luminance[self.part])
        return apply_look(self._propagator.propagate(ab, hints), self.luminance, look)

    @cached_property
    def _propagator(self) -> HintPropagator:
        return HintPropagator(self.luminance)


SUGGESTIONS = 4
MIN_DISTANCE = 18.0  # CIE units between two suggestions, or they would look alike

# Memory colours: ab of familiar things, about as photographs of them measure.
MEMORY_COLORS = {
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
    color: str


def suggest_colors(analysis: Analysis, x: float, y: float) -> tuple[Swatch, ...]:
    """Suggest colours for the point at `x`, `y` (0..1 of width and height), with the lightness of the picture there.

    The network's likeliest colours come first, if the analysis has their distribution; then memory colours.
    """
    row, column = point_to_pixel(x, y, analysis.luminance.shape)
    light = float(analysis.luminance[row, column])
    likely = {f"Likely {number}": ab for number, ab in enumerate(_likeliest_colors(analysis, row, column), start=1)}
    return tuple(Swatch(name, lab_to_hex(light, *ab)) for name, ab in {**likely, **MEMORY_COLORS}.items())


def _likeliest_colors(analysis: Analysis, row: int, column: int) -> list[tuple[float, float]]:
    logits = analysis.prediction.logits
    rows, columns = (range(length)[part] for length, part in zip(analysis.luminance.shape, analysis.part, strict=True))
    if logits is None or row not in rows or column not in columns:
        return []
    place = (rows.index(row) * logits.shape[1] // len(rows), columns.index(column) * logits.shape[2] // len(columns))
    chosen: list[tuple[float, float]] = []
    for a, b in color_points()[np.argsort(-logits[:, place[0], place[1]])].tolist():
        if all(np.hypot(a - other_a, b - other_b) >= MIN_DISTANCE for other_a, other_b in chosen):
            chosen.append((a, b))
        if len(chosen) == SUGGESTIONS:
            break
    return chosen
