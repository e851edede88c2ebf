"""Shots are found where clips were joined: at cuts, dissolves and fades, but not at flashes, light and motion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from colorizer import InvalidVideo
from colorizer.arrays import Floats
from colorizer.color import lab
from colorizer.frames.smoothing import is_scene_cut
from colorizer.video.directing.detection import find_cuts
from colorizer.video.directing.film import find_shots
from colorizer.video.directing.similarity import SIDE, SmallPicture
from tests.support.paths import SAMPLES
from tests.support.shot_films import make_shots

NAMES = ("cat", "pagoda", "coffee", "dahlia", "astronaut", "cameraman")
RATE = 25.0


@cache
def photo(name: str) -> Floats:
    with Image.open(SAMPLES / f"{name}.jpg") as picture:
        return np.asarray(picture.convert("L").resize((240, 180)), np.float32)


def pan(name: str, frames: int, *, speed: float = 0.8, shake: float = 0.0, seed: int = 0) -> list[Floats]:
    """A camera that moves `speed` of 240 pixels a frame, forth and back, and shakes: 0..255, (120, 160) float32."""
    rng = np.random.default_rng(seed)
    views = []
    for number in range(frames):
        along = 75 - abs(speed * number % 150 - 75)
        left, top = np.clip(along + rng.normal(0, shake, 2), 0, (80, 60))
        place = np.array([[1, 0, -left], [0, 1, -top]], np.float64)
        views.append(np.asarray(cv2.warpAffine(photo(name), place, (160, 120)), np.float32))
    return views


@dataclass
class Clip:
    """Frames, and the numbers of those at which shots begin, each with the frames by which a finding may differ."""

    frames: list[Floats] = field(default_factory=list)
    cuts: list[tuple[int, int]] = field(default_factory=list)

    def cut_to(self, shot: list[Floats]) -> None:
        if self.frames:
            self.cuts.append((len(self.frames), 0))
        self.frames += shot

    def dissolve_to(self, shot: list[Floats], length: int) -> None:
        before = self.frames[-length:]
        shares = (np.arange(length) + 1) / (length + 1)
        mixed = [old + np.float32(share) * (new - old) for old, new, share in zip(before, shot, shares, strict=False)]
        self.cuts.append((len(self.frames) - length // 2, max(3, length // 5)))
        self.frames[-length:] = mixed
        self.frames += shot[length:]

    def fade_to(self, shot: list[Floats], length: int, black: int) -> None:
        for place in range(1, length + 1):
            self.frames[-place] = self.frames[-place] * np.float32((place - 1) / length)
        self.frames += [np.zeros_like(shot[0])] * black
        self.cuts.append((len(self.frames) - black // 2, black // 2 + 3))
        shot = [view * np.float32(min(1, place / length)) for place, view in enumerate(shot)]
        self.frames += shot

    def flash(self, at: int, length: int, light: float = 140) -> None:
        for place in range(at, at + length):
            self.frames[place] = np.clip(self.frames[place] + np.float32(light), 0, 255)

    def pictures(self, *, grain: float = 6.0, rate: float = RATE) -> Iterator[SmallPicture]:
        rng = np.random.default_rng(1)
        for number, frame in enumerate(self.frames):
            noisy = np.clip(frame + rng.normal(0, grain, frame.shape), 0, 255)
            small = cv2.resize(np.rint(noisy).astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
            yield SmallPicture(lab.luminance(np.asarray(small, np.uint8)), number / rate)


def missed_and_wrong(clip: Clip, found: list[float]) -> tuple[list[int], list[float]]:
    left = [round(seconds * RATE) for seconds in found]
    missed = []
    for frame, tolerance in clip.cuts:
        near = next((one for one in left if abs(one - frame) <= tolerance), None)
        if near is None:
            missed.append(frame)
        else:
            left.remove(near)
    return missed, [float(one) for one in left]


def found_in(clip: Clip, *, rate: float = RATE, grain: float = 6.0) -> list[float]:
    return list(find_cuts(clip.pictures(rate=rate, grain=grain), rate))


def test_hard_cuts_between_moving_shots() -> None:
    clip = Clip()
    for seed, name in enumerate((*NAMES, *NAMES)):
        clip.cut_to(pan(name, 15 + 7 * seed % 30, speed=seed % 3, shake=0.4, seed=seed))
    assert missed_and_wrong(clip, found_in(clip)) == ([], [])


@pytest.mark.parametrize("length", [8, 14, 25, 48])
def test_dissolves(length: int) -> None:
    clip = Clip(pan(NAMES[0], 70, speed=0.15))
    for name in NAMES[1:4]:
        clip.dissolve_to(pan(name, 60 + length, speed=0.1), length)
    assert missed_and_wrong(clip, found_in(clip)) == ([], [])


@pytest.mark.parametrize(("length", "black"), [(6, 3), (12, 1), (20, 10), (12, 60)])
def test_fades_through_black(length: int, black: int) -> None:
    clip = Clip(pan(NAMES[0], 50))
    for name in NAMES[1:4]:
        clip.fade_to(pan(name, 60), length, black)
    assert missed_and_wrong(clip, found_in(clip)) == ([], [])


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_flash_is_no_cut_and_a_cut_through_a_flash_is_one(length: int) -> None:
    clip = Clip(pan("pagoda", 120, shake=0.4))
    for at, light in ((20, 60), (40, 140), (60, 255), (80, -255)):
        clip.flash(at, length, light)
    assert found_in(clip) == []
    clip.cut_to(pan("coffee", 60))
    clip.flash(120, length)
    assert missed_and_wrong(clip, found_in(clip)) == ([], [])


def test_light_motion_and_damage_are_no_cuts() -> None:
    shaken = pan("cat", 60, speed=2, shake=1.5)
    light = np.interp(np.arange(150), (50, 70, 99, 100), (0.4, 1, 1, 0.5))  # it gets light, and a lamp goes out
    lit = [view * np.float32(share) for view, share in zip(pan("pagoda", 150), light, strict=True)]
    flickering = [view * np.float32(1 + 0.25 * (-1) ** place) for place, view in enumerate(pan("dahlia", 60))]
    torn = pan("coffee", 60)
    torn[30] = np.ascontiguousarray(torn[30][::-1])
    torn[31][:, 100:140] = 255
    for frames in (shaken, lit, flickering, torn):
        assert found_in(Clip(frames)) == []


def test_more_is_found_and_less_is_invented_than_by_the_test_between_two_frames() -> None:
    """`is_scene_cut`, which smoothing uses, sees two frames: it takes flashes for cuts, and no dissolves."""
    clip = Clip(pan(NAMES[0], 60))
    clip.cut_to(pan(NAMES[1], 60, shake=0.5))
    clip.dissolve_to(pan(NAMES[2], 80, speed=0.1), 20)
    clip.fade_to(pan(NAMES[3], 60), 12, 6)
    clip.flash(len(clip.frames) - 30, 2)
    clip.cut_to(pan(NAMES[4], 50, speed=3))
    assert missed_and_wrong(clip, found_in(clip)) == ([], [])
    pictures = list(clip.pictures())
    simple = [two.seconds for one, two in pairwise(pictures) if is_scene_cut(one.light, two.light)]
    missed, wrong = missed_and_wrong(clip, simple)
    assert missed
    assert wrong


@pytest.mark.parametrize("rate", [12.0, 50.0, 100.0])
def test_other_frame_rates(rate: float) -> None:
    clip = Clip(pan("cat", 80, speed=0.25))
    clip.cut_to(pan("pagoda", 80, speed=0.25))
    clip.flash(120, 2)
    assert [round(seconds * rate) for seconds in found_in(clip, rate=rate)] == [80]


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_hardly_any_frames(count: int) -> None:
    assert found_in(Clip(pan("cat", count))) == []


def test_what_is_held_of_a_film_is_bounded() -> None:
    alive = 0
    most = 0

    class Counted(SmallPicture):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def pictures() -> Iterator[SmallPicture]:
        nonlocal alive, most
        for one in Clip(pan("cat", 40) * 10).pictures():
            alive += 1
            most = max(most, alive)
            yield Counted(one.light, one.seconds)

    find_cuts(pictures(), RATE)
    assert most < 100


DISSOLVE = "[v0][v1]xfade=fade:duration=0.4:offset=0.8[a];[a][v2]xfade=fadeblack:duration=0.6:offset=1.6[film]"


def test_a_film_that_ffmpeg_joined(tmp_path: Path) -> None:
    film = make_shots(tmp_path / "cuts.mp4", seconds=1.2)
    assert [shot.start for shot in find_shots(film)] == pytest.approx([0, 1.2, 2.4])
    film = make_shots(tmp_path / "mixed.mkv", seconds=1.2, joined=DISSOLVE)
    assert [shot.start for shot in find_shots(film)] == pytest.approx([0, 1.0, 1.9], abs=0.2)


def test_progress_and_cancelling(tmp_path: Path) -> None:
    film, seen = make_shots(tmp_path / "film.mp4"), list[float]()
    assert len(find_shots(film, progress=seen.append, cancelled=lambda: seen[-1] >= 1.5)) == 2
    assert seen == pytest.approx([number / 25 for number in range(39)], abs=0.001)


def test_no_film(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"no film")
    with pytest.raises(InvalidVideo):
        find_shots(tmp_path / "film.mp4")
