"""Films on the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import colorizer.cli.main as program
from colorizer import Hint, load_colorizer
from colorizer.cli import videos
from colorizer.cli.main import main
from colorizer.edits.hints import to_json
from colorizer.video import VideoResult, colorize_video
from tests.support.films import Tinter, make_film, planes_of_film, streams_of
from tests.support.paths import ROOT

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a colorizer without a network for everything in this process."""
    monkeypatch.setattr(program, "load_colorizer", lambda *_args, **_options: Tinter())


def film(path: Path, *, seconds: float = 1) -> Path:
    return make_film(path, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "libmp3lame", seconds=seconds)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_film_to_a_file(tmp_path: Path, capsys: Captured) -> None:
    source, target = film(tmp_path / "film.avi"), tmp_path / "new" / "coloured.mp4"
    assert main([str(source), "-o", str(target)]) == 0
    assert len(planes_of_film(target)) == 25
    bar = capsys.readouterr().err
    assert "film.avi:" in bar
    assert "/25 [" in bar
    assert names(target.parent) == [target.name]


def test_films_and_photos_into_a_folder_and_again(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "load_colorizer", load_colorizer)  # a photo needs the network
    sources, out = tmp_path / "in", tmp_path / "out"
    sources.mkdir()
    film(sources / "one.mkv")
    film(sources / "two.mov")
    Image.new("L", (40, 30), 90).save(sources / "three.jpg")
    assert main([str(sources), "-o", str(out)]) == 0
    assert names(out) == ["one_colorized.mp4", "three_colorized.jpg", "two_colorized.mp4"]
    assert "3 written" in capsys.readouterr().out
    before = (out / "one_colorized.mp4").stat().st_mtime_ns
    assert main([str(sources), "-o", str(out)]) == 0
    assert "3 skipped" in capsys.readouterr().out
    assert (out / "one_colorized.mp4").stat().st_mtime_ns == before


def test_a_film_in_the_folder_is_skipped_until_told_otherwise(tmp_path: Path, capsys: Captured) -> None:
    source, target = film(tmp_path / "film.mp4"), tmp_path / "film_colorized.mp4"
    target.write_bytes(b"of an earlier run")
    assert main([str(source), "-o", str(tmp_path)]) == 0
    assert target.read_bytes() == b"of an earlier run"
    assert "1 skipped (they exist; --overwrite" in capsys.readouterr().out
    assert main([str(source), "-o", str(tmp_path), "--overwrite"]) == 0
    assert len(planes_of_film(target)) == 25


def test_a_film_that_is_named_is_written_anew(tmp_path: Path) -> None:
    source, target = film(tmp_path / "film.mp4"), tmp_path / "coloured.mp4"
    target.write_bytes(b"of an earlier run")
    assert main([str(source), "-o", str(target)]) == 0
    assert len(planes_of_film(target)) == 25


@pytest.mark.parametrize(
    ("start", "end", "frames"), [("0.4", "0.8", "10"), ("0:00.4", "0:0:0.8", "10"), ("0.28", "0.8", "13")]
)
def test_a_part_of_a_film(start: str, end: str, frames: str, tmp_path: Path) -> None:
    source, target = film(tmp_path / "film.mp4"), tmp_path / "coloured.mp4"
    assert main([str(source), "-o", str(target), "--start", start, "--end", end, "--smoothing", "0.5"]) == 0
    assert streams_of(target, "v", "nb_frames")[0]["nb_frames"] == frames


def test_one_film_fails_and_the_others_are_written(tmp_path: Path, capsys: Captured) -> None:
    good, bad = film(tmp_path / "good.mp4"), tmp_path / "bad.mp4"
    bad.write_bytes(b"no film")
    assert main([str(bad), str(good), "-o", str(tmp_path / "out")]) == 1
    assert names(tmp_path / "out") == ["good_colorized.mp4"]
    assert f"{bad}: expected a film that can be read" in capsys.readouterr().err


def test_a_mistake_of_ours_in_one_film_costs_that_film(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = colorize_video

    def fail_once(source: Path, *arguments: Any, **options: Any) -> VideoResult:
        if source.name == "a.mp4":
            raise ZeroDivisionError("division by zero")
        return real(source, *arguments, **options)

    monkeypatch.setattr(videos, "colorize_video", fail_once)
    bad, good = film(tmp_path / "a.mp4"), film(tmp_path / "b.mp4")
    assert main([str(bad), str(good), "-o", str(tmp_path / "out")]) == 1
    captured = capsys.readouterr()
    assert f"{bad}: unexpected error, please report it: ZeroDivisionError: division by zero" in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == f"1 written; 1 failed: {bad}\n"
    assert names(tmp_path / "out") == ["b_colorized.mp4"]


@pytest.mark.parametrize("word", ["--unfade", "--descreen", "--hints"])
def test_an_option_for_photos_alone(
    word: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "load_colorizer", load_colorizer)
    (tmp_path / "hints.json").write_text(to_json([Hint(0.5, 0.5, "#cc2200")]))
    options = [word, str(tmp_path / "hints.json")] if word == "--hints" else [word]
    sources = tmp_path / "in"
    sources.mkdir()
    source = film(sources / "film.mp4", seconds=0.2)
    for arguments in ([str(source), "-o", str(tmp_path / "out.mp4")], [str(sources), "-o", str(tmp_path / "out")]):
        with pytest.raises(SystemExit) as raised:
            main([*arguments, *options])
        assert raised.value.code == 2
        assert f"expected a photo for {word}, got only films" in capsys.readouterr().err
    Image.new("L", (40, 30), 90).save(sources / "photo.jpg")
    assert main([str(sources), "-o", str(tmp_path / "out"), *options]) == 0
    assert names(tmp_path / "out") == ["film_colorized.mp4", "photo_colorized.jpg"]
    assert f"{source}: these options do not act on films: {word}" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["MOV001.MOD", "film.xyz", "film", "film.jpg"])
