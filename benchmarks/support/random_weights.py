"""Seeded random weights for the published network, and the .caffemodel file that holds them.

With them the real reader and the full-width network run without the 129 MB file.
Field numbers from caffe.proto: NetParameter.layer = 100; LayerParameter.name = 1, .type = 2, .blobs = 7;
BlobProto.data = 5 (packed floats), .shape = 7; BlobShape.dim = 1 (packed varints).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Blobs = dict[str, list[Array]]

# Blocks of (layers, channels, stride of the last layer, dilation); a batch norm named <last layer>norm ends each.
BLOCKS = (
    (("bw_conv1_1", "conv1_2"), 64, 2, 1),
    (("conv2_1", "conv2_2"), 128, 2, 1),
    (("conv3_1", "conv3_2", "conv3_3"), 256, 2, 1),
    (("conv4_1", "conv4_2", "conv4_3"), 512, 1, 1),
    (("conv5_1", "conv5_2", "conv5_3"), 512, 1, 2),
    (("conv6_1", "conv6_2", "conv6_3"), 512, 1, 2),
    (("conv7_1", "conv7_2", "conv7_3"), 512, 1, 1),
)


def random_blobs(*, divisor: int = 1, seed: int = 2016) -> Blobs:
    """Seeded weights in Caffe's shapes, float32, hidden channels divided by `divisor`.

    Scaled (He initialisation) so that activations stay near 1 at every depth and the softmax is neither flat nor
    saturated: ab then varies from place to place, and a wrong layer shows.
    """
    random = np.random.default_rng(seed)

    def normal(*shape: int, scale: float) -> Array:
        return (random.standard_normal(shape) * scale).astype(np.float32)

    def convolution(before: int, after: int, kernel: int) -> list[Array]:
        weights = normal(after, before, kernel, kernel, scale=(2 / (before * kernel**2)) ** 0.5)
        return [weights, normal(after, scale=0.1)]

    blobs: Blobs = {}
    before = 1
    for names, full, _, _ in BLOCKS:
        channels = full // divisor
        for name in names:
            blobs[name] = convolution(before, channels, 3)
            before = channels
        factor = np.array([3.5], np.float32)  # Caffe stores sums; mean and variance are these over the factor
        mean, variance = normal(channels, scale=0.3), random.uniform(0.5, 1.5, channels).astype(np.float32)
        blobs[f"{names[-1]}norm"] = [mean * factor, variance * factor, factor]
    blobs["bw_conv1_1"][0] /= 30  # luminance minus 50 is -50..50, not about 1
    channels = 256 // divisor
    # Four of the 16 weights of a stride-2, 4x4 deconvolution meet at each pixel.
    deconvolution = normal(before, channels, 4, 4, scale=(2 / (before * 4)) ** 0.5)
    blobs["conv8_1"] = [deconvolution, normal(channels, scale=0.1)]
    blobs["conv8_2"] = convolution(channels, channels, 3)
    blobs["conv8_3"] = convolution(channels, channels, 3)
    blobs["conv8_313"] = convolution(channels, 313, 1)
    return blobs


def caffemodel_bytes(blobs: Mapping[str, Sequence[NDArray[np.float32]]]) -> bytes:
    """The wire format of a network whose layers carry these blobs; `blobs` by layer name, in Caffe's order."""
    return b"".join(_field(100, _layer(name, arrays)) for name, arrays in blobs.items())


def _layer(name: str, arrays: Iterable[NDArray[np.float32]]) -> bytes:
    # The type is left out on purpose: a reader takes it from the definition, and matches blobs by name alone.
    return _field(1, name.encode()) + b"".join(_field(7, _blob(array)) for array in arrays)


def _blob(array: NDArray[np.float32]) -> bytes:
    shape = _field(1, b"".join(_varint(side) for side in array.shape))
    return _field(5, array.astype("<f4").tobytes()) + _field(7, shape)


def _field(number: int, payload: bytes) -> bytes:
    """A length-delimited field."""
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
