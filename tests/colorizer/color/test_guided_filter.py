from __future__ import annotations

import cv2
import numpy as np

from colorizer.arrays import Floats
from colorizer.color.guided_filter import refine
from colorizer.resize import WORKING_SIDE, shrink_to_working_size


def two_halves(side: int, edge: int) -> tuple[Floats, Floats]:
    """L and ab (side, side), with one edge in both."""
    luminance = np.full((side, side), 30, np.float32)
    luminance[:, edge:] = 80
    ab = np.zeros((side, side, 2), np.float32)
    ab[:, :edge], ab[:, edge:] = (30, 10), (-20, -40)
    return luminance, ab


def stretch(ab: Floats, luminance: Floats) -> Floats:
    return np.asarray(cv2.resize(ab, luminance.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def test_an_even_colour_stays_even() -> None:
    luminance = np.random.default_rng(1).uniform(0, 100, (90, 130)).astype(np.float32)
    refined = refine(np.full((28, 28, 2), (12, -7), np.float32), luminance)
    assert refined.shape == (90, 130, 2)
    assert refined.dtype == np.float32
    assert np.allclose(refined, (12, -7), atol=1e-3)


def test_an_even_luminance_leaves_no_edge_to_follow() -> None:
    ab = np.random.default_rng(2).normal(0, 10, (28, 28, 2)).astype(np.float32)
    refined = refine(ab, np.full((280, 280), 50, np.float32))
    assert np.allclose(refined, stretch(ab, refined[..., 0]), atol=1e-3)


def test_colours_end_at_the_edge_of_the_luminance() -> None:
    luminance, truth = two_halves(400, 203)  # an edge inside a pixel of the low resolution
    low = np.asarray(cv2.resize(truth, (40, 40), interpolation=cv2.INTER_AREA), np.float32)
    near = (slice(None), slice(193, 213))
    before = np.abs(stretch(low, luminance) - truth)[near].mean()
    after = np.abs(refine(low, luminance) - truth)[near].mean()
    assert after < 0.65 * before


def test_a_picture_of_one_pixel_has_a_colour() -> None:
    refined = refine(np.full((56, 56, 2), 5, np.float32), np.full((1, 1), 40, np.float32))
    assert np.allclose(refined, 5, atol=1e-4)


def test_large_pictures_are_made_small_and_small_ones_left() -> None:
    large = np.zeros((300, 3 * WORKING_SIDE, 3), np.uint16)
    assert shrink_to_working_size(large).shape == (100, WORKING_SIDE, 3)
    assert shrink_to_working_size(large).dtype == np.uint16
    small = np.zeros((WORKING_SIDE, 10), np.uint8)
    assert shrink_to_working_size(small) is small
    assert shrink_to_working_size(np.zeros((20_000, 1), np.uint8)).shape == (WORKING_SIDE, 1)
