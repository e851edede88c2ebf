"""Colours that end where things end: the network's low-resolution ab, led along the edges of the luminance.

The guided filter of K. He, J. Sun and X. Tang (ECCV 2010), in the fast form of K. He and J. Sun (arXiv:1505.00996,
2015): the linear models of ab by L are fitted at the network's own resolution, and applied to L at a larger one.
"""

from __future__ import annotations

import cv2
import numpy as np

from colorizer.lab import Floats, Pixels

WORKING_SIDE = 512  # pixels, the longest side at which colours are worked out; from there on they are stretched
# Both chosen by `python -m benchmarks.edges`.
RADIUS = 1  # of the window, in the network's own pixels
EPSILON = 64.0  # L squared: lightness that varies by less than its root counts as flat


def working_pixels(pixels: Pixels) -> Pixels:
    """Grey (H, W) or RGB (H, W, 3) pixels, made small enough to work out their colours."""
    height, width = pixels.shape[:2]
    scale = WORKING_SIDE / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), pixels.dtype)


def refine(ab: Floats, luminance: Floats, *, radius: int = RADIUS, epsilon: float = EPSILON) -> Floats:
    """ab (h, w, 2) float32 of low resolution -> ab (H, W, 2) that follows the edges of `luminance` (H, W), L 0..100."""
    height, width = luminance.shape
    small = cv2.resize(luminance, (ab.shape[1], ab.shape[0]), interpolation=cv2.INTER_AREA)
    guide = np.asarray(small, np.float32)[..., np.newaxis]
    mean_guide, mean_ab = _mean(guide, radius), _mean(ab, radius)
    variance = _mean(guide * guide, radius) - mean_guide**2
    slope = (_mean(guide * ab, radius) - mean_guide * mean_ab) / (variance + np.float32(epsilon))
    offset = mean_ab - slope * mean_guide
    models = cv2.resize(_mean(np.dstack([slope, offset]), radius), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(models[..., :2] * luminance[..., np.newaxis] + models[..., 2:], np.float32)


def _mean(values: Floats, radius: int) -> Floats:
    """Means over windows of (h, w, c)."""
    side = 2 * radius + 1
    return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT), np.float32).reshape(values.shape)
