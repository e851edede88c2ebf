"""The colours of a shot with key frames: forwards, backwards, blended, and automatic where nothing is known."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from colorizer import MODELS
from colorizer.arrays import Floats
from colorizer.edits.look import Look, white_ab
from colorizer.frames.keyframes import KeyFrame, ShotColors, carry
from colorizer.frames.optical_flow import SIDE
from colorizer.network.predictor import Prediction

FRAME = 1 / 25  # seconds
INPUT = 224
STEP = 2  # pixels of the input that the camera moves in each frame: one of the key frame's
RED, BLUE = (60.0, 40.0), (10.0, -50.0)


class Grayish:
    """Predicts one dull colour everywhere; its features tell places by their surroundings."""

    def __init__(self) -> None:
        self.spec = MODELS["compact"]
        self.distributions: list[bool] = []

    def predict(self, luminance: Floats, *, distribution: bool, features: bool) -> Prediction:
        assert luminance.shape == (INPUT, INPUT)
        self.distributions.append(distribution)
        small = np.asarray(cv2.resize(luminance, (56, 56), interpolation=cv2.INTER_AREA), np.float32)
        maps = [np.roll(small, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        logits = np.zeros((313, 56, 56), np.float32) if distribution else None
        return Prediction(np.full((56, 56, 2), 4, np.float32), logits, self.spec, (np.stack(maps),) if features else ())


def scene(seed: int = 0, side: int = 2 * INPUT) -> Floats:
    noise = np.random.default_rng(seed).uniform(0, 1, (side, side)).astype(np.float32)
    mixed = cv2.GaussianBlur(noise, (0, 0), 3) + 3 * cv2.GaussianBlur(noise, (0, 0), 9)
    return np.asarray(cv2.normalize(mixed, None, 10, 90, cv2.NORM_MINMAX), np.float32)  # type: ignore[call-overload]


def shot(frames: int, picture: Floats | None = None) -> list[Floats]:
    """L of a shot whose camera moves to the right."""
    picture = scene() if picture is None else picture
    return [np.ascontiguousarray(picture[:INPUT, STEP * i : STEP * i + INPUT]) for i in range(frames)]


def even_key(ab: tuple[float, float], columns: slice = slice(None)) -> KeyFrame:
    """One colour, in some of the columns; no opinion elsewhere."""
    weight = np.zeros((SIDE, SIDE), np.float32)
    weight[:, columns] = 1
    return KeyFrame(np.full((SIDE, SIDE, 2), ab, np.float32), weight)


def striped_key(shift: int = 0) -> KeyFrame:
    """Colours that change with the column, in a view that lies `shift` pixels further to the right."""
    column = np.arange(SIDE, dtype=np.float32) + shift
    ab = np.dstack([np.tile(40 * np.sin(column / 9), (SIDE, 1)), np.tile(40 * np.cos(column / 9), (SIDE, 1))])
    return KeyFrame.from_ab(ab.astype(np.float32))


def run(luminances: list[Floats], keys: dict[int, KeyFrame], look: Look | None = None) -> list[Floats]:
    return list(carry(lambda: luminances, Grayish(), keys, seconds=FRAME, look=look or Look()))


def distance(found: Floats, expected: Floats) -> float:
    """The mean difference of ab where the camera shows what all frames show, in CIE units."""
    return float(np.abs(found - expected)[4:-4, 24:-24].mean())


def test_colours_go_forwards_with_the_motion() -> None:
    found = run(shot(16), {0: striped_key()})
    np.testing.assert_allclose(found[0], striped_key().ab, atol=1e-3)
    for number in (1, 5, 15):
        assert found[number].shape == (SIDE, SIDE, 2)
        assert distance(found[number], striped_key(number).ab) < 2


def test_colours_go_backwards_with_the_motion() -> None:
    found = run(shot(16), {15: striped_key(15)})
    np.testing.assert_allclose(found[15], striped_key(15).ab, atol=0.02)  # kept as float16
    for number in (0, 10, 14):
        assert distance(found[number], striped_key(number).ab) < 2


def test_without_a_look_ahead_frames_before_the_key_frame_are_automatic() -> None:
    with ShotColors(Grayish(), {3: even_key(RED)}) as colors:
        found = [colors.next_ab(luminance, seconds=FRAME) for luminance in shot(5)]
    np.testing.assert_allclose(found[2], 4, atol=1e-3)
    assert distance(found[3], np.full((SIDE, SIDE, 2), RED, np.float32)) < 0.1


def test_between_two_key_frames_the_nearer_counts_more() -> None:
    still = [scene()[:INPUT, :INPUT]] * 17
    found = run(still, {0: even_key(RED), 16: even_key(BLUE)})
    shares = [float(((ab - RED) / np.subtract(BLUE, RED)).mean()) for ab in found]
    np.testing.assert_allclose(shares, np.arange(17) / 16, atol=1.2 / 16)  # they follow within a frame or so
    np.testing.assert_allclose([shares[0], shares[16]], [0, 1], atol=1e-3)


def test_a_partial_key_frame_lets_the_colours_of_others_pass() -> None:
    still = [scene()[:INPUT, :INPUT]] * 9
    found = run(still, {0: even_key(RED), 4: even_key(BLUE, slice(0, 50))})
    for number in (4, 8):
        np.testing.assert_allclose(found[number][:, :48], np.full((SIDE, 48, 2), BLUE), atol=1)
        np.testing.assert_allclose(found[number][:, 52:], np.full((SIDE, SIDE - 52, 2), RED), atol=1)


def test_where_no_key_frame_has_an_opinion_the_automatic_colours_stay() -> None:
    found = run([scene()[:INPUT, :INPUT]] * 3, {0: even_key(RED, slice(0, 0))})
    for ab in found:
        np.testing.assert_allclose(ab, 4, atol=1e-3)


def test_what_comes_into_view_takes_its_colours_softly() -> None:
    """A camera that leaves all that the key frame showed ends with the automatic colours or the key frame's change."""
    picture = scene(1)
    moving = [np.ascontiguousarray(picture[:INPUT, 8 * i : 8 * i + INPUT]) for i in range(28)]
    found = run(moving, {0: even_key(RED)})
    shares = [float(((ab - 4) / np.subtract(RED, 4)).mean()) for ab in found]
    assert max(abs(after - before) for before, after in pairwise(shares)) < 0.2
    assert -0.1 < shares[-1] < 1.1


