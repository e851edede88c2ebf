"""Pixels by the colour of the truth.

A pixel belongs to the first group below whose ranges hold it. Ranges are those of CIE LCh (D65): hue in degrees from +a
to +b, chroma, lightness L. They were set by sRGB colours of known things: skin of six tones, sky from noon to haze,
leaves from spruce to olive, brick, and the red of signs and coats. A pixel has no more than its colour, so "skin" also
holds sand and light wood, "sky" also water and pale jeans, "reds" also brick and rust.

| group | hue | chroma | L | |
|---|---|---|---|---|
| neutral | any | below 8 | any | stone, rubble, grey coats, white, black: colour here is a mistake |
| reds | 355 to 45 | 32 and more | any | |
| skin | 28 to 80 | 10 to 48 | 25 to 92 | where it is not red |
| sky | 220 to 290 | 8 and more | 45 and more | |
| green | 95 to 170 | 8 and more | any | |
| other | | | | orange, yellow, brown, deep blue, violet, pink |
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats

NEUTRAL_CHROMA = 8.0  # below it, a hue says little


@dataclass(frozen=True)
class ColorGroup:
    """A name and half-open ranges of hue (degrees; the first may be above the second), chroma and lightness."""

    name: str
    hues: tuple[float, float] = (0, 360)
    chromas: tuple[float, float] = (0, inf)
    lightnesses: tuple[float, float] = (-inf, inf)

    def holds(self, lab: Floats) -> NDArray[np.bool_]:
        """Whether each colour of Lab (..., 3) is in the ranges: (...)."""
        light, a, b = np.moveaxis(lab, -1, 0)
        start, end = self.hues
        hue_from_start = (np.degrees(np.arctan2(b, a)) - start) % 360
        is_hue = hue_from_start < ((end - start) % 360 or inf)  # inf: all hues
        is_within = _is_within(np.hypot(a, b), self.chromas) & _is_within(light, self.lightnesses)
        return np.asarray(is_hue & is_within, np.bool_)


def _is_within(values: Floats, bounds: tuple[float, float]) -> NDArray[np.bool_]:
    return (values >= bounds[0]) & (values < bounds[1])


COLOR_GROUPS = (
    ColorGroup("neutral", chromas=(0, NEUTRAL_CHROMA)),
    ColorGroup("reds", (355, 45), (32, inf)),
    ColorGroup("skin", (28, 80), (10, 48), (25, 92)),
    ColorGroup("sky", (220, 290), (NEUTRAL_CHROMA, inf), (45, inf)),
    ColorGroup("green", (95, 170), (NEUTRAL_CHROMA, inf)),
    ColorGroup("other"),
)


def group_index(lab: Floats) -> NDArray[np.intp]:
    """The index in `COLOR_GROUPS` of each colour of Lab (..., 3): (...)."""
    return np.asarray(np.argmax([group.holds(lab) for group in COLOR_GROUPS], axis=0), np.intp)
