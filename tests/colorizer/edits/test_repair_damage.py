"""Scratches, dust and folds are found, and what belongs to the picture is left alone."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from skimage import data

from colorizer.arrays import Mask, Pixels
from colorizer.edits.damage import KINDS, Damage, find_damage
from colorizer.edits.folds import find_folds
from colorizer.edits.standouts import estimate_noise

WHITE, BLACK = 245, 8


def scratch(gray: Pixels) -> Pixels:
    made = gray.copy()
    for x, end, level in ((90, 140, WHITE), (200, 170, WHITE), (410, 430, WHITE)):
        cv2.line(made, (x, 40), (end, 420), level, 2, cv2.LINE_AA)
    return made


def sprinkle(gray: Pixels) -> Pixels:
    made, random = gray.copy(), np.random.default_rng(5)
    for number in range(60):
        x, y = (int(each) for each in random.integers(8, 504, 2))
        cv2.circle(made, (x, y), int(random.integers(1, 4)), WHITE if number % 3 else BLACK, -1, cv2.LINE_AA)
    return made


def fold(gray: Pixels) -> Pixels:
    made, random = gray.copy(), np.random.default_rng(6)
    torn = cv2.resize(random.uniform(0, 1, (512, 64)), (512, 512)) > 0.25
    line = np.zeros_like(gray)
    cv2.line(line, (0, 240), (511, 262), 255, 3, cv2.LINE_AA)
    share = line / 255 * torn
    return np.asarray(np.rint(made + share * (WHITE - made.astype(float))), np.uint8)


DAMAGES: dict[Damage, Callable[[Pixels], Pixels]] = {"scratches": scratch, "dust": sprinkle, "folds": fold}
LEAST_F1 = {"scratches": 0.55, "dust": 0.4, "folds": 0.8}  # the tripod is like scratches, the grass like dust
every_damage = pytest.mark.parametrize("kind", KINDS)


def visible(one: Pixels, other: Pixels) -> Mask:
    return np.asarray(np.abs(one.astype(int) - other) >= 12, np.bool_)


def f1(found: Mask, truth: Mask) -> float:
    return 2 * float((found & truth).sum()) / float(found.sum() + truth.sum())


@every_damage
@pytest.mark.parametrize("enlarged", [1, 2])
def test_damage_is_found(kind: Damage, enlarged: int) -> None:
    gray = data.camera()
    damaged = DAMAGES[kind](gray)
    truth = visible(damaged, gray)
    size = (512 * enlarged, 512 * enlarged)
    found = find_damage(np.asarray(cv2.resize(damaged, size), np.uint8), [kind])
    assert found.shape == size
    assert f1(found, cv2.resize(truth.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0) > LEAST_F1[kind]


@every_damage
def test_a_kind_is_found_only_when_asked_for(kind: Damage) -> None:
    damaged = DAMAGES[kind](data.camera())
    others = [each for each in KINDS if each not in (kind, "scratches" if kind == "folds" else kind)]
    truth = visible(damaged, data.camera())
    assert (find_damage(damaged, others) & truth).sum() < 0.4 * truth.sum()
    assert not find_damage(damaged, []).any()


@pytest.mark.parametrize(
    ("name", "share"),
    [("coins", 0.01), ("brick", 0.01), ("grass", 0.01), ("gravel", 0.01), ("text", 0.01), ("camera", 0.02)],
)
def test_texture_text_and_edges_are_no_damage(name: str, share: float) -> None:
    """The tripod's legs are bright lines across all that is behind them, so some of them pass for scratches."""
    assert find_damage(getattr(data, name)(), KINDS).mean() < share


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (2, 2), (3, 900), (17, 5), (120, 161)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_blank_picture_of_any_size_has_no_damage(shape: tuple[int, int], value: int) -> None:
    assert not find_damage(np.full(shape, value, np.uint8), KINDS).any()


@pytest.mark.parametrize("level", [2, 6, 15])
def test_noise_is_estimated(level: float) -> None:
    smooth = cv2.GaussianBlur(data.camera(), (0, 0), 1.5).astype(float) * 0.6 + 40
    noisy = np.asarray(np.rint(smooth + np.random.default_rng(2).normal(0, level, smooth.shape)), np.uint8)
    assert estimate_noise(noisy) == pytest.approx(level, rel=0.2)


@pytest.mark.parametrize("level", [4, 10, 20])
def test_noise_is_no_damage(level: float) -> None:
    noisy = np.clip(120 + np.random.default_rng(3).normal(0, level, (300, 400)), 0, 255)
    assert find_damage(np.asarray(np.rint(noisy), np.uint8), KINDS).mean() < 0.002


@pytest.mark.parametrize("ends", [((0, 60), (399, 90)), ((130, 0), (150, 299)), ((0, 200), (150, 299))])
def test_a_fold_goes_from_border_to_border(ends: tuple[tuple[int, int], tuple[int, int]]) -> None:
    torn = (np.random.default_rng(4).random((300, 400)) < 0.8).astype(np.uint8)
    points = np.zeros((300, 400), np.uint8)
    cv2.line(points, *ends, 1, 2)
    across = points & torn
    assert np.array_equal(find_folds(across), across)
    half = points.copy()
    half[:, 75:] = half[150:] = 0
    assert not find_folds(half).any()
