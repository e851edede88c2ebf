"""The reference for speed: the steps of the well-known OpenCV colouring script, reimplemented."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmarks.support.random_weights import caffemodel_bytes, random_blobs
from colorizer import MODELS
from colorizer.arrays import Floats, Pixels
from colorizer.network.predictor import Predictor


def colorize(rgb: Pixels, predict: Callable[[Floats], Floats], side: int) -> Pixels:
    """Colour RGB (H, W, 3) uint8 through a float Lab copy of the whole picture; returns RGB (H, W, 3) uint8.

    `predict`: L (side, side) float32 0..100 -> ab (h, w, 2) float32.
    """
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    luminance = cv2.split(lab)[0]
    small = cv2.split(cv2.resize(lab, (side, side)))[0]
    ab = cv2.resize(predict(np.ascontiguousarray(small, np.float32)), (rgb.shape[1], rgb.shape[0]))
    merged = np.concatenate((luminance[..., np.newaxis], ab), axis=2)
    colorized = np.clip(cv2.cvtColor(merged, cv2.COLOR_Lab2RGB), 0, 1)
    return (255 * colorized).astype(np.uint8)


def reference_network() -> Predictor:
    """zhang2016 at full width with seeded random weights, which do not affect its speed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.caffemodel"
        path.write_bytes(caffemodel_bytes(random_blobs()))
        return Predictor(MODELS["zhang2016"], path)