def test_key_frames_beyond_the_end_count_for_nothing() -> None:
    still = [scene()[:INPUT, :INPUT]] * 4
    np.testing.assert_array_equal(
        run(still, {0: even_key(RED), 9: even_key(BLUE)})[3], run(still, {0: even_key(RED)})[3]
    )


def test_the_look_is_that_of_the_automatic_colours_alone() -> None:
    still = [scene()[:INPUT, :INPUT]] * 2
    look = Look(strength=0.5, warmth=1, vividness=0)
    found = run(still, {0: even_key(RED, slice(0, 50))}, look)[0]
    np.testing.assert_allclose(found[:, :48], np.full((SIDE, 48, 2), RED), atol=0.01)
    assert found[:, 52:, 1].mean() > 0.5 * 4 + 0.2 * white_ab(1)[1]


def test_vividness_asks_for_the_distribution() -> None:
    predictor = Grayish()
    with ShotColors(predictor, {0: even_key(RED)}, look=Look(vividness=0.5)) as colors:
        colors.next_ab(scene()[:INPUT, :INPUT], seconds=FRAME)
    assert all(predictor.distributions)


def test_the_same_twice_is_the_same_bit_by_bit_and_leaves_no_file(tmp_path: Path) -> None:
    luminances, keys = shot(6), {1: striped_key(1), 4: even_key(BLUE, slice(30, 60))}
    once = run(luminances, keys)
    with ShotColors(Grayish(), keys, folder=tmp_path) as colors:
        assert colors.frames_ahead == 5
        ahead = iter(luminances)
        colors.look_ahead(ahead)
        assert next(ahead) is luminances[5], "expected no frame to be read beyond the last key frame"
        again = [colors.next_ab(luminance, seconds=FRAME) for luminance in luminances]
    assert list(tmp_path.iterdir()) == []
    for one, other in zip(once, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_memory_does_not_grow_with_the_length() -> None:
    picture = scene()[:INPUT, :INPUT]

    def peak(frames: int) -> int:
        def luminances() -> Iterator[Floats]:
            return (picture.copy() for _ in range(frames))

        tracemalloc.start()
        try:
            for _ in carry(luminances, Grayish(), {0: even_key(RED), frames - 1: even_key(BLUE)}, seconds=FRAME):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    short, long = peak(4), peak(19)
    assert long - short < 500_000, "expected less: the colours of 15 more frames would take 1.5 MB"


@pytest.mark.parametrize("keys", [{}, {-1: even_key(RED)}])
def test_no_key_frames_and_numbers_below_0_are_refused(keys: dict[int, KeyFrame]) -> None:
    with pytest.raises(ValueError, match="expected key frames with numbers from 0 on, got"):
        ShotColors(Grayish(), keys)


def test_a_smoothing_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an amount of smoothing from 0 to 1, got 2"):
        ShotColors(Grayish(), {0: even_key(RED)}, smoothing=2)
