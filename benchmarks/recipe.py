"""The reference the speed is compared with: the steps of the well-known OpenCV colouring script, in our own words."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from colorizer import MODELS
from colorizer.arrays import Floats, Pixels
from colorizer.network.predictor import Predictor
from tests.support.caffemodel import caffemodel_bytes
from tests.support.reference import random_blobs


def colorize(rgb: Pixels, predict: Callable[[Floats], Floats], side: int) -> Pixels:
    """RGB (H, W, 3) uint8 -> coloured RGB (H, W, 3) uint8, by way of a float Lab copy of the whole picture.

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
    """zhang2016 at its full width with seeded random weights: its time does not depend on them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.caffemodel"
        path.write_bytes(caffemodel_bytes(random_blobs()))
        return Predictor(MODELS["zhang2016"], path)
