"""Shots, key frames and projects of films on the command line."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import colorizer.cli.main as program
from colorizer import Hint, Look, load_colorizer
from colorizer.cli import videos
from colorizer.cli.arguments import make_parser
from colorizer.cli.main import main
from colorizer.cli.values import option_name
from colorizer.edits.hints import to_json
from colorizer.network.weights import file_sha256
from colorizer.video import VideoOptions, VideoResult, colorize_video
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.project import Project, read_project, write_project
from colorizer.video.directing.shots import Shot, shots_at
from colorizer.video.label import read_film_recipe
from tests.support.films import Tinter, planes_of_film
from tests.support.paths import ROOT
from tests.support.shot_films import make_shots

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a colorizer without a network for everything in this process."""
    monkeypatch.setattr(program, "load_colorizer", lambda *_args, **_options: Tinter())


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Three shots of a second, of 10 frames."""
    return make_shots(tmp_path / "film.mkv", rate=10)


def still(path: Path) -> Path:
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8)).save(path)
    return path


def direction_of(result: Path) -> Direction:
    return read_film_recipe(result).settings_as(VideoOptions).direction


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("quick")
def test_shots_are_found_listed_and_used(film: Path, tmp_path: Path, capsys: Captured) -> None:
    for suffix in (".csv", ".edl"):
        listed, target = tmp_path / f"shots{suffix}", tmp_path / f"out{suffix}.mp4"
        assert main(["shots", str(film), "-o", str(listed)]) == 0
        assert capsys.readouterr().out == f"{listed}: 3 shots\n"
        assert main([str(film), "-o", str(target), "--shots", str(listed)]) == 0
        assert [shot.start for shot in direction_of(target).shots] == pytest.approx([0, 1, 2])
    assert [line.split(",")[0] for line in (tmp_path / "shots.csv").read_text().splitlines()] == ["shot", "1", "2", "3"]
    assert names(tmp_path) == ["film.mkv", "out.csv.mp4", "out.edl.mp4", "shots.csv", "shots.edl"]


@pytest.mark.usefixtures("quick")
def test_a_project_of_the_shots_is_filled_and_made(film: Path, tmp_path: Path) -> None:
    path, target = tmp_path / "film.json", tmp_path / "out.mp4"
    assert main(["shots", str(film), "-o", str(path)]) == 0
    project = read_project(path)
    assert project.film == file_sha256(film)
    shots = (*project.options.direction.shots[:2], Shot(start=2.0, look=Look(strength=0)))
    options = VideoOptions(look=Look(strength=1.5), direction=Direction(shots=shots))
    write_project(path, Project(options=options, film=project.film), {})
    assert main([str(film), "-o", str(target), "--project", str(path)]) == 0
    colorize_video(film, tmp_path / "library.mp4", Tinter(), options)
    assert target.read_bytes() == (tmp_path / "library.mp4").read_bytes()
    assert np.ptp(planes_of_film(target, "u")[20:]) == 0


def test_key_frames_and_a_project_with_them_give_the_same_film(film: Path, tmp_path: Path) -> None:
    first, hints = still(tmp_path / "first.png"), tmp_path / "fix=1.json"
    hints.write_text(to_json([Hint(0.5, 0.5, "#2040c0")]))
    target, again = tmp_path / "out.mp4", tmp_path / "again.mp4"
    assert main([str(film), "-o", str(target), "--key", f"0={first}", "--key", f"0:01.4={hints}"]) == 0
    direction = direction_of(target)
    assert [shot.start for shot in direction.shots] == pytest.approx([0, 1, 2])
    assert direction.keys == (
        FilmKey(seconds=0.0, picture=file_sha256(first)),
        FilmKey(seconds=1.4, hints=(Hint(0.5, 0.5, "#2040c0"),)),
    )
    options = read_film_recipe(target).settings_as(VideoOptions)
    write_project(tmp_path / "film.json", Project(options=options), {file_sha256(first): first})
    assert main([str(film), "-o", str(again), "--project", str(tmp_path / "film.json")]) == 0
    assert again.read_bytes() == target.read_bytes()
    again.unlink()
    assert main(["again", str(film), "--recipe", str(target), "-o", str(again)]) == 1
    assert main(["again", str(film), "--recipe", str(target), "-o", str(again), "--picture", str(first)]) == 0
    assert again.read_bytes() == target.read_bytes()


@pytest.mark.parametrize("typed", ["00:00:01.4", "00:00:01:04", "01:00:01:04"])
def test_key_frames_and_parts_at_times_as_people_write_them(typed: str, film: Path, tmp_path: Path) -> None:
    """A film of 10 frames a second, without a time code of its own."""
    target = tmp_path / "out.mp4"
    words = ["--key", f"{typed}={still(tmp_path / 'still.png')}", "--start", typed, "--end", "00:00:02:05"]
    assert main([str(film), "-o", str(target), *words]) == 0
    options = read_film_recipe(target).settings_as(VideoOptions)
    assert [key.seconds for key in options.direction.keys] == [1.4]
    assert (options.start, options.end) == (1.4, 2.5)
    assert len(planes_of_film(target)) == 11


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--key", "00:00:01:10={still}"], "expected a time code HH:MM:SS:FF of 10 frames a second, got '00:00:01:10'"),
        (["--start", "00:00:02:00", "--end", "1"], "expected an end after the start at 2 seconds, got 1"),
        (["--key", "1.4={still}", "--key", "00:00:01:04={still}"], "expected one key frame at a time, got two at 1.4"),
    ],
)
def test_times_that_make_no_sense_in_the_film(
    words: list[str], message: str, film: Path, tmp_path: Path, capsys: Captured
) -> None:
    picture = still(tmp_path / "still.png")
    assert main([str(film), "-o", str(tmp_path / "out.mp4"), *(word.format(still=picture) for word in words)]) == 1
    assert f"{film}: {message}" in capsys.readouterr().err


def test_a_reference_and_levels_for_photos_and_films(film: Path, tmp_path: Path) -> None:
    sources, out = tmp_path / "in", tmp_path / "out"
    sources.mkdir()
    film.rename(sources / "film.mkv")
    Image.linear_gradient("L").resize((60, 40)).save(sources / "photo.png")
    reference = still(tmp_path / "reference.png")
    assert main([str(sources), "-o", str(out), "--reference", str(reference), "--levels"]) == 0
    direction = direction_of(out / "film_colorized.mp4")
    assert direction.reference == file_sha256(reference)
    assert direction.restoration.levels
    assert [shot.start for shot in direction.shots] == pytest.approx([0, 1, 2])
    assert names(out) == ["film_colorized.mp4", "photo_colorized.png"]


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = make_shots(tmp_path / "film.mp4", names=("cat", "pagoda", "coffee", "cat", "dahlia"), seconds=2, rate=10)
    listed, target = tmp_path / "shots.csv", tmp_path / "out" / "coloured.mp4"
    listed.write_text("start\n0\n2\n4\n6\n8\n")
    words = [str(film), "-o", str(target), "--shots", str(listed)]
    with subprocess.Popen([sys.executable, "-m", "colorizer", *words], cwd=ROOT, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = b""
        while not any(f" {number}/100 [".encode() in said for number in range(30, 100)):
            piece = os.read(process.stderr.fileno(), 4096)
            assert piece, said
            said += piece
        process.send_signal(signal.SIGKILL)
    folder = target.parent / ".coloured.mp4.shots"
    finished = [path for path in folder.iterdir() if path.suffix == ".shot"]
    assert finished
    times = {path: path.stat().st_mtime_ns for path in finished}

    def colorize(*arguments: Any, **options: Any) -> VideoResult:
        result = colorize_video(*arguments, **options)
        assert {path: path.stat().st_mtime_ns for path in finished} == times
        assert len([path for path in folder.iterdir() if path.suffix == ".shot"]) == 5
        return result

    monkeypatch.setattr(videos, "colorize_video", colorize)
    assert main(words) == 0
    assert names(target.parent) == ["coloured.mp4"]
    options = VideoOptions(direction=Direction(shots=shots_at([2, 4, 6, 8])))
    colorize_video(film, tmp_path / "whole.mp4", load_colorizer(), options)
    assert target.read_bytes() == (tmp_path / "whole.mp4").read_bytes()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--key", "12.4"], "expected TIME=PICTURE, got '12.4'"),
        (["--key", "noon=a.png"], "expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got 'noon'"),
        (["--key", "inf=a.png"], "expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got 'inf'"),
        (["--end", "1e999"], "expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got '1e999'"),
        (["--start", "1:2:3:4"], "expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got '1:2:3:4'"),
        (["--key", "0=missing.png"], "expected a picture, got missing.png: No such file"),
        (["--key", "0={still}", "--key", "0={still}"], "expected one key frame at a time, got two at 0 seconds"),
        (["--shots", "list.txt"], "a shot list ending in .csv or .edl, got list.txt"),
        (["--shots", "missing.csv"], "No such file"),
        (["--project", "missing.json"], "No such file"),
        (["--project", "{film}"], "expected a project"),
        (["--project", "{project}", "--warmth", "0.5", "--key", "0={still}"], "got --key, --warmth too"),
        (["--project", "{project}", "--colour-only", "--steady-crop"], "got --colour-only, --steady-crop too"),
        (["--project", "{project}", "--deflicker-amount", "0.5"], "got --deflicker-amount too"),
        (["--project", "{project}", "--deflicker", "--steady"], "got --deflicker, --steady too"),
    ],
)
def test_bad_arguments(words: list[str], message: str, film: Path, tmp_path: Path, capsys: Captured) -> None:
    write_project(tmp_path / "film.json", Project(), {})
    files = {"still": still(tmp_path / "still.png"), "film": film, "project": tmp_path / "film.json"}
    with pytest.raises(SystemExit) as raised:
        main([str(film), "-o", str(tmp_path / "out.mp4"), *(word.format(**files) for word in words)])
    assert raised.value.code == 2
    assert message in capsys.readouterr().err


def test_every_option_is_named_as_its_help_spells_it() -> None:
    parser = make_parser()
    options = parser.parse_args(["film.mp4", "-o", "out.mp4"])
    help = parser.format_help()
    for name in sorted(vars(options).keys() - {"photos"}):
        assert re.search(rf"(^|[ \[]){option_name(parser, options, name)}\b", help), name


@pytest.mark.usefixtures("quick")
def test_options_of_one_film(film: Path, tmp_path: Path, capsys: Captured) -> None:
    picture, other = still(tmp_path / "still.png"), make_shots(tmp_path / "other.mp4")
    for sources in ([film, other], [picture]):
        with pytest.raises(SystemExit) as raised:
            main([*map(str, sources), "-o", str(tmp_path / "out"), "--key", f"0={picture}"])
        assert raised.value.code == 2
        count = len(sources) if film in sources else 0
        assert f"expected one film with --key, which are about its times, got {count} films" in capsys.readouterr().err


@pytest.mark.usefixtures("quick")
def test_what_is_wrong_is_said(film: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "empty.csv").write_text("shot\n")
    assert main([str(film), "-o", str(tmp_path / "out.mp4"), "--shots", str(tmp_path / "empty.csv")]) == 1
    assert f"{film}: expected a table with a column" in capsys.readouterr().err
    assert main(["shots", str(tmp_path / "empty.csv"), "-o", str(tmp_path / "shots.edl")]) == 1
    assert "expected a film that can be read, got empty.csv" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["shots", str(film), "-o", str(tmp_path / "shots.txt")])
    assert "expected an output ending in one of .csv, .edl, .json, got shots.txt" in capsys.readouterr().err
    assert main([str(film), "-o", str(tmp_path / "out.mp4"), "--reference", str(tmp_path / "empty.csv")]) == 1
    assert f"{film}: the reference, empty.csv: expected a JPEG" in capsys.readouterr().err
    write_project(tmp_path / "film.json", Project(film="f" * 64), {})
    assert main([str(film), "-o", str(tmp_path / "out.mp4"), "--project", str(tmp_path / "film.json")]) == 0
    assert "note: the project was made for another film" in capsys.readouterr().err
