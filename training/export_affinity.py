"""Trained vectors for hints -> ONNX: `python -m training.export_affinity RUN/weights.pt model/affinity.onnx`.

Checks that OpenCV and onnxruntime give the same results as PyTorch. Prints the size and the SHA-256 for
`colorizer/network/registry.py`, and the numbers that were learned with the vectors for `colorizer/edits/likeness.py`.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from training.affinity import LAYERS, Affinity
from training.export import SIDE, report, write_onnx
from training.weights import load_weights


class ShippedAffinity(nn.Module):
    """The layers, each (1, C, h, w) float32 -> (vectors (1, LENGTH, SIDE / 4, SIDE / 4),)."""

    def __init__(self, network: Affinity) -> None:
        super().__init__()
        self.network = network

    def forward(self, *layers: Tensor) -> tuple[Tensor]:
        return (self.network(layers),)


def export_affinity(weights: Mapping[str, Tensor], target: Path) -> float:
    """Write the ONNX file, with the learned numbers in its metadata.

    Returns the largest relative difference of OpenCV and onnxruntime from PyTorch.
    """
    network = Affinity()
    network.load_state_dict(weights)
    generator = torch.Generator().manual_seed(0)
    sides = [SIDE // stride for stride in (4, 4, 8, 8, 16, 16)]
    inputs = {
        f"layer_{number}": torch.randn(1, channels, side, side, generator=generator)
        for number, (channels, side) in enumerate(zip(LAYERS, sides, strict=True))
    }
    difference = write_onnx(ShippedAffinity(network), inputs, ("vectors",), target)
    model = onnx.load(target)
    onnx.helper.set_model_props(model, {name: f"{value:.3f}" for name, value in network.numbers().items()})
    onnx.save(model, target)
    return difference


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    difference = export_affinity(load_weights(arguments.weights), arguments.target)
    for number in onnx.load(arguments.target).metadata_props:
        print(f"{number.key} = {number.value}")
    report(arguments.target, difference)


if __name__ == "__main__":
    main()
