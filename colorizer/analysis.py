"""The result of one network run on a picture. The colours for any look and any hints follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from colorizer.arrays import Floats, Mask, Pixels
from colorizer.color import lab
from colorizer.color.guided_filter import refine
from colorizer.color.lab import lab_to_hex
from colorizer.color.merge import merge
from colorizer.edits.hints import AnyHint
from colorizer.edits.look import Look, apply_look
from colorizer.edits.propagation import HintPropagator
from colorizer.edits.reference import SoftHints
from colorizer.edits.restoration import WHOLE, Part
from colorizer.edits.uncertainty import draw_overlay, entropy
from colorizer.edits.variants import VARIANTS, check_variant, variant_shifts
from colorizer.network.places import Places
from colorizer.network.predictor import Prediction
from colorizer.network.zhang2016 import color_points
from colorizer.picture import Picture, convert_to_8_bits, point_to_pixel
from colorizer.resize import resize


@dataclass(frozen=True)
class Analysis:
    """A picture and what the network predicted for it. Safe to share between threads.

    `picture`: the picture to colour, restored. `dataclasses.replace` puts it at another size in its place.
    `prediction`: for the part of the picture that the network saw.
    `luminance`: (h, w) float32, L 0..100, of the whole picture at its working size, at most `WORKING_SIDE` long.
    `part`: the rows and columns of `luminance` that the network saw; the rest is predicted grey.
    `soft_hints`: colours from a reference, for `part`; None without one.
    `shift`: (h, w, 2) float32, CIE units, of any size: what is added to the predicted colours of `part`, as in one of
    the `variants`; None for the prediction itself.
    `damage`: where damage was found, as in `find_and_restore`: (H, W) bool, of any size; None if nothing was filled.
    `places`: what is where in `part`, for hints that are `alike`; None: they are as other hints.
    """

    picture: Picture
    prediction: Prediction
    luminance: Floats
    part: Part = WHOLE
    soft_hints: SoftHints | None = None
    shift: Floats | None = None
    damage: Mask | None = None
    places: Places | None = None

    def colorize(self, look: Look | None = None, hints: Sequence[AnyHint] = ()) -> Pixels:
        """The picture in colour, at its own size, bit depth and luminance: RGB (H, W, 3), or RGBA (H, W, 4).

        Raises ValueError for a vividness above 0 if the prediction was made without its distribution.
        """
        return self.colorize_picture(look, hints).to_array()

    def colorize_picture(self, look: Look | None = None, hints: Sequence[AnyHint] = ()) -> Picture:
        """The same as a `Picture`, with alpha, metadata and notes. Raises as `colorize` does."""
        return replace(self.picture, pixels=merge(self.picture.pixels, self.ab(look, hints)))

    def ab(self, look: Look | None = None, hints: Sequence[AnyHint] = ()) -> Floats:
        """The colours: ab (h, w, 2) float32, CIE units, at the working size.

        The prediction is refined along the edges of the luminance, then come the variant's shift and the reference,
        then the hints, then the look's warmth and strength. Raises as `colorize` does.
        """
        look = look or Look()
        ab = self._embed(refine(self.prediction.ab_at(look.vividness), self.luminance[self.part]))
        if self.shift is not None:
            ab = ab + self._spread_shift
        if self.soft_hints is not None:
            ab = ab + self._spread(self.soft_hints.pull(ab[self.part]))
        return apply_look(self._propagator.propagate(ab, hints), self.luminance, look)

    def variants(self, count: int = VARIANTS) -> tuple[Analysis, ...]:
        """Other colourings that the network thinks possible, far apart from each other, the likeliest first.

        Each is an analysis of its own, for any look and any hints. The same picture always has the same variants.
        Raises ValueError for a count below 1, and if the prediction was made without its distribution.
        """
        prediction = self.prediction
        shifts = variant_shifts(prediction.probabilities, color_points(), prediction.ab, count)
        return tuple(self.with_shift(shift) for shift in shifts)

    def with_shift(self, shift: Floats | None) -> Analysis:
        """The same picture with other colours: `shift` is the attribute of this name."""
        shifted = replace(self, shift=shift)
        shifted.__dict__["_propagator"] = self._propagator  # of its luminance, so what it has solved serves both
        return shifted

    def variant(self, number: int) -> Analysis:
        """Variant 1 .. VARIANTS of `variants`, or this analysis itself for 0. Raises as `variants` does."""
        check_variant(number)
        return self.variants()[number - 1] if number else self

    @cached_property
    def uncertainty(self) -> Floats:
        """How little the network knows of each place's colour: (h, w) float32 at the working size.

        It is the entropy of the calibrated distribution: 0 (one colour is certain) .. 1 (all are as likely). It is 0
        outside `part`. Raises ValueError if the prediction was made without its distribution.
        """
        return self._embed(entropy(self.prediction.probabilities))

    def uncertainty_overlay(self) -> Pixels:
        """The picture in grey under a map of `uncertainty`: RGB (H, W, 3) uint8. Raises as `uncertainty` does."""
        gray = lab.luminance_to_rgb(lab.luminance(convert_to_8_bits(self.picture).pixels))
        return draw_overlay(gray, self.uncertainty)

    @cached_property
    def _spread_shift(self) -> Floats:
        """`shift` at the working size. It does not depend on the look, so it is computed once."""
        assert self.shift is not None
        return self._spread(self.shift)

    def _spread(self, change: Floats) -> Floats:
        """A change of colour of `part`, (h, w, 2), spread within the regions of the picture: at the working size."""
        return self._propagator.spread(self._embed(change))

    def _embed(self, values: Floats) -> Floats:
        """Values for `part`, (h, w, ...) of any size, at the working size of the whole picture; 0 outside of it."""
        whole = np.zeros((*self.luminance.shape, *values.shape[2:]), np.float32)
        height, width = whole[self.part].shape[:2]
        whole[self.part] = values if values.shape[:2] == (height, width) else resize(values, width, height)
        return whole

    @cached_property
    def _propagator(self) -> HintPropagator:
        places = self.places
        return HintPropagator(self.luminance, None if places is None else lambda: places.vectors, self.part)


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
    """A colour to choose: its name, "#rrggbb", and the probability of it and colours near it, where that is known."""

    name: str
    color: str
    share: float | None = None


def suggest_colors(analysis: Analysis, x: float, y: float) -> tuple[Swatch, ...]:
    """Suggest colours for the point at `x`, `y` (0..1 of width and height), with the lightness of the picture there.

    The network's likeliest colours come first, with their shares, if the analysis has their distribution; then memory
    colours.
    """
    row, column = point_to_pixel(x, y, analysis.luminance.shape)
    light = float(analysis.luminance[row, column])
    likely = [
        Swatch(f"Likely {number}", lab_to_hex(light, *ab), share)
        for number, (ab, share) in enumerate(_likeliest_colors(analysis, row, column), start=1)
    ]
    return (*likely, *(Swatch(name, lab_to_hex(light, *ab)) for name, ab in MEMORY_COLORS.items()))


def _likeliest_colors(analysis: Analysis, row: int, column: int) -> list[tuple[tuple[float, float], float]]:
    """The likeliest colours (a, b) that do not look alike, each with the probability of the points near it."""
    logits = analysis.prediction.logits
    rows, columns = (range(length)[part] for length, part in zip(analysis.luminance.shape, analysis.part, strict=True))
    if logits is None or row not in rows or column not in columns:
        return []
    place = (rows.index(row) * logits.shape[1] // len(rows), columns.index(column) * logits.shape[2] // len(columns))
    points, probabilities = color_points(), analysis.prediction.probabilities_at(*place)
    chosen: list[tuple[float, float]] = []
    for a, b in points[np.argsort(-logits[:, place[0], place[1]])].tolist():
        if all(np.hypot(a - other_a, b - other_b) >= MIN_DISTANCE for other_a, other_b in chosen):
            chosen.append((a, b))
        if len(chosen) == SUGGESTIONS:
            break
    distances = np.linalg.norm(points[:, np.newaxis] - np.array(chosen, np.float32), axis=-1)
    near = (distances.argmin(axis=1)[:, np.newaxis] == np.arange(len(chosen))) & (distances < MIN_DISTANCE)
    return list(zip(chosen, (probabilities @ near).tolist(), strict=True))
