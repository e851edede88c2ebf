"""Metrics of coloured pictures that image libraries lack: colourfulness and the paper's AuC."""

from __future__ import annotations

import numpy as np

from colorizer.arrays import Floats, Pixels
from colorizer.network.color_classes import nearest_class, smooth_prior
from colorizer.network.zhang2016 import color_points

LARGEST_ERROR = 150  # CIE units: the last threshold of the curve


def colorfulness(rgb: Pixels, *, absolute: bool = False) -> float:
    """Colourfulness of RGB (H, W, 3) uint8 (Hasler and Suesstrunk 2003, equation 10): 0 is grey, about 40 is typical.

    `absolute`: use absolute opponent differences, as DDColor's published evaluation does.
    """
    red, green, blue = np.moveaxis(rgb.astype(np.float64), -1, 0)
    opponents = np.stack([red - green, (red + green) / 2 - blue])
    if absolute:
        opponents = np.abs(opponents)
    spread, center = np.hypot(*opponents.std((1, 2))), np.hypot(*opponents.mean((1, 2)))
    return float(spread + 0.3 * center)


class ErrorCurve:
    """Area under the curve of the share of pixels with an ab error within 0..150 (Zhang et al. 2016, section 3.1).

    Pixels are counted by the class of their true colour, so that all classes can be weighted equally afterwards.
    """

    def __init__(self) -> None:
        # The last bin holds the errors above all thresholds.
        self._counts = np.zeros((len(color_points()), LARGEST_ERROR + 2), np.int64)

    def add(self, ab: Floats, truth: Floats) -> None:
        """Count a result: its ab and the true ab, both (H, W, 2) in CIE units."""
        classes, bins = self._counts.shape
        error = np.minimum(np.ceil(np.hypot(*np.moveaxis(ab - truth, -1, 0))), bins - 1).astype(np.intp)
        places = nearest_class(truth) * bins + error
        self._counts += np.bincount(places.ravel(), minlength=classes * bins).reshape(classes, bins)

    def percent(self, *, rebalanced: bool = False) -> float:
        """The area, 0..100. `rebalanced`: weight pixels by their colour's inverse frequency (equation 4, lambda 0)."""
        totals = self._counts.sum(1)
        within = self._counts[:, : LARGEST_ERROR + 1].cumsum(1).mean(1)
        weight = 1 / smooth_prior(totals / totals.sum()) if rebalanced else np.ones(len(totals))
        return float(100 * (weight * within).sum() / (weight * totals).sum())
