"""The look of a picture: strength, vividness and warmth. None of them needs another run of the network."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from colorizer.arrays import Floats
from colorizer.color.lab import WHITE

MAX_STRENGTH = 2.0
DAYLIGHT_MIREDS = 1e6 / 6504  # of D65, the white of sRGB
WARMTH_MIREDS = 50.0  # warmth 1 is light of about 4900 K, warmth -1 of about 9600 K

# CIE 15: x of daylight by 1000 K / T, lowest power first, for T up to 7000 K and above.
_WARM_DAYLIGHT = (0.244063, 0.09911, 2.9678, -4.6070)
_COOL_DAYLIGHT = (0.237040, 0.24748, 1.9018, -2.0064)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a user sets with sliders.

    `strength`: factor on all colour, 0 (grey) .. 1 (as predicted) .. 2.
    `vividness`: 0 (the network's most faithful answer) .. 1 (its most vivid).
    `warmth`: -1 (cool, as on a cloudy day) .. 0 .. 1 (warm, as near sunset).
    Raises ValueError for a number out of its range.
    """

    strength: float = 1.0
    vividness: float = 0.0
    warmth: float = 0.0

    def __post_init__(self) -> None:
        check_strength(self.strength)
        check_vividness(self.vividness)
        check_warmth(self.warmth)


def check_strength(strength: float) -> None:
    """Raises ValueError unless 0 <= strength <= 2."""
    if not 0 <= strength <= MAX_STRENGTH:
        raise ValueError(f"expected a strength from 0 to {MAX_STRENGTH:g}, got {strength:g}")


def check_vividness(vividness: float) -> None:
    """Raises ValueError unless 0 <= vividness <= 1."""
    if not 0 <= vividness <= 1:
        raise ValueError(f"expected a vividness from 0 to 1, got {vividness:g}")


def check_warmth(warmth: float) -> None:
    """Raises ValueError unless -1 <= warmth <= 1."""
    if not -1 <= warmth <= 1:
        raise ValueError(f"expected a warmth from -1 to 1, got {warmth:g}")


def apply_look(ab: Floats, luminance: Floats, look: Look) -> Floats:
    """Apply a look's warmth and strength to predicted colours. The look's vividness is part of the prediction.

    `ab`: (h, w, 2) float32, CIE units. `luminance`: (H, W) float32, L 0..100, of the same picture.
    Returns ab at the size of `luminance` if the look has warmth, else at its own; `ab` itself for a neutral look.
    """
    if look.warmth != 0:
        height, width = luminance.shape
        if ab.shape[:2] != (height, width):
            ab = np.asarray(cv2.resize(ab, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
        # All colours shift as white does, in proportion to L, so that black stays black.
        ab = ab + luminance[..., np.newaxis] * (white_ab(look.warmth) / np.float32(100))
    return ab if look.strength == 1 else ab * np.float32(look.strength)


def white_ab(warmth: float) -> Floats:
    """ab (2,) float32 of white paper under daylight of that warmth, seen by an eye adapted to D65.

    The warmth moves along the daylight locus of CIE 15 in mireds (1e6 / T): equal steps look about equal.
    """
    inverse = (DAYLIGHT_MIREDS + warmth * WARMTH_MIREDS) / 1000
    x = float(np.polynomial.Polynomial(_WARM_DAYLIGHT if inverse >= 1 / 7 else _COOL_DAYLIGHT)(inverse))
    y = -3.0 * x**2 + 2.87 * x - 0.275
    ratio_x, _, ratio_z = np.cbrt(np.array([x, y, 1 - x - y]) / y / WHITE)
    return np.array([500 * (ratio_x - 1), 200 * (1 - ratio_z)], np.float32)
