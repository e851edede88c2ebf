"""The chroma of a film's frames: computed where something has changed, copied where nothing has."""

from __future__ import annotations

import numpy as np
import pytest

from colorizer.arrays import Floats, Pixels
from colorizer.edits.look import Look
from colorizer.frames.film_chroma import FilmChroma
from colorizer.frames.yuv import YuvColorizer, YuvFrame

SIZE = (64, 48)
LUMA = np.random.default_rng(0).integers(40, 220, (48, 64), np.uint8)
AB = np.full((56, 56, 2), (30, -20), np.float32)


def colored(film: FilmChroma, luma: Pixels, ab: Floats = AB, look: Look | None = None) -> tuple[Pixels, Pixels]:
    """The chroma that a frame of a film gets; its luma must stay."""
    frame = YuvFrame.empty(*SIZE)
    frame.y[:] = luma
    film.colorize(frame, ab, look or Look())
    np.testing.assert_array_equal(frame.y, luma)
    return frame.u, frame.v


def alone(luma: Pixels, ab: Floats = AB, look: Look | None = None) -> tuple[Pixels, Pixels]:
    """What the frame would get as the first one."""
    frame = YuvFrame.empty(*SIZE)
    frame.y[:] = luma
    YuvColorizer().colorize_chroma(frame, ab, look or Look())
    return frame.u, frame.v


@pytest.mark.parametrize("change", [0, 1, 2])
def test_a_frame_like_the_one_before_has_its_chroma(change: int) -> None:
    film = FilmChroma()
    first = colored(film, LUMA)
    second = colored(film, LUMA + np.uint8(change), AB.copy())
    for one, other, own in zip(first, second, alone(LUMA + np.uint8(change)), strict=True):
        np.testing.assert_array_equal(one, other)
        assert np.abs(other.astype(int) - own).max() <= 1


@pytest.mark.parametrize(
    ("luma", "ab", "look"),
    [
        (LUMA + np.uint8(30), AB, Look()),
        (LUMA, AB + 5, Look()),
        (LUMA, AB, Look(strength=0.5)),
        (LUMA, AB, Look(strength=0)),
    ],
)
def test_what_changes_is_computed(luma: Pixels, ab: Floats, look: Look) -> None:
    film = FilmChroma()
    colored(film, LUMA)
    for one, own in zip(colored(film, luma, ab, look), alone(luma, ab, look), strict=True):
        np.testing.assert_array_equal(one, own)


def test_small_changes_do_not_add_up() -> None:
    film = FilmChroma()
    luma = LUMA // 4
    for _ in range(40):
        luma = luma + np.uint8(2)
        last = colored(film, luma)
    for one, own in zip(last, alone(luma), strict=True):
        assert np.abs(one.astype(int) - own).max() <= 1


def test_frames_of_another_size_are_computed() -> None:
    film = FilmChroma()
    colored(film, LUMA)
    frame = YuvFrame.empty(32, 24)
    frame.y[:] = 128
    film.colorize(frame, AB, Look())
    assert (frame.u > 128).all() or (frame.v > 128).all()
