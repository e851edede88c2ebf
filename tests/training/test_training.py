"""The training code, on a handful of made-up photographs. Needs training/requirements.txt: `make test-training`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is a dependency of training alone: make test-training")

from colorizer.arrays import Pixels  # noqa: E402
from colorizer.color.lab import rgb_to_lab  # noqa: E402
from colorizer.network.zhang2016 import color_points  # noqa: E402
from tests.training.made_runs import pack_noisy, rows  # noqa: E402
from training import data, loss  # noqa: E402
from training.encoder import factorize  # noqa: E402
from training.evaluate import evaluate  # noqa: E402
from training.export import export  # noqa: E402
from training.network import NETWORKS, ColorNet, network_of  # noqa: E402
from training.sampler import Sampler  # noqa: E402
from training.settings import Dropout, Settings, Stage  # noqa: E402
from training.teacher import CLASSES, FILE, load_lessons  # noqa: E402
from training.train import rate, schedule, train  # noqa: E402
from training.weights import load_weights, mean_weights, save_atomically  # noqa: E402

TINY = replace(
    Settings(),
    stages=(Stage(side=64, images=8, smallest=0.6, frozen=True), Stage(side=64, images=16, smallest=0.6)),
    batch=4,
    warmup_images=4,
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight photographs of a blue sky above a green field, packed for training and for validation."""
    rng = np.random.default_rng(0)

    def draw() -> Iterator[Pixels]:
        for _ in range(8):
            horizon = int(rng.integers(30, 60))
            rgb = np.empty((96, 128, 3), np.uint8)
            rgb[:horizon], rgb[horizon:] = (110, 150, 220), (70, 130, 50)
            yield rgb

    return pack_noisy(tmp_path_factory.mktemp("photos"), draw(), 8, rng)