def test_a_film_under_any_name(name: str, tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4").rename(tmp_path / name)
    assert main([str(source), "-o", str(tmp_path / "coloured.mp4")]) == 0
    assert len(planes_of_film(tmp_path / "coloured.mp4")) == 25


def test_what_a_user_should_know_is_said(tmp_path: Path, capsys: Captured) -> None:
    source = make_film(tmp_path / "film.avi", "-c:v", "mjpeg", "-c:a", "pcm_s16le", seconds=1)
    assert main([str(source), "-o", str(tmp_path / "coloured.mp4")]) == 0
    notes = capsys.readouterr().err
    assert f"{source}: The sound was pcm_s16le, which MP4 does not support" in notes
    assert "is now AAC." in notes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--start", "noon"], "expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got 'noon'"),
        (["--start", "1:-2"], "expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got '1:-2'"),
        (["--start", "5", "--end", "4"], "expected an end after the start at 5 seconds, got 4"),
        (["--smoothing", "2"], "expected an amount of smoothing from 0 to 1, got 2"),
        (["-o", "film.avi"], "expected an output ending in one of .mp4, .mov, .mkv, .mxf, got film.avi"),
    ],
)
def test_bad_arguments(arguments: list[str], message: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["film.mp4", "-o", "out.mp4", *arguments])
    assert raised.value.code == 2
    assert message in capsys.readouterr().err


def test_an_interrupted_run_leaves_no_half_film(tmp_path: Path) -> None:
    """Interrupt as Ctrl-C does, after the progress bar has moved: the film is then being coloured."""
    source, target = film(tmp_path / "film.mp4", seconds=60), tmp_path / "out" / "coloured.mp4"
    command = [sys.executable, "-m", "colorizer", str(source), "-o", str(target)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = b""
        while b"frame/s]" not in said.rpartition(b"?frame/s]")[2]:
            piece = os.read(process.stderr.fileno(), 4096)
            assert piece, said
            said += piece
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(timeout=60) == 130
    assert b"interrupted" in rest
    assert names(target.parent) == []


def test_formats_by_the_ending_and_by_options(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mkv", seconds=0.2)
    for ending, options, expected in (
        ("mov", (), ("prores", "yuv422p10le")),
        ("mkv", (), ("ffv1", "yuv420p")),
        ("mkv", ("--codec", "hevc", "--bits", "10", "--chroma", "4:4:4"), ("hevc", "yuv444p10le")),
        ("mp4", ("--bits", "10"), ("h264", "yuv420p10le")),
    ):
        target = tmp_path / f"coloured.{ending}"
        assert main([str(source), "-o", str(target), *options]) == 0
        stream = streams_of(target, "v", "codec_name,pix_fmt")[0]
        assert (stream["codec_name"], stream["pix_fmt"]) == expected
    assert main([str(source), "-o", str(tmp_path), "--codec", "prores", "--colour-only"]) == 0
    assert set(np.unique(planes_of_film(tmp_path / "film_colorized.mov", deep=True))) <= {501, 502, 503}


@pytest.mark.parametrize(
    ("target", "options", "words"),
    [
        ("out.mxf", ("--codec", "ffv1"), "expected a codec that MXF holds, dnxhr, prores, got ffv1"),
        ("out.mov", ("--bits", "8"), "expected 10 bits for ProRes, got 8"),
        ("folder", ("--codec", "prores", "--chroma", "4:2:0"), "expected 4:2:2 or 4:4:4 for ProRes, got 4:2:0"),
        ("out.avi", (), "expected an output ending in one of .mp4, .mov, .mkv, .mxf, got out.avi"),
    ],
)
def test_formats_that_cannot_be_end_at_once(
    target: str, options: tuple[str, ...], words: str, tmp_path: Path, capsys: Captured
) -> None:
    source = film(tmp_path / "film.mkv", seconds=0.2)
    with pytest.raises(SystemExit):
        main([str(source), "-o", str(tmp_path / target), *options])
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["mov", "mkv"])
def test_the_same_master_again(ending: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("colorizer.cli.recipe.load_colorizer", lambda *_args, **_options: Tinter())
    source, made, again = film(tmp_path / "film.avi", seconds=0.2), tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    assert main([str(source), "-o", str(made), "--strength", "0.7"]) == 0
    assert main(["recipe", str(made)]) == 0
    assert '"strength": 0.7' in capsys.readouterr().out
    assert main(["again", str(source), "--recipe", str(made), "-o", str(again)]) == 0
    assert made.read_bytes() == again.read_bytes()
