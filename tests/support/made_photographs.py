"""Colour photographs that a seed makes."""

from __future__ import annotations

import cv2
import numpy as np

from colorizer.arrays import Pixels


def photo(height: int = 120, width: int = 150, *, channels: int = 3, seed: int = 0) -> Pixels:
    """Soft patches of random colours: (height, width, channels) uint8."""
    noise = np.random.default_rng(seed).uniform(30, 220, (4, 5, channels)).astype(np.float32)
    pixels: Pixels = cv2.resize(noise, (width, height)).reshape(height, width, channels).astype(np.uint8)
    return pixels
