"""Trained weights -> ONNX: `python -m training.export RUN/weights.pt [RUN/weights.pt ...] model/compact.onnx`.

Of several files, the mean of the weights is exported: both heads, with ab scaled by `gain`. Checks that OpenCV and
onnxruntime give the same results as PyTorch. Prints the size and the SHA-256 for `colorizer/network/registry.py`.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from training.network import ColorNet, network_of
from training.weights import mean_weights

SIDE = 224
OUTPUTS = ("ab", "logits")
TOLERANCE = 1e-4  # relative to the largest value of each output


class Shipped(nn.Module):
    """L minus 50 (1, 1, H, W) -> ab (1, 2, H/4, W/4) in CIE units, logits (1, 313, H/4, W/4) over the colour points."""

    def __init__(self, network: ColorNet, gain: float) -> None:
        super().__init__()
        self.network, self.gain = network, gain

    def forward(self, luminance: Tensor) -> tuple[Tensor, Tensor]:
        # Scaled inside `read`, so that ab is complete before the costly logits: OpenCV runs all nodes up to the last
        # one that is asked for.
        return self.network.read(self.network.refine(self.network.encode(luminance))[0], self.gain)


def export(weights: Mapping[str, Tensor], target: Path, gain: float) -> float:
    """Write the ONNX file. Returns the largest relative difference of OpenCV and onnxruntime from PyTorch."""
    luminance = 30 * torch.randn(1, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(0)).clamp(-1.6, 1.6)
    return write_onnx(Shipped(network_of(weights), gain), {"luminance": luminance}, OUTPUTS, target)


def write_onnx(network: nn.Module, inputs: Mapping[str, Tensor], outputs: Sequence[str], target: Path) -> float:
    """Write a network that returns a tuple as an ONNX file, by example inputs, which have the names that they get.

    Returns the largest difference of OpenCV and onnxruntime from PyTorch, relative to the largest value of each output.
    """
    torch.onnx.export(
        network.eval(),
        tuple(inputs.values()),
        str(target),
        input_names=list(inputs),
        output_names=list(outputs),
        opset_version=13,
        dynamo=False,  # the newer exporter writes a Resize that OpenCV 4 does not read
    )
    with torch.no_grad():
        expected = [output.numpy() for output in network(*inputs.values())]
    arrays = {name: values.numpy() for name, values in inputs.items()}
    net = cv2.dnn.readNetFromONNX(str(target))
    for name, values in arrays.items():
        net.setInput(values, name)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    results = [net.forward(outputs), session.run(outputs, arrays)]
    return max(
        float(np.abs(output - truth).max() / np.abs(truth).max())
        for result in results
        for output, truth in zip(result, expected, strict=True)
    )


def report(target: Path, difference: float) -> None:
    """Print the size and the SHA-256 of an exported file. Raises SystemExit if the runtimes do not agree."""
    data = target.read_bytes()
    print(f"size={len(data)}\nsha256={hashlib.sha256(data).hexdigest()}\nlargest relative difference {difference:.1e}")
    if difference > TOLERANCE:
        raise SystemExit(f"expected the runtimes to agree to {TOLERANCE:.0e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+", help="of several files, their mean")
    parser.add_argument("target", type=Path)
    parser.add_argument("--gain", type=float, default=1.0, help="factor on ab, chosen on the validation photographs")
    arguments = parser.parse_args()
    report(arguments.target, export(mean_weights(arguments.weights), arguments.target, arguments.gain))


if __name__ == "__main__":
    main()
