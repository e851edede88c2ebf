"""Orthogonal steps. Needs training/requirements.txt: `make test-training`."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is a dependency of training alone: make test-training")

from training.muon import Muon, is_matrix, orthogonalize  # noqa: E402
from training.network import NETWORKS  # noqa: E402


@pytest.mark.parametrize("shape", [(16, 16), (16, 90), (90, 16)])
def test_a_matrix_keeps_its_singular_vectors_and_gets_singular_values_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    smallest = min(shape)
    left, _ = torch.linalg.qr(torch.randn(shape[0], smallest))
    right, _ = torch.linalg.qr(torch.randn(shape[1], smallest))
    matrix = left @ torch.diag(torch.logspace(-1, 2, smallest)) @ right.T
    inner = left.T @ orthogonalize(matrix) @ right
    values = inner.diagonal()
    assert (inner - values.diag()).abs().max() < 1e-2
    assert values[2:].min() > 0.6
    assert values.max() < 1.3


def test_a_step_is_as_long_in_a_small_gradient_as_in_a_large_one() -> None:
    steps = []
    for scale in (1e-3, 1e3):
        torch.manual_seed(1)
        weight = torch.nn.Parameter(torch.randn(8, 4, 3, 3))
        before = weight.detach().clone()
        weight.grad = scale * torch.randn(8, 4, 3, 3)
        Muon([{"params": [weight], "lr": 0.01}], weight_decay=0.0).step()
        steps.append(weight.detach() - before)
    assert torch.allclose(*steps, atol=1e-6)
    assert float(steps[0].square().mean().sqrt()) == pytest.approx(0.01 * 0.2, rel=0.2)


def test_without_a_gradient_a_matrix_stays_as_it_is_and_with_one_it_decays() -> None:
    still, moved = (torch.nn.Parameter(torch.ones(4, 4, 1, 1)) for _ in range(2))
    moved.grad = torch.zeros_like(moved)
    Muon([{"params": [still, moved], "lr": 0.1}], weight_decay=0.5).step()
    assert torch.equal(still, torch.ones(4, 4, 1, 1))
    assert torch.allclose(moved, torch.full((4, 4, 1, 1), 0.95))


def test_matrices_are_full_convolutions() -> None:
    network = NETWORKS["deep"]()
    named = dict(network.named_parameters())
    assert is_matrix(named["deeper.0.1.second.weight"])
    assert is_matrix(named["encoder.blocks.3.expand.weight"])
    for name in ("encoder.stem.weight", "encoder.blocks.3.depthwise.weight", "ab_head.weight", "scene.bias"):
        assert not is_matrix(named[name]), name
