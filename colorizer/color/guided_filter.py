"""Edge-aware upsampling: the network's low-resolution ab is upsampled so that colours end at the edges of L.

This is the guided filter of K. He, J. Sun and X. Tang (ECCV 2010) in its fast form (K. He and J. Sun,
arXiv:1505.00996, 2015): local linear models of ab as a function of L are fitted at the network's resolution and applied
to L at a larger one. Only the slope of each model is used, so the prediction is unchanged where L has no new detail.
"""

from __future__ import annotations

import cv2
import numpy as np

from colorizer.arrays import Floats
from colorizer.resize import resize

# Both were chosen with `python -m benchmarks.edges`.
RADIUS = 1  # of the window, in pixels of the low-resolution ab
EPSILON = 256.0  # L squared: a standard deviation of L below its root (16) counts as flat


def refine(ab: Floats, luminance: Floats, *, radius: int = RADIUS, epsilon: float = EPSILON) -> Floats:
    """Upsample low-resolution ab so that it follows the edges of the luminance.

    `ab`: (h, w, 2) float32, CIE units, or other planes: (h, w, n), n of 2 at least. `luminance`: (H, W) float32, L
    0..100. Returns (H, W, n) float32.
    `radius`: of the filter window, in pixels of `ab`. `epsilon`: the regularization, L squared.
    Where L equals its low-resolution copy, the result is the bilinearly upsampled ab. Elsewhere, the difference in L
    times the slope of the local model is added.
    """
    height, width = luminance.shape
    guide = resize(luminance, ab.shape[1], ab.shape[0])[..., np.newaxis]
    mean_guide, mean_ab = _mean(guide, radius), _mean(ab, radius)
    variance = _mean(guide * guide, radius) - mean_guide**2
    slope = (_mean(guide * ab, radius) - mean_guide * mean_ab) / (variance + np.float32(epsilon))
    slope = _mean(slope, radius)

    def upsample(plane: Floats) -> Floats:
        return np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)

    # Plane by plane, because NumPy is slow on arrays with a last axis of length two.
    detail = luminance - upsample(guide[..., 0])
    planes = [upsample(ab[..., i]) + upsample(slope[..., i]) * detail for i in range(ab.shape[2])]
    return np.asarray(cv2.merge(planes), np.float32)


def _mean(values: Floats, radius: int) -> Floats:
    """Box filter of (h, w, c) with windows of 2 * radius + 1 pixels; same shape."""
    side = 2 * radius + 1
    return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT), np.float32).reshape(values.shape)
