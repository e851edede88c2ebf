from __future__ import annotations

from pathlib import PurePosixPath

import numpy as np
import pytest
from skimage.color import rgb2lab
from skimage.metrics import peak_signal_noise_ratio

from benchmarks.metrics import colorfulness
from benchmarks.quality.bootstrap import Column, Figure, Statistics
from benchmarks.quality.measure import (
    COLOR_FIGURES,
    TRUE_COLOR_FIGURES,
    WHOLE_FIGURES,
    compare,
    measure,
    statistics_of_color,
)
from benchmarks.quality.networks import GRAY, Network
from benchmarks.quality.photographs import Photograph
from colorizer import Look, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color import lab
from tests.support.made_photographs import photo

EQUAL = np.ones(313)


def values(statistics: Statistics, figures: tuple[Figure, ...]) -> dict[str, float]:
    """The figures of all photographs, by title."""
    size = len(next(iter(statistics.values())))
    return {each.title: float(each.of_resamples(statistics, np.ones((1, size), np.intp))[0]) for each in figures}


def compared(truth: Pixels, result: Pixels) -> Statistics:
    """The statistics of one photograph and one result."""
    results = {"result": result, GRAY: lab.luminance_to_rgb(lab.luminance(truth))}
    return {key: np.array([value]) for key, value in compare(truth, results, EQUAL)["result"].items()}


def test_grey_is_what_scikit_image_says_and_colour_grows_with_strength() -> None:
    photographs = [Photograph(PurePosixPath(f"{seed}.png"), photo(64, 64, seed=seed)) for seed in range(3)]
    compact = Network("compact", load_colorizer("compact"), (Look(strength=0.5), Look()))
    statistics = measure(photographs, [compact])
    assert list(statistics) == ["compact, vividness 0, strength 0.5", "compact, vividness 0", GRAY]
    half, full, gray = (values(each, WHOLE_FIGURES) for each in statistics.values())
    grays = []
    for truth in (photograph.pixels for photograph in photographs):
        linear = ((rgb2lab(truth)[..., 0] + 16) / 116) ** 3  # no picture here is as dark as the curve's straight foot
        level = np.rint(255 * (1.055 * linear ** (1 / 2.4) - 0.055)).astype(np.uint8)
        grays.append(np.repeat(level[..., np.newaxis], 3, axis=2))
    expected = [peak_signal_noise_ratio(each.pixels, level) for each, level in zip(photographs, grays, strict=True)]
    assert gray["PSNR dB"] == pytest.approx(np.mean(expected), abs=0.01)
    assert gray["above grey"] == gray["CF"] == 0
    true_colorfulness = np.mean([colorfulness(photograph.pixels) for photograph in photographs])
    assert statistics[GRAY]["true_colorfulness"].mean() == pytest.approx(true_colorfulness)
    assert 0 < half["CF"] < full["CF"]
    for row in (half, full):
        assert row["above grey"] == pytest.approx(row["PSNR dB"] - gray["PSNR dB"])
        assert row["CF of truth"] == pytest.approx(row["CF"] / true_colorfulness)


def test_the_truth_is_perfect() -> None:
    truth = photo(64, 64)
    statistics = compared(truth, truth)
    whole = values(statistics, WHOLE_FIGURES)
    assert whole["CF of truth"] == whole["CF' of truth"] == whole["chroma of truth"] == whole["SSIM"] == 1
    assert whole["AuC %"] == whole["AuC' %"] == 100
    assert whole["CIEDE2000"] == 0
    assert whole["PSNR dB"] == np.inf
    skin = values(statistics_of_color(statistics, "skin"), (*TRUE_COLOR_FIGURES, *COLOR_FIGURES))
    assert skin["% of pixels"] > 0
    assert skin["kept along hue"] == pytest.approx(1)
    assert (skin["a"], skin["b"]) == pytest.approx((skin["true a"], skin["true b"]))


def test_brown_instead_of_red_has_a_number() -> None:
    """Half red, half grey: true ab 60, 30 at L 45 becomes 10, 20, which is 20 / sqrt(45) along its hue."""
    true_lab = np.full((64, 64, 3), (45, 0, 0), np.float32)
    true_lab[:, 32:, 1:] = (60, 30)
    brown_lab = true_lab.copy()
    brown_lab[:, 32:, 1:] = (10, 20)
    statistics = compared(lab.lab_to_rgb(true_lab), lab.lab_to_rgb(brown_lab))
    reds = values(statistics_of_color(statistics, "reds"), (*TRUE_COLOR_FIGURES, *COLOR_FIGURES))
    assert reds["% of pixels"] == 50
    assert (reds["true a"], reds["true b"]) == pytest.approx((60, 30), abs=0.5)
    assert (reds["a"], reds["b"]) == pytest.approx((10, 20), abs=0.5)
    assert reds["kept along hue"] == pytest.approx((10 * 60 + 20 * 30) / (60**2 + 30**2), abs=0.01)
    assert reds["AuC %"] == pytest.approx(100 * (1 - np.hypot(50, 10) / 151), abs=1)
    assert reds["CIEDE2000"] > 10
    neutral = values(statistics_of_color(statistics, "neutral"), (*TRUE_COLOR_FIGURES, *COLOR_FIGURES))
    assert neutral["CIEDE2000"] == 0
    assert np.isnan(neutral["kept along hue"]), "grey has no hue to keep"
    assert np.isnan(values(statistics_of_color(statistics, "sky"), COLOR_FIGURES)["CIEDE2000"])
    assert values(statistics, WHOLE_FIGURES)["CIEDE2000"] == pytest.approx(reds["CIEDE2000"] / 2)


def test_every_figure_has_its_statistics() -> None:
    statistics = compared(photo(64, 64), photo(64, 64, seed=1))
    assert all(isinstance(each, Column) for each in WHOLE_FIGURES)
    assert np.isfinite(list(values(statistics, WHOLE_FIGURES).values())).all()
