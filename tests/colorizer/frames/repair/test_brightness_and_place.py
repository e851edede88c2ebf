"""Deflicker and steadying: what shakes goes, what is meant stays."""

from __future__ import annotations

import cv2
import numpy as np

from benchmarks.film_damage import add_flicker, add_shake
from benchmarks.film_repair import DEFLICKER, STEADY, brightness_flicker, psnr, repair, shake
from colorizer.arrays import Plane
from colorizer.frames.repair import FilmRepair
from tests.colorizer.frames.repair.clips import deep, means, moving, resting


def test_flicker_goes_and_the_picture_comes_back() -> None:
    clean = moving(30)
    worn = add_flicker(clean, seed=1)
    fixed = repair(worn, DEFLICKER)
    assert brightness_flicker(fixed) < brightness_flicker(worn) / 8
    assert psnr(fixed, clean) > psnr(worn, clean) + 4
    half = repair(worn, FilmRepair(deflicker=0.5))
    assert brightness_flicker(worn) / 3 < brightness_flicker(half) < brightness_flicker(worn) / 1.5


def test_flicker_of_10_bits_goes() -> None:
    worn = deep(add_flicker(moving(20), seed=1))
    fixed = repair(worn, DEFLICKER, bits=10)
    assert {plane.dtype for plane in fixed} == {np.dtype(np.uint16)}
    assert max(int(plane.max()) for plane in fixed) < 1 << 10
    assert brightness_flicker(fixed) < brightness_flicker(worn) / 8


def test_a_fade_and_what_walks_into_the_picture_keep_their_brightness() -> None:
    def fade(plane: Plane, number: int) -> None:
        plane[:] = np.rint(16 + (plane - 16.0) * (1 - number / 30))

    clip = resting(25, fade)
    assert np.abs(means(repair(clip, DEFLICKER)) - means(clip)).max() < 1

    def wall(plane: Plane, number: int) -> None:
        plane[:, : max(0, 30 * (number - 8))] = 230  # up to 60 % of the picture within 7 frames
        plane[:, 200:] = np.minimum(plane[:, 200:], 150)

    clip = resting(15, wall)
    fixed = repair(clip, DEFLICKER)
    corner = [
        abs(float(now[:, 250:].mean()) - float(was[:, 250:].mean())) for was, now in zip(clip, fixed, strict=True)
    ]
    assert max(corner) < 1.5


def test_shake_goes_and_the_pan_stays() -> None:
    clean = moving(30)
    shaken = add_shake(clean, seed=1, pixels=4)
    fixed = repair(shaken, STEADY)
    assert shake(fixed, clean) < shake(shaken, clean) / 4
    assert psnr(fixed, clean, 0.1) > psnr(shaken, clean, 0.1) + 2
    assert shake(repair(clean, STEADY), clean) < 0.3


def test_10_bits_are_steadied() -> None:
    clean = moving(16)
    shaken = add_shake(clean, seed=1, pixels=4)
    fixed = repair(deep(shaken), STEADY, bits=10)
    assert max(int(plane.max()) for plane in fixed) < 1 << 10
    back = [np.asarray(plane >> 2, np.uint8) for plane in fixed]
    assert psnr(back, repair(shaken, STEADY)) > 45


def test_with_crop_no_edge_is_repeated() -> None:
    """A picture of nothing but noise has no two equal columns at its edge, unless they are repeated."""
    shaken = add_shake(moving(12), seed=1, pixels=4)
    filled, cropped = (repair(shaken, FilmRepair(steady=edges)) for edges in ("fill", "crop"))
    assert any((plane[60:180, 0] == plane[60:180, 1]).mean() > 0.9 for plane in filled)
    assert not any((plane[60:180, 0] == plane[60:180, 1]).mean() > 0.9 for plane in cropped)
    assert {plane.shape for plane in cropped} == {shaken[0].shape}


def test_a_steady_dark_or_plain_clip_stays_as_it_is() -> None:
    flat = [np.full((120, 160), 30, np.uint8) for _ in range(5)]
    assert all(one is other for one, other in zip(repair(flat, STEADY), flat, strict=True))
    blurred = np.asarray(cv2.GaussianBlur(moving(1)[0], (0, 0), 1), np.uint8)
    same = [blurred] * 6
    assert all(one is other for one, other in zip(repair(same, STEADY), same, strict=True))