@pytest.mark.parametrize("settings", [TINY, replace(TINY, muon=True), replace(TINY, dropout=(0.2,) * 5)])
def test_an_interrupted_run_goes_on_as_if_it_had_not_been(
    settings: Settings, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.loop.SAVE_EVERY", 1)
    train(cache, tmp_path / "whole", settings)
    whole = rows(tmp_path / "whole")
    assert len(whole) == 6
    assert {"psnr", "psnr_grey", "chroma_ratio"} <= whole[-1].keys()

    with monkeypatch.context() as interrupted:
        interrupted.setattr("training.train.schedule", lambda settings: schedule(settings)[:4])
        train(cache, tmp_path / "halves", settings)
    train(cache, tmp_path / "halves", settings)
    halves = rows(tmp_path / "halves")
    assert [row["step"] for row in halves] == [0, 1, 2, 3, 4, 5]
    for one, other in zip(whole, halves, strict=True):
        assert other["colour"] == pytest.approx(one["colour"], rel=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_exported_network_gives_the_same_numbers_everywhere(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = NETWORKS[name]()
    with torch.no_grad():  # as if it had learnt something: its last layer begins at zero
        network.ab_head.weight.normal_(0, 0.05)
    torch.save(network.state_dict(), tmp_path / "weights.pt")
    assert export(load_weights(tmp_path / "weights.pt"), tmp_path / "compact.onnx", 1.1) < 1e-4


def test_weights_come_back_from_a_half_precision_file_and_from_the_exported_network(tmp_path: Path) -> None:
    torch.manual_seed(0)
    # Random everywhere: the exporter writes equal tensors, such as zeros of one shape, only once.
    state = {name: 0.05 * torch.randn_like(values).half() for name, values in ColorNet().state_dict().items()}
    save_atomically(state, tmp_path / "weights.pt")
    export(load_weights(tmp_path / "weights.pt"), tmp_path / "compact.onnx", 1.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["compact.onnx", "weights.pt"]
    for name in ("weights.pt", "compact.onnx"):
        loaded = load_weights(tmp_path / name)
        ColorNet().load_state_dict(loaded)
        assert {values.dtype for values in loaded.values()} == {torch.float32}
        assert all(torch.equal(loaded[key], values.float()) for key, values in state.items())


def test_the_mean_of_several_files_is_that_of_each_weight(tmp_path: Path) -> None:
    for number in (1, 2, 6):
        save_atomically({"a": torch.full((2,), float(number)), "b": torch.zeros(1)}, tmp_path / f"{number}.pt")
    mean = mean_weights([tmp_path / f"{number}.pt" for number in (1, 2, 6)])
    assert {name: values.tolist() for name, values in mean.items()} == {"a": [3.0, 3.0], "b": [0.0]}


def test_the_mean_with_a_smaller_network_has_less_of_what_only_the_larger_one_adds(tmp_path: Path) -> None:
    save_atomically({"a": torch.tensor([1.0])}, tmp_path / "small.pt")
    save_atomically({"a": torch.tensor([4.0]), "deeper.b": torch.tensor([6.0, 3.0])}, tmp_path / "large.pt")
    mean = mean_weights([tmp_path / name for name in ("small.pt", "large.pt", "large.pt")])
    assert {name: values.tolist() for name, values in mean.items()} == {"a": [3.0], "deeper.b": [4.0, 2.0]}


@pytest.mark.parametrize("order", [("small.pt", "other.pt"), ("other.pt", "small.pt")])
def test_the_mean_of_unlike_networks_is_refused(order: tuple[str, str], tmp_path: Path) -> None:
    save_atomically({"a": torch.zeros(1)}, tmp_path / "small.pt")
    save_atomically({"a": torch.zeros(1), "branches.0.encoder.c": torch.zeros(1)}, tmp_path / "other.pt")
    with pytest.raises(ValueError, match=r"some lack branches\.0\.encoder\.c"):
        mean_weights([tmp_path / name for name in order])


@pytest.mark.parametrize(
    "shares", [(0.5, 0, 0, 0, 0), (0, 0.5, 0, 0, 0), (0, 0, 0.5, 0, 0), (0, 0, 0, 0.5, 0), (0, 0, 0, 0, 0.5)]
)
def test_dropout_leaves_out_features_in_training_alone(shares: Dropout) -> None:
    network = NETWORKS["deep"]()
    picture = 10 * torch.randn(1, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    for part in (*network.laterals, network.scene):
        torch.nn.init.ones_(part.bias)
    with torch.no_grad():
        plain = network(picture)[1]
        network.dropout = shares
        torch.manual_seed(1)
        one, other = network(picture)[1], network(picture)[1]
        assert not torch.equal(one, other)
        assert torch.equal(network.eval()(picture)[1], plain)


def test_the_first_blocks_stay_as_they_are(cache: Path, tmp_path: Path) -> None:
    settings = replace(TINY, stages=(replace(TINY.stages[1], images=8),), frozen_blocks=3, log_floor=60.0)
    torch.manual_seed(settings.seed)
    save_atomically(ColorNet().state_dict(), tmp_path / "start.pt")
    train(cache, tmp_path / "run", settings, start=[tmp_path / "start.pt"])
    before, after = load_weights(tmp_path / "start.pt"), load_weights(tmp_path / "run" / "weights.pt")
    changed = {name for name, values in before.items() if not torch.equal(values, after[name])}
    frozen = ("encoder.stem", "encoder.blocks.0.", "encoder.blocks.1.", "encoder.blocks.2.")
    assert changed
    assert not any(name.startswith(frozen) for name in changed)
    assert any(name.startswith("encoder.blocks.3.") for name in changed)


def test_the_encoder_learns_what_the_teacher_names_and_the_network_stays_the_same_kind(
    cache: Path, tmp_path: Path
) -> None:
    lessons = np.zeros((8, CLASSES), np.float16)
    lessons[:, 7] = 9  # every photograph shows the same thing
    np.save(cache / "train" / FILE, lessons)
    stages = (replace(TINY.stages[1], images=96),)
    settings = replace(TINY, stages=stages, teacher_weight=1.0, bfloat16=True, student_rate=1e-2)
    train(cache, tmp_path / "run", settings)
    named = [row["named"] for row in rows(tmp_path / "run")]
    assert named[-1] < 0.5 * named[0]
    ColorNet().load_state_dict(load_weights(tmp_path / "run" / "weights.pt"))


def test_a_missing_teacher_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"training\.teacher"):
        load_lessons(tmp_path)


@pytest.mark.parametrize(("name", "more"), [("detail", "branches.0.laterals."), ("deep", "deeper.")])
def test_a_larger_network_starts_as_good_as_a_smaller_one_and_learns(
    name: str, more: str, cache: Path, tmp_path: Path
) -> None:
    settings = replace(TINY, stages=(replace(TINY.stages[1], images=8),), network=name)
    torch.manual_seed(1)
    small = ColorNet()
    with torch.no_grad():
        small.ab_head.weight.normal_(0, 0.05)
    save_atomically(small.state_dict(), tmp_path / "start.pt")
    larger = NETWORKS[name]()
    larger.load_state_dict(small.state_dict(), strict=False)
    luminance = 30 * torch.randn(1, 1, 64, 64)
    with torch.no_grad():
        assert torch.equal(larger(luminance)[0], small(luminance)[0])
    train(cache, tmp_path / "run", settings, start=[tmp_path / "start.pt"])
    after = load_weights(tmp_path / "run" / "weights.pt")
    assert network_of(after).state_dict().keys() == larger.state_dict().keys()
    assert any(after[each].any() for each in after if each.startswith(more) and each.endswith("bias"))


def test_a_second_encoder_learns_alone(cache: Path, tmp_path: Path) -> None:
    settings = replace(TINY, stages=(replace(TINY.stages[1], images=8),), network="detail")
    torch.manual_seed(1)
    small = ColorNet()
    save_atomically(small.state_dict(), tmp_path / "start.pt")
    train(cache, tmp_path / "run", settings, start=[tmp_path / "start.pt"])
    after = load_weights(tmp_path / "run" / "weights.pt")
    first = {name: values for name, values in small.state_dict().items() if name.startswith("encoder.")}
    assert all(torch.equal(after[name], values) for name, values in first.items())


def test_weights_of_another_network_are_refused(cache: Path, tmp_path: Path) -> None:
    save_atomically(NETWORKS["detail"]().state_dict(), tmp_path / "start.pt")
    with pytest.raises(ValueError, match="this network lacks"):
        train(cache, tmp_path / "run", TINY, start=[tmp_path / "start.pt"])


def test_the_mirrored_mean_does_not_tell_a_picture_from_its_mirror_image(cache: Path) -> None:
    torch.manual_seed(0)
    network = ColorNet()
    with torch.no_grad():
        network.ab_head.weight.normal_(0, 0.5)
    shade = np.linspace(0.2, 1, 128)[:, None]  # from left to right, or the mirror image would be much the same
    packed = data.Photographs(cache / "val_wild")
    photos = [(packed[i] * shade).astype(np.uint8) for i in range(len(packed))]
    mirror_images = [np.ascontiguousarray(photo[:, ::-1]) for photo in photos]
    plain, mirrored = (evaluate(network, photos, side=96, mirrored=choice)["psnr"] for choice in (False, True))
    assert evaluate(network, mirror_images, side=96, mirrored=True)["psnr"] == pytest.approx(mirrored, abs=1e-4)
    assert abs(evaluate(network, mirror_images, side=96)["psnr"] - plain) > 1e-3


def test_the_same_step_draws_the_same_batch(cache: Path) -> None:
    stage = TINY.stages[0]
    one, other = (Sampler(data.Photographs(cache / "train"), TINY).batch(3, stage) for _ in range(2))
    assert torch.equal(one[0], other[0])
    assert torch.equal(one[1], other[1])
    assert one[0].shape == (4, 1, 64, 64)
    assert one[1].shape == (4, 2, 16, 16)
    assert one[0].abs().max() <= 50


def test_pale_photographs_are_drawn_more_rarely(cache: Path) -> None:
    photos = data.Photographs(cache / "train")
    chroma = np.array([data.mean_chroma(photos[i]) for i in range(len(photos))])
    assert chroma[0] == pytest.approx(np.hypot(*rgb_to_lab(photos[0])[..., 1:].transpose(2, 0, 1)).mean(), rel=0.2)
    full = float(np.median(chroma))
    alike, weights = (Sampler(photos, replace(TINY, full_chroma=limit)).weights for limit in (None, full))
    assert weights.sum() == pytest.approx(1)
    ratio = weights / alike / (weights / alike).max()
    np.testing.assert_allclose(ratio[chroma >= full], 1)
    np.testing.assert_allclose(ratio[chroma < full], (chroma[chroma < full] / full) ** 1.5)


def test_the_learning_rate_warms_up_and_comes_down() -> None:
    settings = Settings()
    rates = [rate(step, settings) for step in range(settings.images // settings.batch)]
    assert rates[0] < 0.01
    assert max(rates) == pytest.approx(1, abs=0.01)
    assert rates[-1] == pytest.approx(settings.final_rate, rel=0.01)


def test_soft_encoding_is_a_gaussian_over_the_nearest_points() -> None:
    points = torch.from_numpy(color_points())
    ab = torch.tensor([[3.0, -4.0], [200.0, 200.0]])
    nearest, weight = loss.soft_encode(ab, points, 5, 5.0)
    distances = np.hypot(*(color_points() - ab[0].numpy()).T)
    assert set(nearest[0].tolist()) == set(np.argsort(distances)[:5].tolist())
    gaussian = np.exp(-(np.sort(distances)[:5] ** 2) / 50)
    np.testing.assert_allclose(weight[0].numpy(), gaussian / gaussian.sum(), rtol=1e-4)
    np.testing.assert_allclose(weight.sum(1).numpy(), 1, rtol=1e-5)


def test_rebalancing_raises_rare_classes_and_is_one_on_average() -> None:
    prior = torch.tensor([0.7, 0.2, 0.1])
    weight = loss.rebalancing(prior, 0.5)
    assert float((prior * weight).sum()) == pytest.approx(1, rel=1e-5)
    assert weight[0] < weight[1] < weight[2]
    assert torch.allclose(loss.rebalancing(prior, 1.0), torch.ones(3))


def test_a_kernel_that_is_two_convolutions_is_taken_apart_exactly() -> None:
    generator = torch.Generator().manual_seed(1)
    first, second = torch.rand(6, 1, 3, 3, generator=generator), torch.rand(6, 1, 3, 3, generator=generator)

    def together(one: Any, other: Any) -> Any:
        return torch.nn.functional.conv2d(one.transpose(0, 1), other.flip(2, 3), padding=2, groups=6).transpose(0, 1)

    wanted = together(first, second)
    difference = together(*factorize(wanted, rounds=400)) - wanted
    assert float(difference.norm() / wanted.norm()) < 0.02


def test_ageing_keeps_shape_and_range() -> None:
    rng = np.random.default_rng(0)
    luminance = np.linspace(-50, 50, 64 * 64, dtype=np.float32).reshape(1, 64, 64)
    aged = [data.age(luminance, rng) for _ in range(50)]
    assert all(one.shape == (1, 64, 64) and one.dtype == np.float32 and np.abs(one).max() <= 50 for one in aged)
    assert max(float(np.abs(one - luminance).max()) for one in aged) > 5


def test_early_film_darkens_red_lightens_blue_and_leaves_grey() -> None:
    rng = np.random.default_rng(0)
    gray, red, blue = (np.full((8, 8, 3), color, np.uint8) for color in ((120, 120, 120), (200, 40, 40), (40, 60, 200)))
    for _ in range(20):
        state = rng.bit_generator.state
        off = []
        for patch in (gray, red, blue):
            rng.bit_generator.state = state  # the same film for all three
            off.append(float((data.film_luminance(patch, rng) - data.split(patch, 8)[0]).mean()))
        assert abs(off[0]) < 0.3  # the table of OpenCV, by which `split` works, is 0.2 off in L
        assert off[1] < -1
        assert off[2] > 1


def test_the_shown_error_is_that_of_the_pictures_on_the_screen() -> None:
    rng = np.random.default_rng(5)
    rgb = rng.integers(0, 256, (2, 12, 16, 3), np.uint8)
    lab = np.stack([rgb_to_lab(each) for each in rgb])
    lightness, truth = (torch.from_numpy(part.transpose(0, 3, 1, 2).copy()) for part in (lab[..., :1], lab[..., 1:]))
    assert np.abs(loss.to_srgb(lightness, truth).numpy().transpose(0, 2, 3, 1) - rgb / 255).max() < 0.004
    floor = 1e-3
    gray = loss.shown_loss(lightness - 50, torch.zeros_like(truth), truth, floor).item()
    shown = loss.to_srgb(lightness, torch.zeros_like(truth)).numpy().transpose(0, 2, 3, 1)
    errors = np.square(shown - rgb / 255).mean((1, 2, 3))
    assert gray == pytest.approx(np.log(errors + floor).mean(), rel=0.01)
    assert loss.shown_loss(lightness - 50, truth, truth, floor).item() == pytest.approx(np.log(floor))
