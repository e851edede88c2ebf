"""How long a film will take, with what is measured and how it is counted up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colorizer import Hint, Restoration, load_colorizer
from colorizer.frames.repair import FilmRepair
from colorizer.video import (
    Pace,
    VideoInfo,
    VideoLimits,
    VideoOptions,
    estimate,
    estimate_seconds,
    measure_pace,
    probe,
)
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.shots import Shot, shots_at
from tests.support.films import Tinter
from tests.support.shot_films import make_shots

INFO = VideoInfo(160, 120, 30.0, 300, Fraction(10), "h264", (), 0)
PACE = Pace(start=2.0, colored=0.1, keyed=0.3, key=5.0, ahead=0.2, measured=0.01)
SHOTS = shots_at([10.0, 20.0])
HINTS = (Hint(0.5, 0.5, "#aa3311"),)


def key(seconds: float) -> FilmKey:
    return FilmKey(seconds=seconds, hints=HINTS)


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        (VideoOptions(), 2 + 300 * 0.1),
        (VideoOptions(start=5.0, end=7.0), 2 + 20 * 0.1),
        (VideoOptions(direction=Direction(shots=SHOTS)), 2 + 300 * 0.1),
        # One at the beginning of its shot: nothing is looked at ahead.
        (VideoOptions(direction=Direction(shots=SHOTS, keys=(key(10.0),))), 2 + 5 + 200 * 0.1 + 100 * 0.3),
        (
            VideoOptions(direction=Direction(shots=SHOTS, keys=(key(12.0), key(15.0)))),
            2 + 2 * 5 + 200 * 0.1 + 100 * 0.3 + 50 * 0.2,
        ),
        # Of a part that begins within a shot with a key frame, what is before it is coloured too.
        (VideoOptions(start=18.0, direction=Direction(shots=SHOTS, keys=(key(10.0),))), 2 + 5 + 100 * 0.3 + 100 * 0.1),
        (VideoOptions(end=10.0, direction=Direction(shots=SHOTS, keys=(key(15.0),))), 2 + 100 * 0.1),
        (VideoOptions(direction=Direction(keys=(key(30.0 - 1e-9),))), 2 + 5 + 300 * (0.3 + 0.2)),
        (VideoOptions(end=1.0, direction=Direction(restoration=Restoration(levels=True))), 2 + 10 * 0.1 + 300 * 0.01),
        (
            VideoOptions(
                direction=Direction(shots=(SHOTS[0], replace(SHOTS[1], restoration=Restoration(levels=True)), SHOTS[2]))
            ),
            2 + 300 * 0.1 + 100 * 0.01,
        ),
    ],
)
def test_the_work_on_every_shot_is_counted(options: VideoOptions, seconds: float) -> None:
    assert PACE.seconds(options, INFO) == pytest.approx(seconds)


def test_a_film_of_unknown_length_has_no_estimate_but_its_parts_have() -> None:
    info = replace(INFO, duration=None, frames=None)
    assert PACE.seconds(VideoOptions(start=5.0), info) is None
    assert PACE.seconds(VideoOptions(start=5.0, end=65.0), info) == pytest.approx(2 + 600 * 0.1)


@given(cuts=st.lists(st.floats(0.1, 29.9), max_size=5), middle=st.floats(0.0, 30.0), seconds=st.floats(0.0, 29.9))
def test_parts_take_as_long_as_the_whole(cuts: list[float], middle: float, seconds: float) -> None:
    pace = replace(PACE, keyed=PACE.colored, key=0.0, ahead=0.0, start=0.0)
    whole = VideoOptions(direction=Direction(shots=shots_at(cuts), keys=(key(seconds),)))
    parts = [replace(whole, end=middle)] if middle else []
    parts += [replace(whole, start=middle)] if middle < 30 else []
    spent = [pace.seconds(part, INFO) or 0.0 for part in parts]
    total = pace.seconds(whole, INFO)
    assert total is not None
    # What lies before a part in a shot with a key frame is coloured for it, too.
    assert total - 1e-6 <= sum(spent) <= total + 30 * 10 * PACE.colored


def test_what_a_film_needs_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = make_shots(tmp_path / "film.mp4", rate=10)
    asked: list[VideoOptions] = []

    def run(_source: object, _target: object, _colorizer: object, options: VideoOptions, *_: object) -> object:
        asked.append(options)
        keys = options.direction.keys
        return (1.0 + 2.0 * len(keys) + sum(2.0 for each in keys if each.seconds > 0), 0.3 if keys else 0.15)

    monkeypatch.setattr(estimate, "_run", run)
    directed = Direction(shots=SHOTS, keys=(key(15.0), key(12.0)), restoration=Restoration(levels=True))
    repaired = VideoOptions(repair=FilmRepair(dust=True), direction=directed)
    pace = measure_pace(film, Tinter(), repaired)
    # 3 seconds at 0.15 a frame: 20 frames with a key frame.
    assert replace(pace, ahead=round(pace.ahead, 9), measured=0.0) == Pace(1.0, 0.15, keyed=0.3, key=2.0, ahead=0.1)
    assert pace.measured > 0
    assert asked[0] == VideoOptions(repair=repaired.repair, label=False)
    assert [(each.end, each.direction.keys[0].seconds) for each in asked[1:]] == [(2.0, 0.0), (2.0, 1.95)]
    assert all(each.direction.keys[0].hints == HINTS and each.repair == repaired.repair for each in asked[1:])


def test_a_film_is_probed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film, probed = make_shots(tmp_path / "film.mp4", rate=10), list[Path]()

    def count(path: Path, limits: VideoLimits) -> VideoInfo:
        probed.append(path)
        return probe(path, limits)

    monkeypatch.setattr(estimate, "probe", count)
    monkeypatch.setattr(estimate, "_run", lambda *_, **__: (1.0, 0.15))
    direction = Direction(shots=shots_at([1.0]), keys=(key(0.5),), restoration=Restoration(levels=True))
    options = VideoOptions(direction=direction)
    assert estimate_seconds(film, Tinter(), options) is not None
    assert probed == [film]
    measure_pace(film, Tinter(), options, info=probe(film))
    assert probed == [film]


def test_few_frames_are_coloured_with_and_without_key_frames(tmp_path: Path) -> None:
    film = make_shots(tmp_path / "film.mp4", rate=10)
    last = Shot(start=2.0, restoration=Restoration(crop_border=True))
    options = VideoOptions(start=0.5, direction=Direction(shots=(*shots_at([1.0]), last), keys=(key(2.5),)))
    pace = measure_pace(film, load_colorizer("compact"), options, folder=tmp_path)
    assert min(pace.start, pace.colored, pace.keyed, pace.measured) > 0
    assert min(pace.key, pace.ahead) >= 0
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]
