"""Where a network does not know: the entropy of its distribution over the colours, as a map to lay over a picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Pixels

CREDIBLE = 0.9  # the probability of the set of colours that is said to hold the true one
OPACITY = 0.6  # of the map over the grey picture
LEGEND = (  # positions 0..1 of the map's scale, and what they mean
    (0.0, "Dark blue: one colour is almost certain"),
    (0.5, "Grey: a few colours are likely"),
    (1.0, "Yellow: it could be almost any colour"),
)


def entropy(probabilities: Floats) -> Floats:
    """The entropy of distributions (n, h, w), relative to that of n equal shares: (h, w) float32, 0..1.

    0: one colour is certain. 1: all colours are as likely. C. E. Shannon, A Mathematical Theory of Communication, 1948.
    """
    terms = probabilities * np.log(np.maximum(probabilities, np.finfo(np.float32).tiny))
    # Without this, rounding makes it a little less than 0 or more than 1.
    return np.asarray(np.clip(-terms.sum(axis=0) / np.log(len(probabilities)), 0, 1), np.float32)


def mass_above(probabilities: Floats, chosen: NDArray[np.intp]) -> Floats:
    """The probability of all colours that are likelier than a chosen one.

    `probabilities`: (n, ...). `chosen`: (...), whole numbers below n. Returns (...) float32. A chosen colour belongs to
    the smallest set of colours of probability m (the highest-density set) where the result is below m.
    """
    own = np.take_along_axis(probabilities, chosen[np.newaxis], axis=0)
    return np.asarray(np.where(probabilities > own, probabilities, 0).sum(axis=0), np.float32)


def draw_overlay(gray: Pixels, uncertainty: Floats) -> Pixels:
    """Lay a map of uncertainty over a grey picture: RGB (H, W, 3) uint8.

    `gray`: (H, W) or (H, W, 3) uint8. `uncertainty`: (h, w) float32, 0..1, of any size. The scale is cividis, which
    people with any colour vision read alike (J. Nunez, C. Anderton and R. Renslow, 2018); `LEGEND` says what it means.
    """
    height, width = gray.shape[:2]
    large = cv2.resize(uncertainty, (width, height), interpolation=cv2.INTER_LINEAR)
    levels = np.rint(np.clip(large, 0, 1) * 255).astype(np.uint8)
    scale = cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_CIVIDIS), cv2.COLOR_BGR2RGB)
    base = gray if gray.ndim == 3 else cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.addWeighted(scale, OPACITY, base, 1 - OPACITY, 0), np.uint8)
