"""Muon: momentum whose matrices are made orthogonal (K. Jordan et al. 2024, kellerjordan.github.io/posts/muon).

Adam's steps on a matrix are mostly of a few directions, and small batches add noise to just these; orthogonal steps go
equally far in all. PyTorch's own takes no convolutions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

_ITERATIONS = 5
_QUINTIC = (3.4445, -4.7750, 2.0315)  # of Jordan et al.: singular values of 0.01 to 1 end between 0.7 and 1.2
# The root mean square of Adam's steps is about this, so Adam's learning rates and weight decay fit (J. Liu et al. 2025,
# "Muon is Scalable for LLM Training").
_RMS = 0.2


def orthogonalize(matrix: Tensor) -> Tensor:
    """(m, n) -> (m, n) with the same singular vectors, and singular values near 1.

    The Newton-Schulz iteration, on the smaller Gram matrix: all its factors are polynomials of it, so they commute.
    """
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    wide = wide / (wide.norm() + 1e-12)
    gram = wide @ wide.T
    one = torch.eye(len(gram), dtype=gram.dtype, device=gram.device)
    product = one
    for _ in range(_ITERATIONS):
        factor = _QUINTIC[0] * one + _QUINTIC[1] * gram + _QUINTIC[2] * gram @ gram
        product, gram = factor @ product, factor @ gram @ factor
    result = product @ wide
    return result if result.shape == matrix.shape else result.T


def is_matrix(parameter: nn.Parameter) -> bool:
    """Whether a parameter is a full convolution: not a bias, nor one depthwise, nor one of a single input or output."""
    return parameter.ndim == 4 and min(parameter.shape[:2]) > 2


class Muon(torch.optim.Optimizer):
    """For convolutions (`is_matrix`), as matrices of their outputs by all else. Weight decay is as AdamW's."""

    def __init__(self, groups: Iterable[dict[str, Any]], *, weight_decay: float, momentum: float = 0.95) -> None:
        super().__init__(list(groups), {"lr": 0.0, "weight_decay": weight_decay, "momentum": momentum})

    @torch.no_grad()
    def step(self, _closure: None = None) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state, gradient = self.state[parameter], parameter.grad
                if not state:
                    state["mean"] = torch.zeros_like(gradient)
                mean = state["mean"].lerp_(gradient, 1 - group["momentum"])
                direction = gradient.lerp(mean, group["momentum"]).flatten(1)  # Nesterov's
                length = _RMS * max(direction.shape) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.sub_(orthogonalize(direction).reshape(parameter.shape), alpha=group["lr"] * length)
