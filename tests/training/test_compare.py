"""The comparison of networks on the same crops. Needs training/requirements.txt: `make test-training`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is a dependency of training alone: make test-training")

from torch import Tensor  # noqa: E402

from colorizer.arrays import Pixels  # noqa: E402
from tests.training.made_runs import pack_noisy  # noqa: E402
from training import compare  # noqa: E402
from training.network import ColorNet  # noqa: E402
from training.sampler import Batch  # noqa: E402
from training.weights import save_atomically  # noqa: E402


class Scaled:
    """Predicts the true ab, scaled: the truth is given instead of a luminance."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def eval(self) -> None:
        """It is always ready."""

    def __call__(self, truth: Tensor) -> tuple[Tensor, Tensor]:
        return self.scale * truth, truth


def test_each_network_is_measured_at_its_best_gain_and_compared_with_the_first() -> None:
    torch.manual_seed(0)
    batches = [Batch(truth, truth) for truth in 20 * torch.randn(6, 4, 2, 8, 8)]
    networks = [("pale", Scaled(0.8)), ("true", Scaled(1.0)), ("strong", Scaled(1 / 0.9)), ("paler", Scaled(0.5))]
    _, _, *found = compare.compare(batches, cast(list[tuple[str, ColorNet]], networks), 60.0)
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in found]
    assert [row[0] for row in cells] == ["pale", "true", "strong", "paler"]
    assert [float(row[2]) for row in cells] == [1.25, 1.0, 0.9, 1.3]
    assert [float(row[1]) for row in cells[:3]] == pytest.approx([np.log(60)] * 3, abs=1e-3)
    assert cells[0][3] == "+0.0000 ± 0.0000"
    assert float(cells[3][3].split()[0]) == pytest.approx(np.log(1 + 0.35**2 * 800 / 60), rel=0.1)


def test_the_command_prints_a_row_for_each_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw() -> Iterator[Pixels]:
        yield from (np.full((96, 128, 3), (60, 140 - 20 * i, 60 + 20 * i), np.uint8) for i in range(3))

    cache = pack_noisy(tmp_path, draw(), 6, np.random.default_rng(0))
    files = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        files.append(tmp_path / f"{seed}.pt")
        save_atomically(ColorNet().state_dict(), files[-1])
    monkeypatch.setattr(compare, "CROPS", 32)
    monkeypatch.setattr("sys.argv", ["compare", str(cache / "train"), *map(str, files)])
    compare.main()
    rows = capsys.readouterr().out.splitlines()[2:]
    assert len(rows) == 2
    for row, file in zip(rows, files, strict=True):
        assert re.fullmatch(rf"\| {re.escape(str(file))} \| \d\.\d{{4}} \| [\d.]+ \| [+-][\d.]+ ± [\d.]+ \|", row)
