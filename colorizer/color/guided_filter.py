"""Colours that end where things end: the network's low-resolution ab, led along the edges of the luminance.

The guided filter of K. He, J. Sun and X. Tang (ECCV 2010), in the fast form of K. He and J. Sun (arXiv:1505.00996,
2015): linear models of ab by L are fitted at the network's own resolution and applied to L at a larger one. Of a model
only the slope is taken, so that the network's answer stays what it is wherever L says nothing new.
"""

from __future__ import annotations

import cv2
import numpy as np

from colorizer.arrays import Floats
from colorizer.resize import resize

# Both chosen by `python -m benchmarks.edges`.
RADIUS = 1  # of the window, in the network's own pixels
EPSILON = 256.0  # L squared: lightness that varies by less than its root counts as flat


def refine(ab: Floats, luminance: Floats, *, radius: int = RADIUS, epsilon: float = EPSILON) -> Floats:
    """ab (h, w, 2) float32 of low resolution -> ab (H, W, 2) that follows the edges of `luminance` (H, W), L 0..100.

    Where L is what it is at low resolution, ab is too; where L departs from it, ab departs by the local model's slope.
    """
    height, width = luminance.shape
    guide = resize(luminance, ab.shape[1], ab.shape[0])[..., np.newaxis]
    mean_guide, mean_ab = _mean(guide, radius), _mean(ab, radius)
    variance = _mean(guide * guide, radius) - mean_guide**2
    slope = (_mean(guide * ab, radius) - mean_guide * mean_ab) / (variance + np.float32(epsilon))
    slope = _mean(slope, radius)

    def upsample(plane: Floats) -> Floats:
        return np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)

    # Plane by plane: NumPy is slow at arithmetic whose last axis has two numbers.
    departure = luminance - upsample(guide[..., 0])
    planes = [upsample(ab[..., i]) + upsample(slope[..., i]) * departure for i in range(2)]
    return np.asarray(cv2.merge(planes), np.float32)


def _mean(values: Floats, radius: int) -> Floats:
    """Means over windows of (h, w, c)."""
    side = 2 * radius + 1
    return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT), np.float32).reshape(values.shape)
