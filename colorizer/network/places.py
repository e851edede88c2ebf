"""What is where in a picture, for hints: a vector for each place, alike where a person would give the same colour.

A small network makes the vectors from inner layers of `compact`; `training/affinity.py` says how it was trained.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache, cached_property

import cv2
import numpy as np

from colorizer.arrays import Floats
from colorizer.errors import WeightsInvalid
from colorizer.network.predictor import Predictor
from colorizer.network.registry import AFFINITY, MODELS
from colorizer.network.weights import built_in_weights, find_weights
from colorizer.resize import resize

_COMPACT = MODELS["compact"]


class Places:
    """The places of one picture. Nothing is computed before the vectors are asked for. Safe to share between threads.

    It can be pickled, so it holds no network: each process that asks for vectors loads its own, once.
    `luminance`: (h, w) float32, L 0..100, of the picture at any size and ratio.
    """

    def __init__(self, luminance: Floats) -> None:
        self._luminance = luminance

    @cached_property
    def vectors(self) -> Floats:
        """(32, side / 4, side / 4) float32: the more alike two places are, the smaller is the distance of theirs.

        Raises WeightsMissing or WeightsInvalid if the files of the networks are not as they came.
        """
        side = _COMPACT.side
        seen = resize(self._luminance, side, side)
        return _load_affinity().describe(_load_compact().predict(seen, distribution=False, features=True).features)


class _Affinity:
    """The network from the layers of `compact` to the vectors."""

    def __init__(self) -> None:
        path = built_in_weights(AFFINITY)
        try:
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(path.read_bytes(), np.uint8))
        except cv2.error as error:
            raise WeightsInvalid(f"expected {path} to hold the network for hints, got: {error}", path=path) from error
        self._lock = threading.Lock()  # a cv2.dnn.Net keeps state between setInput and forward

    def describe(self, layers: Sequence[Floats]) -> Floats:
        with self._lock:
            for number, layer in enumerate(layers):
                self._net.setInput(layer[np.newaxis], f"layer_{number}")
            return np.array(self._net.forward("vectors")[0], np.float32, copy=True)


@cache
def _load_affinity() -> _Affinity:
    return _Affinity()


@cache
def _load_compact() -> Predictor:
    return Predictor(_COMPACT, find_weights(_COMPACT))
