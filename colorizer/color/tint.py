"""Tell a picture with the colours of what it shows from a grey one and from one with a single tint, such as sepia."""

from __future__ import annotations

from enum import Enum, auto

import numpy as np

from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.picture import Picture, shrink

_SIDE = 64  # pixels; averaging to this size removes the noise of a scan or a JPEG file
_LEAST_COLOR = 4.5  # CIE units; separates nearly all colour photographs from sepia prints
_GRAY_CHROMA = 4.0  # CIE units; a smaller chroma looks grey
_GRAY_SHARE = 0.99  # of a grey picture's pixels; the rest is noise and dust


class Coloring(Enum):
    """What the colours of a picture are."""

    GRAY = auto()
    TINTED = auto()  # one tint over a grey picture: sepia, yellowed paper, a blue print
    COLORED = auto()


def find_coloring(pixels: Pixels) -> Coloring:
    """What the colours of a picture are, (H, W) or (H, W, 3), uint8 or uint16, sRGB.

    A grey picture with a small coloured part, such as a flower, is COLORED: a tint lies over most of a picture.
    """
    if pixels.ndim == 2:
        return Coloring.GRAY
    chroma = np.hypot(*np.moveaxis(lab.rgb_to_lab(pixels)[..., 1:], -1, 0))
    if np.mean(chroma < _GRAY_CHROMA) >= _GRAY_SHARE:
        return Coloring.GRAY
    return Coloring.COLORED if has_colors(pixels) or np.median(chroma) < _GRAY_CHROMA else Coloring.TINTED


def has_colors(pixels: Pixels) -> bool:
    """Whether a picture, (H, W) or (H, W, 3), uint8 or uint16, sRGB, has more colours than a tint.

    In a tinted picture the colour is a function of the lightness.
    """
    if pixels.ndim == 2:
        return False
    values: Floats = lab.rgb_to_lab(shrink(Picture(pixels), _SIDE).pixels).reshape(-1, 3)
    light, ab = np.rint(values[:, 0]).astype(int), values[:, 1:]
    counts = np.bincount(light)[light]
    tint = np.stack([np.bincount(light, weights=each)[light] / counts for each in ab.T], axis=1)
    return bool(np.percentile(np.hypot(*(ab - tint).T), 95) >= _LEAST_COLOR)
