"""The colours of a film: steadier along the motion than frame by frame, as saturated, and predicted only if needed."""

from __future__ import annotations

import math
from itertools import islice

import cv2
import numpy as np
import pytest

from benchmarks.clips import moving_luma
from benchmarks.flicker import flicker, flows, mean_chroma
from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats
from colorizer.frames.smoothing import DEFAULT_AMOUNT, Smoother
from colorizer.frames.steady import SteadyColors
from colorizer.frames.yuv import YuvFrame, shrink_luminance
from colorizer.video.colors import VideoColors
from tests.support.films import Tinter

FRAME = 1 / 25  # seconds
SIDE = 224


@pytest.fixture(scope="module")
def compact() -> Colorizer:
    return load_colorizer("compact")


def small_frames(name: str, count: int) -> list[Floats]:
    """The first frames of a clip of four seconds, as the network's input."""
    clip = islice(moving_luma(name, 100, grain=8), count)
    return [shrink_luminance(YuvFrame(luma, luma, luma), SIDE) for luma in clip]


@pytest.mark.parametrize("name", ["coffee", "cat"])
def test_a_moving_clip_flickers_at_most_half_as_much_and_is_as_colourful(compact: Colorizer, name: str) -> None:
    luminances = small_frames(name, 20)
    predicted = [compact.predict_ab(luminance) for luminance in luminances]
    film = VideoColors(compact, vividness=0, smoothing=DEFAULT_AMOUNT)
    shown = [film.next_ab(luminance, seconds=FRAME) for luminance in luminances]
    between = flows(luminances)
    assert np.mean([known.mean() for _, known in between]) > 0.7, "expected known motion"
    assert flicker(predicted, between) > 0.1
    assert flicker(shown, between) <= flicker(predicted, between) / 2
    assert mean_chroma(shown) == pytest.approx(mean_chroma(predicted), rel=0.1)
    off = np.mean([np.abs(ours - theirs).mean() for ours, theirs in zip(shown, predicted, strict=True)])
    assert off < 0.25 * np.mean(np.abs(predicted))


def test_following_motion_is_steadier_than_not(compact: Colorizer) -> None:
    luminances = small_frames("cat", 12)
    predicted = [compact.predict_ab(luminance) for luminance in luminances]
    between = flows(luminances)
    results = []
    for follow in (False, True):
        smoother = Smoother(follow_motion=follow)
        shown = [smoother.smooth(ab, light, seconds=FRAME) for ab, light in zip(predicted, luminances, strict=True)]
        results.append(flicker(shown, between))
    assert results[1] < results[0]


def test_a_thing_that_passes_leaves_no_ghost() -> None:
    """A bright red square crosses a blue wall: it stays red, and the wall that it uncovers is blue again."""
    rng = np.random.default_rng(0)
    wall = np.asarray(cv2.GaussianBlur(rng.uniform(20, 60, (SIDE, SIDE)), (0, 0), 3), np.float32)
    film = Smoother(follow_motion=True)
    for step in range(20):
        light, ab = wall.copy(), np.full((56, 56, 2), (0.0, -30.0), np.float32)
        left = 4 * step
        light[80:144, left : left + 64] += 40
        ab[20:36, left // 4 : left // 4 + 16] = (40.0, 0.0)
        shown = film.smooth(ab, light, seconds=FRAME)
    np.testing.assert_allclose(shown[22:34, left // 4 + 2 : left // 4 + 14].mean(axis=(0, 1)), (40, 0), atol=3)
    trail = shown[20:36, : left // 4 - 2]
    np.testing.assert_allclose(trail.mean(axis=(0, 1)), (0, -30), atol=1.5)
    assert np.abs(trail - (0, -30)).max() < 12


def test_a_prediction_serves_for_a_quarter_of_a_second_unless_too_much_is_new() -> None:
    tinter = Tinter()
    film = VideoColors(tinter, vividness=0, smoothing=DEFAULT_AMOUNT)
    for luminance in small_frames("coffee", 15):
        film.next_ab(luminance, seconds=FRAME)
    assert 3 <= tinter.predictions <= 7


def test_a_frame_like_the_one_before_has_the_same_colours(compact: Colorizer) -> None:
    film = VideoColors(compact, vividness=0, smoothing=DEFAULT_AMOUNT)
    (luminance,) = small_frames("coffee", 1)
    first = film.next_ab(luminance, seconds=FRAME)
    assert all(film.next_ab(luminance.copy(), seconds=FRAME) is first for _ in range(5))
    assert film.predictions == 1


def test_a_still_film_with_grain_is_predicted_seldom(compact: Colorizer) -> None:
    film = VideoColors(compact, vividness=0, smoothing=DEFAULT_AMOUNT)
    still, rng = small_frames("cat", 1)[0], np.random.default_rng(0)
    for _ in range(25):
        grain = rng.normal(0, 1, still.shape).astype(np.float32)
        shown = film.next_ab(np.clip(still + grain, 0, 100), seconds=FRAME)
    assert film.predictions == 1
    assert np.abs(shown - compact.predict_ab(still)).mean() < 1


@pytest.mark.parametrize("seconds", [1 / 50, 1 / 25, 1 / 12])
def test_something_that_appears_has_its_colours_within_two_tenths_of_a_second(seconds: float) -> None:
    """A bright square, a fortieth of the picture, is on the wall from one frame to the next."""
    wall = np.asarray(cv2.GaussianBlur(np.random.default_rng(0).uniform(20, 60, (SIDE, SIDE)), (0, 0), 3), np.float32)

    def predict(luminance: Floats) -> Floats:
        bright = cv2.resize(luminance, (56, 56), interpolation=cv2.INTER_AREA) > 65
        red, blue = np.array([[40, 0], [0, -30]], np.float32)
        return np.asarray(np.where(bright[..., np.newaxis], red, blue), np.float32)

    film = SteadyColors(predict, DEFAULT_AMOUNT)
    for _ in range(10):
        film.next_ab(wall.copy(), seconds=seconds)
    with_square = wall.copy()
    with_square[80:116, 80:116] += 50
    for _ in range(math.ceil(0.2 / seconds)):
        with_square = with_square + np.float32(0.01)
        shown = film.next_ab(with_square, seconds=seconds)
    np.testing.assert_allclose(shown[22:28, 22:28].mean(axis=(0, 1)), (40, 0), atol=3)
    np.testing.assert_allclose(shown[:, :16].mean(axis=(0, 1)), (0, -30), atol=1)


def test_a_cut_is_predicted_at_once() -> None:
    tinter = Tinter()
    film = VideoColors(tinter, vividness=0, smoothing=DEFAULT_AMOUNT)
    for name in ("coffee", "cat", "coffee"):
        film.next_ab(small_frames(name, 1)[0], seconds=FRAME)
    assert tinter.predictions == 3


def test_without_smoothing_each_frame_has_its_own_colours(compact: Colorizer) -> None:
    film = VideoColors(compact, vividness=0.5, smoothing=0)
    for luminance in small_frames("coffee", 3):
        np.testing.assert_array_equal(
            film.next_ab(luminance, seconds=FRAME), compact.predict_ab(luminance, vividness=0.5)
        )


def test_nothing_is_carried_without_a_past_or_without_following() -> None:
    light, ab = np.full((SIDE, SIDE), 50, np.float32), np.zeros((56, 56, 2), np.float32)
    assert Smoother(follow_motion=True).propagate(light, seconds=FRAME) is None
    still = Smoother()
    still.smooth(ab, light, seconds=FRAME)
    assert still.propagate(light, seconds=FRAME) is None
