"""Luminance in, ab out: the networks, on OpenCV's dnn module."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from colorizer.arrays import Floats
from colorizer.errors import WeightsInvalid
from colorizer.network import zhang2016
from colorizer.network.registry import ModelSpec

MIDDLE_LUMINANCE = 50.0  # taken from L: the networks see -50..50

_SIDE_MULTIPLES = {"caffe": zhang2016.STRIDE, "onnx": 32}  # how far each network shrinks its input inside


@dataclass(frozen=True)
class Prediction:
    """What a network says of one picture, at the network's resolution (for zhang2016 a quarter of its input's).

    `ab`: (h, w, 2) float32, C-contiguous, CIE units, about -110..110, not clipped: the model's own answer.
    `logits`: (313, h, w) float32 over the colour points, or None where they were not asked for.
    `spec`: of the model, which says how vivid vividness 1 is.
    """

    ab: Floats
    logits: Floats | None
    spec: ModelSpec

    def ab_at(self, vividness: float) -> Floats:
        """ab (h, w, 2) float32 between the model's own answer (0, faithful) and the annealed mean (1, vivid).

        Needs no further run of the network. Raises ValueError if vividness is above 0 and there are no logits.
        """
        if vividness == 0:
            return self.ab
        vivid = self.spec.vivid_gain * zhang2016.annealed_mean(self.scores, self.spec.vivid_temperature)
        return self.ab + np.float32(vividness) * (vivid - self.ab)

    @property
    def scores(self) -> Floats:
        """The logits, where they must be there. Raises ValueError if they were not asked for."""
        if self.logits is None:
            raise ValueError("expected a prediction with its distribution, got one without")
        return self.logits


class Predictor:
    """One network, read from the file `weights`. Any number of threads may share it: they take turns.

    `divisor` is for a Caffe network with its hidden channels divided by it; 1 is the published one.
    Raises WeightsInvalid if the file does not hold the network of `spec`, OSError if it cannot be read.
    """

    def __init__(self, spec: ModelSpec, weights: Path, *, divisor: int = 1) -> None:
        self.spec = spec
        self._lock = threading.Lock()  # a cv2.dnn.Net keeps state between setInput and forward
        # A buffer and not a path: OpenCV on Windows opens no path with letters beyond the system's code page.
        buffer = np.frombuffer(weights.read_bytes(), np.uint8)
        try:
            if spec.format == "caffe":
                self._net = _read_caffe(buffer, divisor)
            else:
                self._net = cv2.dnn.readNetFromONNX(buffer)
                self._try_out()
        except (cv2.error, _UnexpectedNetworkError) as error:
            raise WeightsInvalid(f"expected {weights} to hold the network {spec.title!r}, got: {error}") from error

    def predict(self, luminance: Floats, *, distribution: bool = True) -> Prediction:
        """What the network predicts for a picture's luminance.

        `luminance`: (height, width) float32, CIE L 0..100, already at the size the network is to see; both sides
        are positive multiples of 8 for a Caffe network, of 32 for an ONNX network. Without `distribution` the logits
        are left out, which saves a little time. Raises ValueError for any other array.
        """
        if luminance.ndim != 2 or luminance.dtype != np.float32:
            raise ValueError(f"expected luminance that is 2-D float32, got {luminance.ndim}-D {luminance.dtype}")
        multiple = _SIDE_MULTIPLES[self.spec.format]
        if not luminance.size or any(side % multiple for side in luminance.shape):
            raise ValueError(f"expected luminance with sides that are multiples of {multiple}, got {luminance.shape}")
        blob = np.ascontiguousarray(luminance - np.float32(MIDDLE_LUMINANCE))[np.newaxis, np.newaxis]
        names = [self.spec.output, self.spec.logits] if distribution else [self.spec.output]
        with self._lock:
            self._net.setInput(blob)
            # Copied before the lock opens: the results lie in the net's own memory, and the next forward reuses it.
            ab, *logits = [np.array(output[0], np.float32, copy=True) for output in self._net.forward(names)]
        colors = np.ascontiguousarray(ab.transpose(1, 2, 0))
        return Prediction(colors, logits[0] if logits else None, self.spec)

    def predict_ab(self, luminance: Floats) -> Floats:
        """The model's own colours alone: `predict(luminance, distribution=False).ab`."""
        return self.predict(luminance, distribution=False).ab

    def _try_out(self) -> None:
        """Runs once on grey: an ONNX file brings its own definition, and only a run shows whether it is ours."""
        side = self.spec.side
        self._net.setInput(np.zeros((1, 1, side, side), np.float32))
        shape = self._net.forward(self.spec.output).shape
        if len(shape) != 4 or shape[:2] != (1, 2):
            raise _UnexpectedNetworkError(f"an output of shape {shape} where (1, 2, h, w) is expected")


class _UnexpectedNetworkError(Exception):
    """A network that OpenCV reads, and that is not the one we expect."""


def _read_caffe(buffer: NDArray[np.uint8], divisor: int) -> cv2.dnn.Net:
    definition = np.frombuffer(zhang2016.prototxt(divisor=divisor).encode(), np.uint8)
    net = cv2.dnn.readNetFromCaffe(definition, buffer)
    # Before any forward pass: OpenCV reads a file without a layer's weights in silence, and a deconvolution without
    # weights then takes the whole process down.
    for name, expected in zhang2016.stored_blobs(divisor=divisor).items():
        shapes = [blob.shape for blob in net.getLayer(name).blobs]
        if [_without_ones(shape) for shape in shapes] != [_without_ones(shape) for shape in expected]:
            raise _UnexpectedNetworkError(f"weights of shape {shapes} where layer {name} expects {list(expected)}")
    for name, blob in zhang2016.constant_blobs().items():
        blobs: list[MatLike] = [blob]
        net.getLayer(name).blobs = blobs
    return net


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A vector of n is (n,), (n, 1) or (1, 1, 1, n), as the versions of Caffe and OpenCV have it."""
    return tuple(side for side in shape if side != 1)
