"""Colour over time: steady on a still scene, quick where something moves, new at once after a cut."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
import pytest
from PIL import Image

from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats
from colorizer.color import lab
from colorizer.frames.smoothing import DEFAULT_AMOUNT, Smoother, is_scene_cut
from tests.support.paths import SAMPLES

FRAME = 1 / 15  # seconds
SIDE = 224


def scene(name: str) -> Floats:
    """L of a sample, 0..100, at the network's size."""
    with Image.open(SAMPLES / f"{name}.jpg") as picture:
        return lab.luminance(np.asarray(picture.convert("L").resize((640, 480))))


def with_noise(luminance: Floats, frames: int) -> Iterator[Floats]:
    """The same scene from a camera of average quality: 640 x 480, seeded noise of 2.5 in L, made small."""
    rng = np.random.default_rng(0)
    for _ in range(frames):
        noisy = luminance + rng.normal(0, 2.5, luminance.shape).astype(np.float32)
        yield np.asarray(cv2.resize(noisy, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def flicker(frames: list[Floats]) -> float:
    """The mean change of ab from one frame to the next."""
    return float(np.mean([np.abs(after - before).mean() for before, after in pairwise(frames)]))


@pytest.fixture(scope="module")
def compact() -> Colorizer:
    return load_colorizer("compact")


@pytest.mark.parametrize("name", ["coffee", "astronaut"])
def test_a_still_scene_flickers_at_most_a_fifth_as_much(compact: Colorizer, name: str) -> None:
    smoother = Smoother()
    luminances = list(with_noise(scene(name), 20))
    predicted = [compact.predict_ab(luminance) for luminance in luminances]
    shown = [smoother.smooth(ab, light, seconds=FRAME) for ab, light in zip(predicted, luminances, strict=True)]
    assert flicker(predicted) > 0.05, "expected the noise to change the predictions, otherwise this test shows nothing"
    assert flicker(shown) <= flicker(predicted) / 5


@pytest.mark.parametrize(("before", "after"), [("coffee", "astronaut"), ("pagoda", "cat"), ("dahlia", "pagoda")])
def test_after_a_cut_the_new_colours_are_there_within_two_frames(compact: Colorizer, before: str, after: str) -> None:
    smoother = Smoother()
    for luminance in with_noise(scene(before), 10):
        smoother.smooth(compact.predict_ab(luminance), luminance, seconds=FRAME)
    for luminance in with_noise(scene(after), 2):
        predicted = compact.predict_ab(luminance)
        shown = smoother.smooth(predicted, luminance, seconds=FRAME)
    assert np.abs(shown - predicted).mean() < 0.1 * np.abs(predicted).mean()


def test_what_moves_gets_its_new_colours_at_once_and_the_rest_stays_steady() -> None:
    smoother = Smoother()
    light = np.full((56, 56), 40, np.float32)
    ab = np.zeros((56, 56, 2), np.float32)
    smoother.smooth(ab, light, seconds=FRAME)
    moved, other = light.copy(), ab + 20
    moved[:, :10] = 80
    shown = smoother.smooth(other, moved, seconds=FRAME)
    np.testing.assert_allclose(shown[:, :9], 20)
    assert shown[:, 12:].max() < 4


def test_a_slow_change_of_light_arrives() -> None:
    smoother = Smoother()
    for level in np.linspace(30, 60, 60):
        ab = np.full((56, 56, 2), level, np.float32)
        shown = smoother.smooth(ab, np.full((56, 56), level, np.float32), seconds=FRAME)
    assert np.abs(shown - ab).max() < 4


def test_after_a_pause_the_past_counts_for_little() -> None:
    light, zero = np.full((56, 56), 40, np.float32), np.zeros((56, 56, 2), np.float32)
    smoother = Smoother()
    smoother.smooth(zero, light, seconds=FRAME)
    assert smoother.smooth(zero + 10, light, seconds=2.0).min() > 9.9


def test_no_amount_leaves_ab_alone() -> None:
    smoother = Smoother()
    rng = np.random.default_rng(0)
    for _ in range(3):
        ab = rng.uniform(-50, 50, (56, 56, 2)).astype(np.float32)
        np.testing.assert_array_equal(smoother.smooth(ab, ab[..., 0] + 50, seconds=FRAME, amount=0), ab)


def test_a_larger_amount_is_steadier() -> None:
    light, zero = np.full((56, 56), 40, np.float32), np.zeros((56, 56, 2), np.float32)
    reached = []
    for amount in (0.2, 0.5, DEFAULT_AMOUNT, 1.0):
        smoother = Smoother()
        smoother.smooth(zero, light, seconds=FRAME, amount=amount)
        reached.append(float(smoother.smooth(zero + 10, light, seconds=FRAME, amount=amount).mean()))
    assert reached == sorted(reached, reverse=True)
    assert 0 < reached[-1] < reached[0] < 10


def test_reset_and_another_size_forget_the_past() -> None:
    light, zero = np.full((56, 56), 40, np.float32), np.zeros((56, 56, 2), np.float32)
    smoother = Smoother()
    smoother.smooth(zero, light, seconds=FRAME)
    smoother.reset()
    np.testing.assert_array_equal(smoother.smooth(zero + 10, light, seconds=FRAME), zero + 10)
    smaller = np.full((28, 28, 2), 3, np.float32)
    np.testing.assert_array_equal(smoother.smooth(smaller, light, seconds=FRAME), smaller)


def test_noise_and_a_moving_thing_are_no_cut_but_another_scene_is() -> None:
    small = [
        np.asarray(cv2.resize(scene(name), (56, 56), interpolation=cv2.INTER_AREA), np.float32)
        for name in ("coffee", "cat")
    ]
    rng = np.random.default_rng(0)
    assert not is_scene_cut(small[0], small[0] + rng.normal(0, 2, (56, 56)).astype(np.float32))
    moving = small[0].copy()
    moving[20:35, 20:35] = 90
    assert not is_scene_cut(small[0], moving)
    assert is_scene_cut(small[0], small[1])


def wall(shift: int = 0) -> tuple[Floats, Floats]:
    """L of a textured wall that has gone `shift` pixels to the right, and its ab, which follows the texture."""
    texture = np.asarray(cv2.GaussianBlur(np.random.default_rng(0).uniform(0, 1, (SIDE, 2 * SIDE)), (0, 0), 4))
    texture = 20 + 60 * (texture - texture.min()) / np.ptp(texture)
    light = np.ascontiguousarray(texture[:, SIDE - shift : 2 * SIDE - shift], np.float32)
    small = np.asarray(cv2.resize(light, (56, 56), interpolation=cv2.INTER_AREA), np.float32)
    return light, np.dstack([small - 50, 50 - small])


def test_carried_colours_follow_the_motion_and_do_not_blur() -> None:
    smoother = Smoother(follow_motion=True)
    light, first = wall()
    smoother.smooth(first, light, seconds=FRAME)
    for step in range(1, 5):
        light, truth = wall(2 * step)
        shown = smoother.propagate(light, seconds=FRAME / 4)
        assert shown is not None
        carried = shown
    off, without = (np.abs(ab - truth)[6:-6, 8:-6].mean() for ab in (carried, first))
    assert off < without / 5
    assert not smoother.is_still


def test_carried_colours_go_on_to_the_prediction() -> None:
    smoother = Smoother(follow_motion=True)
    light, ab = wall()
    smoother.smooth(ab, light, seconds=FRAME)
    shown = [smoother.smooth(ab + 10, light, seconds=FRAME)]
    for _ in range(60):
        carried = smoother.propagate(light, seconds=FRAME)
        assert carried is not None
        shown.append(carried)
    levels = [float((each - ab).mean()) for each in shown]
    assert levels == sorted(levels)
    assert 0 < levels[0] < 3 < 9.8 < levels[-1] <= 10
    assert shown[-1] is shown[-2]  # what is left is not to be seen
    assert smoother.is_still


def test_what_is_too_new_is_not_carried_and_changes_nothing() -> None:
    smoother = Smoother(follow_motion=True)
    light, ab = wall()
    smoother.smooth(ab, light, seconds=FRAME)
    other = light.copy()
    other[:, :60] = 100 - other[:, :60]
    assert smoother.propagate(other, seconds=FRAME) is None
    carried = smoother.propagate(light, seconds=FRAME)
    np.testing.assert_array_equal(carried, ab)


@pytest.mark.parametrize(("amount", "seconds"), [(-0.1, FRAME), (1.1, FRAME), (float("nan"), FRAME), (0.5, 0.0)])
def test_out_of_range_is_refused(amount: float, seconds: float) -> None:
    with pytest.raises(ValueError, match=r"expected (an amount of smoothing from 0 to 1|seconds above 0), got"):
        Smoother().smooth(np.zeros((2, 2, 2), np.float32), np.zeros((2, 2), np.float32), seconds=seconds, amount=amount)
