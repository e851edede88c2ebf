"""Colours follow what moves, fade where it is lost, and are back where it comes back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from colorizer.arrays import Floats, Plane
from colorizer.frames.keyframes.key_frame import KeyFrame
from colorizer.frames.keyframes.motion import MotionMeter
from colorizer.frames.keyframes.tracking import Tracker
from colorizer.frames.optical_flow import SIDE

MARGIN = 40


def texture(seed: int, side: int = SIDE + 2 * MARGIN) -> Plane:
    """A picture with detail at the scale of a film's, shrunk."""
    noise = np.random.default_rng(seed).uniform(0, 1, (side, side)).astype(np.float32)
    mixed = sum(np.float32(size) * cv2.GaussianBlur(noise, (0, 0), size) for size in (1.5, 4, 10))
    return np.asarray(cv2.normalize(np.asarray(mixed), None, 20, 235, cv2.NORM_MINMAX), np.uint8)  # type: ignore[call-overload]


def view(scene: Plane, right: float, down: float) -> Plane:
    """The scene through a camera that was moved, in pixels."""
    move = np.array([[1, 0, MARGIN + right], [0, 1, MARGIN + down]], np.float64)
    return np.asarray(
        cv2.warpAffine(scene, move, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP), np.uint8
    )


def place_colors() -> Floats:
    """ab that tells each place's position: a is x, b is y."""
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    return np.dstack([columns, rows])


class Follower:
    """Carries colours from the picture of a key frame to the pictures that follow."""

    def __init__(self, picture: Plane, key: KeyFrame) -> None:
        self._tracker, self._meter = Tracker(picture, key.layer()), MotionMeter()
        self._meter.measure(picture)

    def advance(self, picture: Plane) -> Floats:
        motion = self._meter.measure(picture)
        assert motion is not None
        return self._tracker.advance(motion)


def errors(layer: Floats, right: float, down: float) -> tuple[Floats, Floats]:
    """How far, in pixels, the layer's places are off where it has weight, and the weight: both (SIDE, SIDE)."""
    weight = layer[..., 2]
    places = layer[..., :2] / np.maximum(weight, 1e-6)[..., np.newaxis]
    off = np.hypot(*np.moveaxis(places - place_colors() - (right, down), -1, 0))
    return np.where(weight > 0.1, off, 0), weight


def test_places_do_not_drift_in_a_long_pan() -> None:
    scene, key = texture(0), KeyFrame.from_ab(place_colors())
    tracker = Follower(view(scene, 0, 0), key)
    for step in range(1, 41):
        layer = tracker.advance(view(scene, 0.7 * step, -0.3 * step))
    off, weight = errors(layer, 28, -12)
    inside = (slice(16, -4), slice(4, -32))
    assert off[inside].mean() < 0.3
    assert weight[inside].mean() > 0.9
    assert weight[:4, :-32].mean() < 0.4, "expected little opinion on what came into view"
    assert weight[:, -18:].mean() < 0.1


@pytest.mark.parametrize("frames", [1, 4])
def test_a_flash_does_not_lose_the_places(frames: int) -> None:
    scene, key = texture(1), KeyFrame.from_ab(place_colors())
    tracker = Follower(view(scene, 0, 0), key)
    for step in range(1, 31):
        flash = 8 <= step < 8 + frames
        layer = tracker.advance(np.full((SIDE, SIDE), 255, np.uint8) if flash else view(scene, 0.5 * step, 0))
    off, weight = errors(layer, 15, 0)
    inside = (slice(8, -8), slice(8, -24))
    assert off[inside].mean() < 0.3
    assert weight[inside].mean() > 0.9


def test_a_fade_keeps_the_places() -> None:
    scene, key = texture(2), KeyFrame.from_ab(place_colors())
    tracker = Follower(view(scene, 0, 0), key)
    for step in range(1, 21):
        darker = view(scene, 0.5 * step, 0) * (1 - 0.03 * step)
        layer = tracker.advance(np.rint(darker).astype(np.uint8))
    _, weight = errors(layer, 10, 0)
    assert weight[8:-8, 8:-20].mean() > 0.8


def test_what_enters_has_no_opinion_and_what_it_hid_has_its_own_again() -> None:
    scene, thing, key = texture(3), texture(4)[:50, :50], KeyFrame.from_ab(place_colors())
    tracker = Follower(view(scene, 0, 0), key)
    for step in range(1, 41):
        frame = view(scene, 0, 0)
        left = 6 * step - 60  # it crosses the picture from left to right
        if 0 <= left <= SIDE - 50:
            frame[30:80, left : left + 50] = thing
        layer = tracker.advance(frame)
        if left == 36:
            weight = layer[..., 2]
            assert weight[38:72, left + 8 : left + 42].mean() < 0.3
            assert weight[85:, :].mean() > 0.9
    off, weight = errors(layer, 0, 0)
    assert off.mean() < 0.3
    assert weight[4:-4, 4:-4].mean() > 0.9


def test_another_scene_has_no_opinion() -> None:
    tracker = Follower(view(texture(5), 0, 0), KeyFrame.from_ab(place_colors()))
    for _ in range(5):
        layer = tracker.advance(view(texture(6), 0, 0))
    assert layer[..., 2].mean() < 0.2
