"""Dust: found and filled where it is, and nothing else is touched."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from benchmarks.film_damage import add_dust
from benchmarks.film_repair import DUST, changed, psnr, repair, score
from colorizer.arrays import Plane
from tests.colorizer.frames.repair.clips import SIZE, deep, moving, resting, share_changed


@pytest.mark.parametrize(("name", "least"), [("cat", 0.85), ("pagoda", 0.5)])  # pagoda: fine leaves everywhere
def test_dust_is_found_and_filled_and_all_else_stays_bit_by_bit(name: str, least: float) -> None:
    clean = moving(8, name)
    damaged = add_dust(clean, seed=2, spots=6)
    fixed = repair(damaged.planes, DUST)
    masks = changed(damaged.planes, fixed)
    assert score(masks, damaged.masks).f1 > least
    assert psnr(fixed, clean) > psnr(damaged.planes, clean) + 3
    kernel = np.ones((5, 5), np.uint8)
    elsewhere = [
        mask & (cv2.dilate(truth.astype(np.uint8), kernel) == 0)
        for mask, truth in zip(masks, damaged.masks, strict=True)
    ]
    assert np.mean(elsewhere) < 0.0005


def test_10_bits_are_repaired_at_the_same_places() -> None:
    clean = moving(6)
    damaged = add_dust(clean, seed=2, spots=6)
    fixed = repair(deep(damaged.planes), DUST, bits=10)
    assert {plane.dtype for plane in fixed} == {np.dtype(np.uint16)}
    assert max(int(plane.max()) for plane in fixed) < 1 << 10
    assert score(changed(deep(damaged.planes), fixed), damaged.masks).f1 > 0.8


@pytest.mark.parametrize("name", ["cat", "pagoda"])
def test_a_moving_grainy_clip_without_dust_stays(name: str) -> None:
    clean = moving(8, name)
    fixed = repair(clean, DUST)
    assert share_changed(clean, fixed) < 0.0003
    assert psnr(fixed, clean) > 55


def test_what_moves_on_its_own_is_no_dust() -> None:
    def ball(plane: Plane, number: int) -> None:
        cv2.circle(plane, (30 + 7 * number, 60 + 2 * number), 5, 225, -1, cv2.LINE_AA)

    clip = resting(8, ball)
    assert share_changed(clip, repair(clip, DUST)) < 0.0002


def test_dust_of_a_repeated_frame_is_in_both_and_goes_from_both() -> None:
    clean = moving(5)
    damaged = add_dust(clean, seed=2, spots=6)
    twice = [plane for plane in damaged.planes for _ in range(2)]
    fixed = repair(twice, DUST)
    assert score(changed(twice, fixed), [mask for mask in damaged.masks for _ in range(2)]).f1 > 0.8


def test_dust_under_flicker_is_filled_with_the_brightness_of_its_frame() -> None:
    clean = [np.asarray(np.rint(plane * gain), np.uint8) for plane, gain in zip(moving(6), [1, 0.85] * 3, strict=True)]
    damaged = add_dust(clean, seed=2, spots=6)
    fixed = repair(damaged.planes, DUST)
    assert score(changed(damaged.planes, fixed), damaged.masks).f1 > 0.75
    assert psnr(fixed, clean) > psnr(damaged.planes, clean) + 5


def test_a_frame_with_nothing_to_repair_is_the_same_object() -> None:
    still = [np.full(SIZE[::-1], 90, np.uint8) for _ in range(4)]
    assert all(one is other for one, other in zip(repair(still, DUST), still, strict=True))
