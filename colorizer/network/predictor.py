"""Run the colour networks with OpenCV's dnn module: luminance in, ab and logits out."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from colorizer.arrays import Floats
from colorizer.errors import WeightsInvalid
from colorizer.network import zhang2016
from colorizer.network.registry import ModelSpec

MIDDLE_LUMINANCE = 50.0  # subtracted from L, so the networks' input is -50..50

FEATURE_STRIDES = (4, 8, 16)  # pixels of the input for one cell of a feature map
MIN_FEATURES = 32  # channels; narrower layers are outputs or have seen little of the picture

_SIDE_MULTIPLES = {"caffe": zhang2016.STRIDE, "onnx": 32}  # the factor by which each network downsamples its input


@dataclass(frozen=True)
class Prediction:
    """A network's output for one picture, at the network's output resolution (zhang2016: a quarter of the input's).

    `ab`: (h, w, 2) float32, C-contiguous, CIE units, about -110..110, not clipped: the colours as predicted.
    `logits`: (313, h, w) float32 over the colour points, or None if they were not requested.
    `spec`: the model, whose `vivid_temperature` and `vivid_gain` define vividness 1.
    `features`: inner layers, each (c, h, w) float32, which describe what is where; empty if they were not requested.
    """

    ab: Floats
    logits: Floats | None
    spec: ModelSpec
    features: tuple[Floats, ...] = ()

    def ab_at(self, vividness: float) -> Floats:
        """ab (h, w, 2) float32 at a vividness of 0 (`ab` itself) .. 1 (the annealed mean at the vivid temperature).

        The network does not run again. Raises ValueError if the vividness is above 0 and there are no logits.
        """
        if vividness == 0:
            return self.ab
        vivid = self.spec.vivid_gain * zhang2016.annealed_mean(self.scores, self.spec.vivid_temperature)
        return self.ab + np.float32(vividness) * (vivid - self.ab)

    @property
    def probabilities(self) -> Floats:
        """The calibrated distribution over the colour points: (313, h, w) float32. Raises as `scores` does."""
        return zhang2016.anneal(self.scores, self.spec.calibrated_temperature)

    def probabilities_at(self, row: int, column: int) -> Floats:
        """The same of one place of the logits: (313,) float32."""
        return zhang2016.anneal(self.scores[:, row, column], self.spec.calibrated_temperature)

    @property
    def scores(self) -> Floats:
        """The logits. Raises ValueError if they were not requested."""
        if self.logits is None:
            raise ValueError("expected a prediction with its distribution, got one without")
        return self.logits


class Predictor:
    """One network, read from the file `weights`. Threads may share it; a lock lets one run at a time.

    `divisor`: for a Caffe network with fewer hidden channels, the factor by which they are divided (see `prototxt`).
    Raises WeightsInvalid if the file does not hold the network of `spec`, OSError if it cannot be read.
    """

    def __init__(self, spec: ModelSpec, weights: Path, *, divisor: int = 1) -> None:
        self.spec = spec
        self._lock = threading.Lock()  # a cv2.dnn.Net keeps state between setInput and forward
        # A buffer, because OpenCV on Windows cannot open a path with characters outside the system's code page.
        buffer = np.frombuffer(weights.read_bytes(), np.uint8)
        try:
            if spec.format == "caffe":
                self._net, self._ab = _read_caffe(buffer, divisor), spec.output
            else:
                self._net = cv2.dnn.readNetFromONNX(buffer)
                self._ab = _find_ab_layer(self._net, spec)
        except (cv2.error, _UnexpectedNetworkError) as error:
            raise WeightsInvalid(f"expected {weights} to hold the network {spec.title!r}, got: {error}") from error

    def predict(self, luminance: Floats, *, distribution: bool = True, features: bool = False) -> Prediction:
        """Run the network on a picture's luminance.

        `luminance`: (height, width) float32, CIE L 0..100, at the network's input size. Both sides are positive
        multiples of 8 for a Caffe network and of 32 for an ONNX network.
        `distribution`: False leaves out the logits, which saves a little time. `features`: whether to return the
        layers that `_find_feature_layers` names.
        Raises ValueError for an array of another shape or dtype, and for features of a network without such layers.
        """
        if luminance.ndim != 2 or luminance.dtype != np.float32:
            raise ValueError(f"expected luminance that is 2-D float32, got {luminance.ndim}-D {luminance.dtype}")
        multiple = _SIDE_MULTIPLES[self.spec.format]
        if not luminance.size or any(side % multiple for side in luminance.shape):
            raise ValueError(f"expected luminance with sides that are multiples of {multiple}, got {luminance.shape}")
        blob = np.ascontiguousarray(luminance - np.float32(MIDDLE_LUMINANCE))[np.newaxis, np.newaxis]
        names = [self._ab, *([self.spec.logits] if distribution else [])]
        with self._lock:
            layers = self._feature_layers if features else ()
            self._net.setInput(blob)
            # Copied before the lock is released, because the next forward pass overwrites the net's own arrays.
            ab, *others = [
                np.array(output[0], np.float32, copy=True) for output in self._net.forward([*names, *layers])
            ]
        colors = np.ascontiguousarray(ab.transpose(1, 2, 0))
        logits = others.pop(0) if distribution else None
        return Prediction(colors, logits, self.spec, tuple(others))

    def predict_ab(self, luminance: Floats) -> Floats:
        """Only the predicted ab: `predict(luminance, distribution=False).ab`."""
        return self.predict(luminance, distribution=False).ab

    @cached_property
    def _feature_layers(self) -> tuple[str, ...]:
        return _find_feature_layers(self._net, self.spec)


class _UnexpectedNetworkError(Exception):
    """A network that OpenCV can read but that is not the expected one."""


def _find_ab_layer(net: cv2.dnn.Net, spec: ModelSpec) -> str:
    """The layer of an ONNX network to ask for ab: the one before OpenCV's copy of the output, if there is one.

    OpenCV runs all layers up to the one that is asked for, and puts the copies of the outputs after all others, so
    asking for the output itself would also compute the logits. Runs once on grey: an ONNX file contains its own graph,
    so only a run shows whether its output fits. Raises _UnexpectedNetworkError if it does not.
    """
    layers = _layers(net, spec)
    of_output = next((shape for layer, shape in layers if layer.name == spec.output), ())
    alike = [layer.name for layer, shape in layers if layer.type != "Identity" and shape == of_output]
    net.setInput(np.zeros((1, 1, spec.side, spec.side), np.float32))
    output, *last = net.forward([spec.output, *alike[-1:]])
    if len(output.shape) != 4 or output.shape[:2] != (1, 2):
        raise _UnexpectedNetworkError(f"an output of shape {output.shape} where (1, 2, h, w) is expected")
    return alike[-1] if last and np.array_equal(last[0], output) else spec.output


def _find_feature_layers(net: cv2.dnn.Net, spec: ModelSpec) -> tuple[str, ...]:
    """The layers whose outputs describe the picture best, found by their shapes, so that no model's names are needed.

    For each of FEATURE_STRIDES, this is the last layer before the network first goes to a coarser one (the end of the
    encoder there), and the last of all (the end of the decoder).
    """
    points = len(zhang2016.color_points())
    sides = [
        (layer.name, shape[2])
        for layer, shape in _layers(net, spec)
        if len(shape) == 4 and shape[1] >= MIN_FEATURES and shape[1] != points and shape[2] == shape[3]
    ]
    found: list[str] = []
    for side in (spec.side // stride for stride in FEATURE_STRIDES):
        places = [place for place, (_, size) in enumerate(sides) if size == side]
        if not places:
            continue
        coarser = (place for place, (_, size) in enumerate(sides) if place > places[0] and size < side)
        first_coarser = next(coarser, len(sides))
        found += [sides[max(place for place in places if place < first_coarser)][0], sides[places[-1]][0]]
    if not found:
        raise ValueError(
            f"expected a network with layers of {MIN_FEATURES} channels or more at strides {FEATURE_STRIDES}"
        )
    return tuple(dict.fromkeys(found))


def _layers(net: cv2.dnn.Net, spec: ModelSpec) -> list[tuple[cv2.dnn.Layer, tuple[int, ...]]]:
    """The layers, in the order in which OpenCV runs them, each with the shape of its output at the model's side."""
    identifiers, _, shapes = net.getLayersShapes((1, 1, spec.side, spec.side))
    return [
        (net.getLayer(int(identifier)), tuple(blobs[0])) for identifier, blobs in zip(identifiers, shapes, strict=True)
    ]


def _read_caffe(buffer: NDArray[np.uint8], divisor: int) -> cv2.dnn.Net:
    definition = np.frombuffer(zhang2016.prototxt(divisor=divisor).encode(), np.uint8)
    net = cv2.dnn.readNetFromCaffe(definition, buffer)
    # This check comes before any forward pass: OpenCV does not report that a layer's weights are missing from the file,
    # and a deconvolution without weights then crashes the process.
    for name, expected in zhang2016.stored_blobs(divisor=divisor).items():
        shapes = [blob.shape for blob in net.getLayer(name).blobs]
        if [_squeeze_shape(shape) for shape in shapes] != [_squeeze_shape(shape) for shape in expected]:
            raise _UnexpectedNetworkError(f"weights of shape {shapes} where layer {name} expects {list(expected)}")
    for name, blob in zhang2016.constant_blobs().items():
        blobs: list[MatLike] = [blob]
        net.getLayer(name).blobs = blobs
    return net


def _squeeze_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape without sides of 1. A vector is (n,), (n, 1) or (1, 1, 1, n), depending on the Caffe version."""
    return tuple(side for side in shape if side != 1)
