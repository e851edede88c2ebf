"""The short film in which a line sweeps over a photograph, as ffprobe, FFmpeg and exiftool see it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from colorizer import MODELS
from colorizer.images import Picture
from colorizer.recipe import ALGORITHMICALLY_ENHANCED, PhotoSettings, make_recipe
from colorizer.video.before_after import SECONDS, divider_at, encode_before_after
from colorizer.video.label import read_film_recipe
from tests.support.exiftool import exiftool
from tests.support.films import ask, run_ffmpeg

GRAY, RED = 110, (200, 60, 50)


def flat(height: int, width: int) -> tuple[Picture, Picture]:
    """A plain grey photograph, and the same in red."""
    return Picture(np.full((height, width), GRAY, np.uint8)), Picture(np.full((height, width, 3), RED, np.uint8))


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_it_goes_from_grey_to_colour(tmp_path: Path) -> None:
    path = write(tmp_path / "sweep.mp4", encode_before_after(*flat(90, 120)))
    stream = ask(path, "stream=codec_name,pix_fmt,width,height,nb_frames,duration")["streams"][0]
    assert (stream["codec_name"], stream["pix_fmt"]) == ("h264", "yuv420p")
    assert (stream["width"], stream["height"], int(stream["nb_frames"])) == (120, 90, 100)
    assert float(stream["duration"]) == pytest.approx(SECONDS, abs=0.01)
    raw = run_ffmpeg("-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    frames = np.frombuffer(raw, np.uint8).reshape(100, 90, 120, 3)
    assert np.abs(frames[0].astype(int) - GRAY).max() <= 3
    assert np.abs(frames[-1].astype(int) - RED).max() <= 6
    # Half of the way: left of the line it is still grey.
    middle = frames[45, 45].astype(int)
    chroma = np.ptp(middle, axis=1)
    line = round(120 * divider_at(45 / 25))
    assert chroma[: line - 6].max() <= 6
    assert chroma[line + 6 :].min() >= 100


def test_the_line_moves_one_way_and_rests_at_both_ends() -> None:
    places = [divider_at(number / 100) for number in range(round(100 * SECONDS))]
    assert (places[0], places[50], places[-1], places[-90]) == (1.0, 1.0, 0.0, 0.0)
    assert all(one >= other for one, other in itertools.pairwise(places))


@pytest.mark.parametrize(
    ("height", "width", "size"), [(1, 1, (2, 2)), (3, 2001, (1280, 2)), (2000, 1001, (640, 1280)), (41, 27, (26, 40))]
)
def test_every_size_becomes_one_that_players_take(
    height: int, width: int, size: tuple[int, int], tmp_path: Path
) -> None:
    path = write(tmp_path / "sweep.mp4", encode_before_after(*flat(height, width)))
    stream = ask(path, "stream=width,height")["streams"][0]
    assert (stream["width"], stream["height"]) == size


def test_its_index_comes_first_and_it_tells_how_it_was_made(tmp_path: Path) -> None:
    recipe = make_recipe("photo", "0" * 64, MODELS["compact"], PhotoSettings())
    data = encode_before_after(*flat(40, 60), recipe=recipe)
    assert data == encode_before_after(*flat(40, 60), recipe=recipe)
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    path = write(tmp_path / "sweep.mp4", data)
    assert read_film_recipe(path) == recipe
    read = json.loads(exiftool("-j", "-G1", "-XMP:all", path))[0]
    assert read["XMP-iptcExt:DigitalSourceType"] == ALGORITHMICALLY_ENHANCED


def test_deep_and_transparent_pictures_are_shown_over_white(tmp_path: Path) -> None:
    clear = np.zeros((40, 60), np.uint16)
    before = Picture(np.full((40, 60), 257 * GRAY, np.uint16), clear)
    after = Picture(np.full((40, 60, 3), 257 * np.array(RED, np.uint16), np.uint16), clear)
    path = write(tmp_path / "sweep.mp4", encode_before_after(before, after))
    raw = run_ffmpeg("-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-")
    assert np.frombuffer(raw, np.uint8).reshape(100, 40, 60)[[0, -1]].min() >= 250
