"""The benchmarks of references, of variants and of calibration measure what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from skimage import data, io

from benchmarks import calibration, reference, variants
from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Pixels


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return load_colorizer("compact")


@pytest.fixture(scope="module")
def photographs() -> list[Pixels]:
    return [np.ascontiguousarray(each[:256, :256]) for each in (data.astronaut(), data.chelsea(), data.coffee())]


def test_each_photograph_is_paired_with_another_one(photographs: list[Pixels]) -> None:
    pairs = reference.pairs_of_nothing_in_common(photographs)
    assert all(not np.array_equal(one, other) for one, other in pairs)
    assert len(pairs) == len(photographs)
    assert reference.pairs_of_one_scene(photographs)[0][0].shape == (200, 200, 3)


def test_classes_are_told_by_the_names_of_the_sources(photographs: list[Pixels], tmp_path: Path) -> None:
    sources = [
        "a/n01440764_1.JPEG",
        "a/n01440764_2.JPEG",
        "a/n02102040_1.JPEG",
        "a/b.jpg",
        "beach/sun_1",
        "beach/sun_2",
    ]
    lines = ["file\tsource"]
    for number, source in enumerate(sources):
        io.imsave(tmp_path / f"{number}.png", photographs[number % 3], check_contrast=False)
        lines.append(f"{number}.png\t{source}")
    manifest = tmp_path / "MANIFEST.tsv"
    manifest.write_text("\n".join(lines), encoding="utf-8")
    pairs = reference.pairs_of_one_class(manifest, tmp_path, 64, 4)
    assert [one.shape for one, _ in pairs] == [(64, 64, 3)] * 2


def test_a_reference_of_the_same_scene_is_seen_to_help(photographs: list[Pixels], colorizer: Colorizer) -> None:
    pairs = reference.pairs_of_one_scene(photographs[1:2])
    statistics = reference.measure(pairs, colorizer)
    assert statistics["psnr_change"][0] > 0
    assert statistics["difference_change"][0] < 0
    sheet = reference.draw_sheet({"one scene": pairs}, colorizer)
    assert sheet.shape == (reference.SHEET_SIDE, 4 * reference.SHEET_SIDE, 3)


def test_the_best_variant_is_better_than_a_single_one(photographs: list[Pixels], colorizer: Colorizer) -> None:
    statistics = variants.measure(photographs[:1], colorizer)
    assert statistics["best_of_all"][0] >= statistics["best"][0] > statistics["mean"][0]
    assert statistics["diversity"][0] > 1


@pytest.mark.parametrize("evenness", [0.02, 0.2])
def test_truths_that_are_drawn_from_a_distribution_make_it_calibrated(evenness: float) -> None:
    random = np.random.default_rng(0)
    probabilities = random.dirichlet(np.full(313, evenness), size=1000)
    truth = np.array([random.choice(313, p=each / each.sum()) for each in probabilities])
    places = [(np.log(np.maximum(probabilities, 1e-12)).T.astype(np.float32), truth)]
    assert calibration.fit_temperature(places) == pytest.approx(1, abs=0.15)
    statistics = calibration.measure(places, 1.0)
    ordered = np.sort(probabilities, axis=1)[:, ::-1]
    for mass in calibration.MASSES:
        is_in_set = ordered.cumsum(axis=1) - ordered < mass
        expected = (ordered * is_in_set).sum(axis=1).mean()
        assert statistics[f"in_{mass}"][0] == pytest.approx(expected, abs=0.03)
