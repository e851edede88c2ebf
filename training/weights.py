"""Files of weights: read a `.pt` or an exported `.onnx` file, write checkpoints atomically."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

RESIDUAL = "deeper."  # how the names of the weights begin that only a deeper network has
_ONNX_PREFIX = "network."  # the attribute of `training.export.Shipped` that holds the network


def load_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a `.pt` file (any float precision) or of an exported `.onnx` file, by name, as float32."""
    if path.suffix == ".onnx":
        import onnx

        tensors = {each.name: onnx.numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer}
        return {
            name.removeprefix(_ONNX_PREFIX): torch.from_numpy(values.copy())
            for name, values in tensors.items()
            if name.startswith(_ONNX_PREFIX)
        }
    state: dict[str, Tensor] = torch.load(path, weights_only=True, map_location="cpu")
    return {name: values.float() for name, values in state.items()}


def mean_weights(paths: Sequence[Path]) -> dict[str, Tensor]:
    """The mean of the weights of several files, by name. A file that is named twice counts twice.

    Runs that continue one another lie in one valley of the loss, so their mean is a network as good as they are or
    better (Wortsman et al. 2022, "Model soups"). The residual blocks of a deeper network count as 0 in a file without
    them, which changes nothing there. Raises ValueError for files that differ in other weights.
    """
    states = [load_weights(path) for path in paths]
    known = {name: values for state in states for name, values in state.items()}
    differing = [name for name in known if not name.startswith(RESIDUAL) and any(name not in state for state in states)]
    if differing:
        raise ValueError(f"expected files of one kind of network, but some lack {differing[0]}")
    return {
        name: torch.stack([state.get(name, torch.zeros_like(like)) for state in states]).mean(0)
        for name, like in known.items()
    }


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, step: int, decay: float) -> None:
    """Move the running mean of the weights towards those after a step; in the first steps, by more than 1 - `decay`."""
    share = min(decay, (step + 1) / (step + 10))
    for mean, value in zip(average.parameters(), network.parameters(), strict=True):
        mean.lerp_(value, 1 - share)


def save_atomically(content: Mapping[str, Any], path: Path) -> None:
    """Write `content` as a `.pt` file that replaces `path` only when it is complete: an interrupted run loses none."""
    part = path.with_name(path.name + ".part")
    torch.save(content, part)
    part.replace(path)
