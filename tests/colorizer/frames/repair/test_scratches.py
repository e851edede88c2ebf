"""Vertical scratches: those that stay while the scene moves, or run through the whole picture; no masts."""

from __future__ import annotations

import numpy as np

from benchmarks.film_damage import Damaged, add_scratches
from benchmarks.film_repair import SCRATCHES, changed, psnr, repair, score
from colorizer.arrays import Plane
from tests.colorizer.frames.repair.clips import deep, moving, resting, share_changed


def scratched(frames: int = 14) -> tuple[list[Plane], Damaged]:
    clean = moving(frames)
    return clean, add_scratches(clean, seed=3, count=3)


def test_scratches_are_found_and_filled_and_all_else_stays_bit_by_bit() -> None:
    clean, damaged = scratched()
    fixed = repair(damaged.planes, SCRATCHES)
    scores = score(changed(damaged.planes, fixed), damaged.masks)
    assert scores.precision > 0.75
    assert scores.f1 > 0.7
    assert psnr(fixed, clean) > psnr(damaged.planes, clean) + 2


def test_detail_below_a_transparent_scratch_stays_and_an_opaque_one_is_filled_from_its_sides() -> None:
    clean = moving(12, "coffee")
    columns = slice(100, 103)
    for opacity in (0.0, 1.0):
        damaged = []
        for plane in clean:
            worn = plane.astype(np.float64)
            worn[:, columns] += 30 - opacity * (30 + worn[:, columns] - 225)
            damaged.append(np.rint(np.clip(worn, 16, 235)).astype(np.uint8))
        fixed = repair(damaged, SCRATCHES)
        assert np.mean([mask[:, columns].mean() for mask in changed(damaged, fixed)]) > 0.7
        assert psnr(fixed, clean) > psnr(damaged, clean) + 6


def test_10_bits_are_repaired_at_the_same_places() -> None:
    _, damaged = scratched()
    fixed = repair(deep(damaged.planes), SCRATCHES, bits=10)
    assert {plane.dtype for plane in fixed} == {np.dtype(np.uint16)}
    assert max(int(plane.max()) for plane in fixed) < 1 << 10
    assert score(changed(deep(damaged.planes), fixed), damaged.masks).f1 > 0.7


def test_a_clip_without_scratches_stays() -> None:
    for clip in (moving(10), moving(10, "pagoda"), resting(8)):
        assert share_changed(clip, repair(clip, SCRATCHES)) < 0.0002


def test_a_mast_at_rest_is_part_of_the_scene_and_a_line_from_edge_to_edge_is_not() -> None:
    def mast(plane: Plane, _number: int) -> None:
        plane[80:, 150:153] = 200

    def line(plane: Plane, _number: int) -> None:
        plane[:, 150:153] = 200

    clip = resting(8, mast)
    assert share_changed(clip, repair(clip, SCRATCHES)) < 0.0002
    clip = resting(8, line)
    fixed = repair(clip, SCRATCHES)
    assert np.mean([mask[:, 150:153].mean() for mask in changed(clip, fixed)]) > 0.7


def test_a_mast_that_passes_slowly_is_part_of_the_scene() -> None:
    for speed in (0.4, 0.8, 1.5):

        def mast(plane: Plane, number: int, speed: float = speed) -> None:
            left = 150 + round(speed * number)
            plane[:] = np.roll(plane, round(speed * number), axis=1)
            plane[80:, left : left + 3] = 200

        clip = resting(12, mast)
        assert share_changed(clip, repair(clip, SCRATCHES)) < 0.0002
