"""The training of the vectors for hints. Needs training/requirements.txt: `make test-training`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is a dependency of training alone: make test-training")

from torch import Tensor  # noqa: E402

from colorizer.arrays import Pixels  # noqa: E402
from colorizer.edits import likeness  # noqa: E402
from colorizer.network.predictor import Predictor  # noqa: E402
from colorizer.network.registry import MODELS  # noqa: E402
from tests.support.paths import ROOT  # noqa: E402
from tests.training.made_runs import pack_noisy, rows  # noqa: E402
from training import data  # noqa: E402
from training.affinity import LAYERS, LENGTH, Affinity, Hints, Layers, draw_hints  # noqa: E402
from training.export_affinity import export_affinity  # noqa: E402
from training.network import network_of  # noqa: E402
from training.train import schedule  # noqa: E402
from training.train_affinity import AFFINITY, MOST, evaluate, train  # noqa: E402
from training.weights import load_weights  # noqa: E402

COMPACT = ROOT / "model" / "compact.onnx"
TINY = replace(AFFINITY, stages=(replace(AFFINITY.stages[0], side=64, images=24),), batch=4, warmup_images=4)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six photographs of a red disc on a green field."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:96, :128]

    def draw() -> Iterator[Pixels]:
        for _ in range(6):
            rgb = np.full((96, 128, 3), (60, 140, 60), np.uint8)
            rgb[np.hypot(rows - 48, columns - rng.integers(40, 90)) < 24] = (190, 60, 50)
            yield rgb

    return pack_noisy(tmp_path_factory.mktemp("photos"), draw(), 6, rng)


def made_layers(seed: int = 0) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    sides = (16, 16, 8, 8, 4, 4)
    return [torch.randn(2, many, side, side, generator=generator) for many, side in zip(LAYERS, sides, strict=True)]


def test_the_layers_are_those_that_the_program_finds_in_the_shipped_file() -> None:
    side = MODELS["compact"].side
    luminance = np.random.default_rng(0).uniform(0, 100, (side, side)).astype(np.float32)
    found = Predictor(MODELS["compact"], COMPACT).predict(luminance, features=True).features
    layers = Layers(network_of(load_weights(COMPACT)))
    _, wanted = layers(torch.from_numpy(luminance)[None, None] - 50)
    assert [each.shape[1] for each in wanted] == list(LAYERS)
    for one, other in zip(found, wanted, strict=True):
        assert np.abs(one - other[0].numpy()).max() < 1e-3 * np.abs(one).max()


def test_hints_have_the_true_colours_of_places_that_differ() -> None:
    truth = torch.randn(3, 2, 8, 8, generator=torch.Generator().manual_seed(1))
    hints = draw_hints(truth, [1, 4, 2], torch.Generator().manual_seed(2))
    assert hints.given.sum(1).tolist() == [1, 4, 2]
    for number in range(3):
        places = hints.places[number].tolist()
        assert len(set(places)) == 4
        assert torch.equal(hints.ab[number], truth[number].flatten(1)[:, places])


def test_a_hint_that_is_not_given_changes_nothing_and_shares_stay_below_one() -> None:
    torch.manual_seed(0)
    network, vectors = Affinity(), torch.randn(2, LENGTH, 16, 16)
    truth = torch.randn(2, 2, 16, 16)
    hints = draw_hints(truth, [3, 1], torch.Generator().manual_seed(0))
    shares = network.shares(vectors, hints).detach()
    assert float(shares.sum(1).max()) < 1
    assert float(shares[1, 1:].max()) == 0
    alone = Hints(hints.places[1:, :1], hints.ab[1:, :, :1], hints.given[1:, :1])
    one = network.apply_hints(vectors[1:], truth[1:], alone)
    assert torch.allclose(network.apply_hints(vectors, truth, hints)[1:], one, atol=1e-5)


def test_the_program_computes_the_same_shares() -> None:
    torch.manual_seed(0)
    network, vectors = Affinity(), torch.randn(1, LENGTH, 12, 12)
    with torch.no_grad():
        network.bias.fill_(likeness.BIAS)
        network.near.copy_(torch.tensor(likeness.FARNESS / 10).expm1().log())
        hints = draw_hints(torch.zeros(1, 2, 12, 12), [3], torch.Generator().manual_seed(0))
        wanted = network.shares(vectors, hints)[0].reshape(3, 12, 12).numpy()
    cells = [np.array([divmod(place, 12)]) for place in hints.places[0].tolist()]
    scores = np.stack([likeness.score_map(vectors[0].numpy(), each) for each in cells])
    found = likeness.shares_of(scores)
    assert np.allclose(found, wanted, atol=1e-4)


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.loop.SAVE_EVERY", 1)
    train(cache, tmp_path / "whole", [COMPACT], TINY)
    whole = rows(tmp_path / "whole")
    assert len(whole) == 6
    assert {f"hints_{count}" for count in (1, 2, 5, 10, 20)} <= whole[-1].keys()
    with monkeypatch.context() as interrupted:
        interrupted.setattr("training.train_affinity.schedule", lambda settings: schedule(settings)[:4])
        train(cache, tmp_path / "halves", [COMPACT], TINY)
    train(cache, tmp_path / "halves", [COMPACT], TINY)
    halves = rows(tmp_path / "halves")
    assert [row["step"] for row in halves] == [0, 1, 2, 3, 4, 5]
    for one, other in zip(whole, halves, strict=True):
        assert other["with"] == pytest.approx(one["with"], rel=1e-3)


def test_a_run_starts_with_the_vectors_of_an_earlier_colour_network(cache: Path, tmp_path: Path) -> None:
    torch.manual_seed(3)
    earlier = Affinity().state_dict()
    torch.save(earlier, tmp_path / "earlier.pt")
    still = replace(TINY, decoder_rate=0.0)
    train(cache, tmp_path / "run", [COMPACT], still, start=tmp_path / "earlier.pt")
    kept = load_weights(tmp_path / "run" / "weights.pt")
    assert all(torch.allclose(kept[name], value, atol=1e-6) for name, value in earlier.items())


def test_it_learns_what_belongs_together_and_the_colour_network_stays_as_it_is(cache: Path, tmp_path: Path) -> None:
    settings = replace(TINY, stages=(replace(TINY.stages[0], images=240),), decoder_rate=5e-3, average_decay=0.9)
    train(cache, tmp_path / "run", [COMPACT], settings)
    learned = Affinity()
    learned.load_state_dict(load_weights(tmp_path / "run" / "weights.pt"))
    torch.manual_seed(settings.seed)
    layers, photos = Layers(network_of(load_weights(COMPACT))), data.Photographs(cache / "val_wild")
    before, after = (evaluate(layers, network, photos) for network in (Affinity(), learned))
    assert after["hints_10"] > before["hints_10"] + 0.5
    assert all(torch.equal(one, load_weights(COMPACT)[name]) for name, one in layers.network.state_dict().items())


def test_few_hints_are_as_frequent_as_many() -> None:
    counts = (MOST ** torch.rand(4000, generator=torch.Generator().manual_seed(0))).round().int()
    assert (int(counts.min()), int(counts.max())) == (1, MOST)
    assert abs(float((counts <= 4).float().mean()) - 0.5) < 0.05


def test_the_exported_vectors_are_the_same_everywhere_and_come_with_their_numbers(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Affinity()
    assert export_affinity(network.state_dict(), tmp_path / "affinity.onnx") < 1e-4
    numbers = {each.key: float(each.value) for each in onnx.load(tmp_path / "affinity.onnx").metadata_props}
    assert numbers == pytest.approx(network.numbers(), abs=1e-3)
    assert network(made_layers()).shape == (2, LENGTH, 16, 16)
