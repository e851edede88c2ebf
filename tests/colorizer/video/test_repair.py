"""Repair within a film: shot by shot, with sound in its place, and in the recipe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.film_damage import add_dust
from colorizer.arrays import Floats, Plane
from colorizer.frames.repair import FilmRepair, repair_shot
from colorizer.frames.smoothing import is_scene_cut
from colorizer.video import VideoOptions, colorize_video
from colorizer.video.label import read_film_recipe
from colorizer.video.repair import is_cut_in_flicker, repair_frames
from colorizer.video.types import GrayFrame
from tests.colorizer.frames.repair.clips import moving
from tests.support.films import Tinter, make_film, planes_of_film, run_ffmpeg

ALL = FilmRepair(dust=True, scratches=True, deflicker=1.0, steady="fill")


def small(plane: Plane) -> Floats:
    return np.asarray(cv2.resize(plane, (56, 56), interpolation=cv2.INTER_AREA), np.float32) * np.float32(100 / 255)


def test_frames_and_packets_keep_their_order_and_nothing_crosses_a_cut() -> None:
    shots = [add_dust(moving(6, name), seed=3).planes for name in ("cat", "pagoda")]
    items: list[Any] = []
    for number, plane in enumerate(plane for shot in shots for plane in shot):
        items += [f"sound {number}", GrayFrame(plane, 10 * number, 10)]
    items.append("last")
    fixed: list[Any] = list(repair_frames(iter(items), ALL))
    alone = iter([plane for shot in shots for plane in repair_shot(shot, ALL)])
    for was, now in zip(items, fixed, strict=True):
        if isinstance(was, str):
            assert now == was
        else:
            assert isinstance(now, GrayFrame)
            np.testing.assert_array_equal(now.luma, next(alone))
            assert replace(now, luma=was.luma) == was


def test_without_repair_the_frames_are_not_even_looked_at() -> None:
    items = iter([GrayFrame(np.zeros((4, 4), np.uint8), 0, 1)])
    assert repair_frames(items, FilmRepair()) is items


def test_flicker_is_no_cut() -> None:
    scene = moving(1)[0]
    for gain in (0.5, 0.7, 1.4):
        other = np.clip(np.rint(scene * gain), 0, 255).astype(np.uint8)
        assert not is_cut_in_flicker(small(scene), small(other))
    assert is_scene_cut(small(scene), small(np.rint(scene * 0.5).astype(np.uint8)))
    for name in ("pagoda", "coffee", "astronaut"):
        assert is_cut_in_flicker(small(scene), small(moving(1, name)[0]))


@pytest.mark.parametrize("deep", [False, True])
def test_a_film_without_dust_is_made_again_from_its_recipe(tmp_path: Path, deep: bool) -> None:
    damaged = add_dust(moving(6), seed=3)
    raw, source = tmp_path / "raw.gray", tmp_path / "film.mkv"
    raw.write_bytes(b"".join(plane.tobytes() for plane in damaged.planes))
    ways = ("-f", "rawvideo", "-pix_fmt", "gray", "-s", "320x240", "-r", "25")
    run_ffmpeg(*ways, "-i", raw, "-c:v", "ffv1", "-pix_fmt", "gray10le" if deep else "gray", source)
    options = VideoOptions(repair=FilmRepair(dust=True))
    plain, fixed, again = (tmp_path / name for name in ("plain.mp4", "fixed.mp4", "again.mp4"))
    colorize_video(source, plain, Tinter(), replace(options, repair=FilmRepair()))
    colorize_video(source, fixed, Tinter(), options)
    recipe = read_film_recipe(fixed)
    assert recipe.settings_as(VideoOptions) == options
    colorize_video(source, again, Tinter(), recipe.settings_as(VideoOptions))
    assert again.read_bytes() == fixed.read_bytes()
    was, now = (planes_of_film(path).astype(int) for path in (plain, fixed))
    inside = np.stack(damaged.masks)
    assert np.abs(was - now)[inside].mean() > 20 * np.abs(was - now)[~inside].mean()


def test_sound_stays_with_a_repaired_film(tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mp4", "-c:v", "libx264", "-c:a", "aac", seconds=1)
    result = colorize_video(source, tmp_path / "out.mp4", Tinter(), VideoOptions(repair=ALL))
    assert (result.frames, result.complete) == (25, True)
