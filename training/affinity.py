"""What belongs together: a small network gives each place a vector, from inner layers of a trained colour network.

Places with near vectors take the colour of the same hint, wherever they are: non-local means (Buades et al. 2005) with
learned features. It learns from random points of true colour, as in Zhang et al. 2017, "Real-Time User-Guided Image
Colorization with Learned Deep Priors".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.evaluate import GAIN
from training.network import ColorNet

LAYERS = (144, 64, 240, 64, 672, 96)  # channels: two layers each at strides 4, 8 and 16, as `Layers` gives them
WIDTH, LENGTH = 96, 32  # of the network, and of the vectors
FARNESS_SCALE = 10.0  # so that one step of Adam changes the score of a far place enough


class Hints(NamedTuple):
    """Hints on N photographs, at most M on each.

    `places`: (N, M) int64, cells of ab, counted along rows. `ab`: (N, 2, M), CIE units. `given`: (N, M) bool.
    """

    places: Tensor
    ab: Tensor
    given: Tensor


def draw_hints(truth: Tensor, counts: Sequence[int], generator: torch.Generator) -> Hints:
    """Hints of the true colours at random places. `truth`: ab (N, 2, h, w). `counts`: of each photograph, from 1 on."""
    flat, most = truth.flatten(2), max(counts)
    places = torch.stack([torch.randperm(flat.shape[2], generator=generator)[:most] for _ in counts])
    given = torch.arange(most)[None] < torch.tensor(counts)[:, None]
    return Hints(places, _at(flat, places), given)


class Layers:
    """A colour network that also gives the inner layers that `Predictor.predict(features=True)` finds in its file."""

    def __init__(self, network: ColorNet) -> None:
        self.network = network.requires_grad_(False).eval()
        self._held: dict[str, Tensor] = {}
        blocks = network.encoder.blocks
        modules = {"4": blocks[3].spread, "8": blocks[5].expand, "16": blocks[11].spread}
        modules |= {"to 4": network.reductions[0], "to 8": network.reductions[1]}
        for name, module in modules.items():
            module.register_forward_hook(partial(self._hold, name))

    def _hold(self, name: str, _module: nn.Module, _inputs: Any, output: Tensor) -> None:
        self._held[name] = output

    @torch.no_grad()
    def __call__(self, luminance: Tensor) -> tuple[Tensor, list[Tensor]]:
        """ab as exported, and the layers of `LAYERS`, from the luminance that `ColorNet` takes."""
        finest = self.network.refine(self.network.encode(luminance))[0]
        held = self._held
        layers = [held["4"], finest, F.relu6(held["8"]), held["to 4"], held["16"], held["to 8"]]
        return GAIN * self.network.read(finest)[0], layers


class Affinity(nn.Module):
    """The vector of each place. Forward: the layers of `Layers` -> (N, LENGTH, h, w) at stride 4.

    `bias`, `near` and `keeps` are the numbers of `colorizer.edits.likeness`, see `numbers`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.projections = nn.ModuleList(nn.Conv2d(channels, WIDTH, 1) for channels in LAYERS)
        self.first = nn.Conv2d(WIDTH, WIDTH, 3, padding=1)
        self.second = nn.Conv2d(WIDTH, WIDTH, 3, padding=1)
        self.vector = nn.Conv2d(WIDTH, LENGTH, 1)
        self.bias = nn.Parameter(torch.tensor(3.0))
        self.near = nn.Parameter(torch.tensor(-1.0))
        self.keeps = nn.Parameter(torch.tensor(0.7))

    def forward(self, layers: Sequence[Tensor]) -> Tensor:
        coarsest, *finer = (
            self.projections[level](layers[level]) + self.projections[level + 1](layers[level + 1])
            for level in (4, 2, 0)
        )
        x = coarsest
        for here in finer:
            x = here + F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        x = F.relu(x)
        x = F.relu(x + self.second(F.relu(self.first(x))))
        return self.vector(x)

    def numbers(self) -> dict[str, float]:
        """BIAS, FARNESS and KEPT of `colorizer.edits.likeness`."""
        return {"BIAS": self.bias.item(), "FARNESS": self._farness().item(), "KEPT": self.keeps.sigmoid().item()}

    def shares(self, vectors: Tensor, hints: Hints) -> Tensor:
        """How much of each place each hint takes: (N, M, h w). Their sum is below 1."""
        flat = vectors.flatten(2)
        apart = torch.cdist(_at(flat, hints.places).transpose(1, 2), flat.transpose(1, 2)).square()
        sides = [torch.arange(length) / length for length in vectors.shape[2:]]
        grid = torch.stack(torch.meshgrid(*sides, indexing="ij")).flatten(1).T
        far = torch.cdist(grid[hints.places], grid[None].expand(len(vectors), -1, -1)).square()
        scores = (self.bias - apart - self._farness() * far).masked_fill(~hints.given[..., None], -1e4)
        return torch.cat([scores, torch.zeros_like(scores[:, :1])], 1).softmax(1)[:, :-1]

    def apply_hints(self, vectors: Tensor, ab: Tensor, hints: Hints) -> Tensor:
        """ab (N, 2, h, w) with the hints. A share of the differences between places stays as predicted."""
        flat, shares, kept = ab.flatten(2), self.shares(vectors, hints), self.keeps.sigmoid()
        wanted = hints.ab - kept * _at(flat, hints.places)
        return (flat * (1 - (1 - kept) * shares.sum(1, keepdim=True)) + wanted @ shares).reshape(ab.shape)

    def _farness(self) -> Tensor:
        return FARNESS_SCALE * F.softplus(self.near)


def _at(flat: Tensor, places: Tensor) -> Tensor:
    """The values (N, C, M) of maps (N, C, h w) at places (N, M)."""
    return flat.gather(2, places[:, None].expand(-1, flat.shape[1], -1))
