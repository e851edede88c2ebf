"""The colour networks: EfficientNet-Lite encoders and a plain top-down decoder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F

from training.encoder import LITE0, LITE2, Architecture, Encoder, conv
from training.settings import NO_DROPOUT
from training.weights import RESIDUAL

CLASSES = 313


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


class ColorNet(nn.Module):
    """Predicts colour from luminance, from the features of one encoder or of several.

    Forward: (N, 1, H, W) float32, CIE L minus 50 (-50..50), H and W multiples of 32
    -> ab (N, 2, H/4, W/4) in CIE units, logits (N, 313, H/4, W/4) over the paper's colour points.

    The further encoders and blocks only add to the features, by convolutions that begin at zero: so a network that
    starts with the weights of a smaller one starts as good as that.

    `dropout`: which share of the channels is left out at random in training, of the encoders' features at strides 4, 8,
    16 and 32 and of the scene's mean.
    """

    AB_SCALE = 10.0  # with a larger scale, one step of Adam moves the colours further than the error

    def __init__(
        self,
        *further: Architecture,
        first: Architecture = LITE0,
        widths: tuple[int, int, int, int] = (64, 96, 128, 128),
        deeper: int = 0,
    ) -> None:
        """`further`, `first`: of the encoders. `widths`: of the decoder's features at strides 4, 8, 16 and 32.

        `deeper`: how many more residual blocks the decoder has at strides 16 and 32 each, where they cost little.
        """
        super().__init__()
        self.dropout = NO_DROPOUT
        self.encoder = Encoder(first)
        self.laterals = nn.ModuleList(map_channels(first.tap_channels, widths))
        self.reductions = nn.ModuleList(conv(coarse, fine, 1) for fine, coarse in pairwise(widths))
        self.scene = conv(first.tap_channels[-1], widths[-1], 1)
        self.refinements = nn.ModuleList(Residual(width) for width in widths)
        self.deeper = nn.ModuleList(nn.Sequential(*(Residual(width) for _ in range(deeper))) for width in widths[2:])
        self.ab_head = conv(widths[0], 2, 3)
        self.class_head = conv(widths[0], CLASSES, 1)
        nn.init.zeros_(self.ab_head.weight)
        nn.init.zeros_(self.ab_head.bias)
        self.branches = nn.ModuleList(Branch(architecture, widths) for architecture in further)

    def encode(self, luminance: Tensor) -> list[list[Tensor]]:
        """The features of each encoder, at strides 4, 8, 16 and 32."""
        x = luminance / 50.0
        return [self.encoder(x), *(branch.encoder(x) for branch in self.branches)]

    def decode(self, encoded: list[list[Tensor]]) -> tuple[Tensor, Tensor]:
        """ab and logits, as `forward` returns them, from the features of `encode`."""
        return self.read(self.refine(encoded)[0])

    def read(self, x: Tensor, gain: float = 1.0) -> tuple[Tensor, Tensor]:
        """ab times `gain` and logits, as `forward` returns them, from the finest features of `refine`."""
        return self.ab_head(x) * (self.AB_SCALE * gain), self.class_head(x)

    def refine(self, encoded: list[list[Tensor]]) -> list[Tensor]:
        """The decoder's features at strides 4, 8, 16 and 32, from those of `encode`. The finest are not negative."""
        deepest, features = self._project(encoded[0], self.laterals, self.scene)
        for branch, of_branch in zip(self.branches, encoded[1:], strict=True):
            more, others = self._project(of_branch, branch.laterals, branch.scene)
            deepest = deepest + more
            features = [mine + other for mine, other in zip(features, others, strict=True)]
        *shares, of_scene = self.dropout
        features = [F.dropout2d(each, share, self.training) for each, share in zip(features, shares, strict=True)]
        scene = F.dropout2d(F.relu(deepest), of_scene, self.training)
        refined = [self.deeper[1](self.refinements[3](features[3] + scene))]
        for level in (2, 1, 0):
            x = F.interpolate(self.reductions[level](refined[0]), scale_factor=2, mode="bilinear", align_corners=False)
            x = self.refinements[level](features[level] + x)
            refined.insert(0, self.deeper[0](x) if level == 2 else x)
        return [F.relu(refined[0]), *refined[1:]]

    @staticmethod
    def _project(features: list[Tensor], laterals: nn.ModuleList, scene: nn.Module) -> tuple[Tensor, list[Tensor]]:
        """The scene (N, C, 1, 1) before its ReLU, and the features at each stride in the decoder's width."""
        projected = [lateral(feature) for lateral, feature in zip(laterals, features, strict=True)]
        return scene(features[-1].mean((2, 3), keepdim=True)), projected

    def forward(self, luminance: Tensor) -> tuple[Tensor, Tensor]:
        return self.decode(self.encode(luminance))


class Branch(nn.Module):
    """A further encoder of a `ColorNet`, with the convolutions that add its features to the decoder."""

    def __init__(self, architecture: Architecture, widths: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.encoder = Encoder(architecture)
        self.laterals = nn.ModuleList(map_channels(architecture.tap_channels, widths))
        self.scene = conv(architecture.tap_channels[-1], widths[-1], 1)
        for layer in (*self.laterals, self.scene):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)


def map_channels(inputs: Iterable[int], outputs: Iterable[int]) -> Iterator[nn.Conv2d]:
    return (conv(many, few, 1) for many, few in zip(inputs, outputs, strict=True))


NETWORKS: dict[str, Callable[[], ColorNet]] = {
    "compact": ColorNet,
    "deep": partial(ColorNet, deeper=2),
    "detail": partial(ColorNet, LITE2),
}
_MARKS = {RESIDUAL: "deep", "branches.": "detail"}  # how the names of weights begin that other networks lack


def network_of(weights: Mapping[str, Tensor]) -> ColorNet:
    """The network that these weights belong to, with them."""
    found = (kind for mark, kind in _MARKS.items() if any(name.startswith(mark) for name in weights))
    network = NETWORKS[next(found, "compact")]()
    network.load_state_dict(weights)
    return network
