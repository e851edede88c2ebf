"""The Caffe colour network of Zhang, Isola and Efros (ECCV 2016): its layers, its colour points, its annealed mean.

All numbers are from the authors' published network (github.com/richzhang/colorization).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

POINT_SPACING = 10  # CIE units

# For each a: the first and last b of its colour points, which are POINT_SPACING apart.
_B_RANGES = {
    -90: (50, 90), -80: (20, 90), -70: (0, 90), -60: (-20, 90), -50: (-30, 100), -40: (-40, 100), -30: (-50, 100),
    -20: (-50, 100), -10: (-60, 100), 0: (-70, 100), 10: (-80, 90), 20: (-80, 90), 30: (-90, 90), 40: (-100, 90),
    50: (-100, 80), 60: (-110, 80), 70: (-110, 80), 80: (-110, 70), 90: (-110, 70), 100: (-90, 0),
}  # fmt: skip

# The network multiplies its logits by 1/T before the softmax: the annealed mean of the paper's section 2.3. T near 0
# gives the mode (vivid, blotchy), T = 1 gives the mean (dull). The published network has 1/T = 2.606 = 6/ln 10; the
# paper rounds T to 0.38.
INVERSE_TEMPERATURE = 2.606
ANNEALED_MEAN_TEMPERATURE = 1 / INVERSE_TEMPERATURE  # 0.384

INPUT_LAYER = "data_l"
TEMPERATURE_LAYER = "conv8_313_rh"
POINTS_LAYER = "class8_ab"

STRIDE = 8  # the smallest layer is the input downsampled by this factor, so the input's sides are multiples of it


class Layer(NamedTuple):
    """One layer of the network; its input is the layer before it. `channels`: of its output."""

    name: str
    kind: Literal["Convolution", "Deconvolution", "BatchNorm", "Scale", "Softmax"]
    channels: int
    stride: int = 1
    dilation: int = 1
    kernel: int = 3
    pad: int = 1
    relu: bool = True


LAYERS: tuple[Layer, ...] = (
    Layer("bw_conv1_1", "Convolution", 64),
    Layer("conv1_2", "Convolution", 64, stride=2),
    Layer("conv1_2norm", "BatchNorm", 64, relu=False),
    Layer("conv2_1", "Convolution", 128),
    Layer("conv2_2", "Convolution", 128, stride=2),
    Layer("conv2_2norm", "BatchNorm", 128, relu=False),
    Layer("conv3_1", "Convolution", 256),
    Layer("conv3_2", "Convolution", 256),
    Layer("conv3_3", "Convolution", 256, stride=2),
    Layer("conv3_3norm", "BatchNorm", 256, relu=False),
    Layer("conv4_1", "Convolution", 512),
    Layer("conv4_2", "Convolution", 512),
    Layer("conv4_3", "Convolution", 512),
    Layer("conv4_3norm", "BatchNorm", 512, relu=False),
    Layer("conv5_1", "Convolution", 512, dilation=2, pad=2),
    Layer("conv5_2", "Convolution", 512, dilation=2, pad=2),
    Layer("conv5_3", "Convolution", 512, dilation=2, pad=2),
    Layer("conv5_3norm", "BatchNorm", 512, relu=False),
    Layer("conv6_1", "Convolution", 512, dilation=2, pad=2),
    Layer("conv6_2", "Convolution", 512, dilation=2, pad=2),
    Layer("conv6_3", "Convolution", 512, dilation=2, pad=2),
    Layer("conv6_3norm", "BatchNorm", 512, relu=False),
    Layer("conv7_1", "Convolution", 512),
    Layer("conv7_2", "Convolution", 512),
    Layer("conv7_3", "Convolution", 512),
    Layer("conv7_3norm", "BatchNorm", 512, relu=False),
    Layer("conv8_1", "Deconvolution", 256, kernel=4, stride=2),
    Layer("conv8_2", "Convolution", 256),
    Layer("conv8_3", "Convolution", 256),
    Layer("conv8_313", "Convolution", 313, kernel=1, pad=0, relu=False),
    Layer(TEMPERATURE_LAYER, "Scale", 313, relu=False),
    Layer("class8_313_rh", "Softmax", 313, relu=False),
    Layer(POINTS_LAYER, "Convolution", 2, kernel=1, pad=0, relu=False),
)


def color_points() -> NDArray[np.float32]:
    """The 313 colour points (a, b), inside the sRGB gamut: (313, 2) float32, CIE units, sorted by a, then by b."""
    return np.array(
        [(a, b) for a, (first, last) in _B_RANGES.items() for b in range(first, last + 1, POINT_SPACING)],
        np.float32,
    )


def annealed_mean(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """The annealed mean of a distribution over the colour points (Zhang et al. 2016, equation 5).

    `logits`: (313, h, w) float32. `temperature`: of the softmax; 1 gives the plain mean, which is dull, and values near
    0 give the likeliest point, which is vivid and blotchy. Returns ab (h, w, 2) float32, CIE units.
    Raises ValueError unless the temperature is above 0.
    """
    weight = _exponentials(logits.reshape(len(logits), -1), temperature)
    ab = (color_points().T @ weight) / weight.sum(axis=0)
    return np.ascontiguousarray(ab.T).reshape(*logits.shape[1:], 2)


def anneal(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """The softmax at `temperature` of logits (313, ...) float32: (313, ...) float32, which sums to 1 over the points.

    `annealed_mean` is the mean of this distribution. Temperature 1 gives the network's own distribution; near 0, the
    likeliest point gets all the weight. Raises ValueError unless the temperature is above 0.
    """
    weight = _exponentials(logits, temperature)
    weight /= weight.sum(axis=0)
    return weight


def _exponentials(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    if not temperature > 0:
        raise ValueError(f"expected a temperature above 0, got {temperature}")
    weight: NDArray[np.float32] = logits - logits.max(axis=0)  # of several megabytes, so all else is in its place
    weight /= np.float32(temperature)
    np.exp(weight, out=weight)
    return weight


def constant_blobs() -> dict[str, NDArray[np.float32]]:
    """The blobs that no weights file contains, by layer: the points (2, 313, 1, 1) and 1/T (1, 313), both float32."""
    points = np.ascontiguousarray(color_points().T).reshape(2, 313, 1, 1)
    return {POINTS_LAYER: points, TEMPERATURE_LAYER: np.full((1, 313), INVERSE_TEMPERATURE, np.float32)}


def stored_blobs(*, divisor: int = 1) -> dict[str, tuple[tuple[int, ...], ...]]:
    """The shapes of the blobs that a weights file must contain, by layer, in Caffe's order.

    Convolution: weights (out, in, kernel, kernel) and bias (out,). Deconvolution: weights (in, out, kernel, kernel) and
    bias (out,). BatchNorm: mean (out,), variance (out,) and the factor (1,) by which both are divided.
    `divisor`: as in `prototxt`.
    """
    shapes: dict[str, tuple[tuple[int, ...], ...]] = {}
    before = 1
    for layer in LAYERS:
        channels = _channels(layer, divisor)
        if layer.kind == "BatchNorm":
            shapes[layer.name] = ((channels,), (channels,), (1,))
        elif layer.kind in ("Convolution", "Deconvolution") and layer.name != POINTS_LAYER:
            ends = (channels, before) if layer.kind == "Convolution" else (before, channels)
            shapes[layer.name] = ((*ends, layer.kernel, layer.kernel), (channels,))
        before = channels
    return shapes


def prototxt(side: int = 224, *, divisor: int = 1) -> str:
    """The network's definition in Caffe's text format, for cv2.dnn.readNetFromCaffe.

    `side`: of the square input, in pixels, a multiple of 8; the network also accepts inputs of other multiples of 8.
    `divisor`: of the hidden channels (64 to 512), for a smaller network of the same form; 1 is the published network.
    Raises ValueError for a side that is not a positive multiple of 8, or a divisor that does not divide 64.
    """
    if side < STRIDE or side % STRIDE:
        raise ValueError(f"expected a side that is a positive multiple of {STRIDE}, got {side}")
    if divisor < 1 or 64 % divisor:
        raise ValueError(f"expected a divisor of 64, the narrowest layer's channels, got {divisor}")
    lines = [
        f'layer {{ name: "{INPUT_LAYER}" type: "Input" top: "{INPUT_LAYER}"',
        f"  input_param {{ shape {{ dim: 1 dim: 1 dim: {side} dim: {side} }} }} }}",
    ]
    before = INPUT_LAYER
    for layer in LAYERS:
        name = layer.name
        lines.append(f'layer {{ name: "{name}" type: "{layer.kind}" bottom: "{before}" top: "{name}"')
        lines.append(f"  {_parameters(layer, divisor)} }}")
        if layer.relu:  # in place: the output has the input's name
            lines.append(f'layer {{ name: "{name}_relu" type: "ReLU" bottom: "{name}" top: "{name}" }}')
        before = name
    return "\n".join(lines) + "\n"


def _channels(layer: Layer, divisor: int) -> int:
    return layer.channels if layer.channels in (313, 2) else layer.channels // divisor


def _parameters(layer: Layer, divisor: int) -> str:
    if layer.kind == "BatchNorm":
        return "batch_norm_param { use_global_stats: true eps: 0.00001 }"
    if layer.kind == "Scale":
        return "scale_param { bias_term: false }"
    if layer.kind == "Softmax":
        return "softmax_param { axis: 1 }"
    bias = "false" if layer.name == POINTS_LAYER else "true"
    return (
        f"convolution_param {{ num_output: {_channels(layer, divisor)} bias_term: {bias} kernel_size: {layer.kernel}"
        f" stride: {layer.stride} pad: {layer.pad} dilation: {layer.dilation} }}"
    )
