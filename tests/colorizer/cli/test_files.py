"""No file that the command line reads is written over, whichever option names it and under whatever name."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from colorizer.cli import recipe
from colorizer.cli.arguments import make_parser
from colorizer.cli.files import WRITTEN_OPTIONS, names_file
from colorizer.cli.main import main
from colorizer.edits.hints import Hint, to_json
from colorizer.network.weights import file_sha256
from colorizer.video import VideoOptions
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.project import Project, write_project
from tests.colorizer.cli.test_main import Captured, expect_refusal, gray_file
from tests.support.certificates import write_credentials

SIGN = {"--sign-key": "key.pem", "--sign-cert": "certificates.pem"}
COLOR = {  # the options of photographs and films that read a file, with one
    **SIGN,
    "--weights": "model.onnx",
    "--hints": "hints.json",
    "--repair-mask": "mask.png",
    "--repair-keep": "mask.png",
    "--reference": "color.png",
    "--key": "0=still.png",
    "--shots": "shots.csv",
    "--project": "film.json",
}
AGAIN = {  # those of `again`
    **SIGN,
    "--recipe": "recipe.json",
    "--reference": "color.png",
    "--picture": "still.png",
    "--weights": "model.onnx",
}
OF_FILMS = ("--key", "--shots", "--project")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a photo and all files that options name. The film is not there."""
    monkeypatch.chdir(tmp_path)
    write_credentials(tmp_path)
    for name in ("photo.png", "mask.png", "color.png", "still.png"):
        gray_file(tmp_path / name)
    (tmp_path / "model.onnx").write_bytes(b"weights")
    (tmp_path / "hints.json").write_text(to_json([Hint(0.5, 0.5, "#c80000")]))
    (tmp_path / "shots.csv").write_text("start\n0\n")
    assert main(["photo.png", "-o", "made.png"]) == 0
    still = file_sha256(tmp_path / "still.png")
    project = Project(options=VideoOptions(direction=Direction(keys=(FilmKey(seconds=0, picture=still),))))
    write_project(tmp_path / "film.json", project, {still: tmp_path / "still.png"})
    return tmp_path


def link(new: str, old: str, kind: str) -> None:
    if kind == "hard":
        os.link(old, new)
    else:
        Path(new).symlink_to(old)


def words_with(option: str, value: str) -> list[str]:
    """Arguments with an option, and those that it needs beside it."""
    signed = [word for pair in SIGN.items() for word in pair] if option in SIGN else []
    repaired = ["--repair", "dust"] if option == "--repair-keep" else []
    return [*(signed or [option, value]), *repaired]


@pytest.mark.parametrize(
    ("parser", "files"), [(make_parser(), COLOR), (recipe._make_parser(), AGAIN)], ids=["main", "again"]
)
def test_every_option_for_a_file_is_in_these_tests(parser: argparse.ArgumentParser, files: dict[str, str]) -> None:
    options = [action for action in parser._actions if action.option_strings]
    read = {each.option_strings[-1] for each in options if names_file(each) and each.dest not in WRITTEN_OPTIONS}
    assert read == files.keys()
    assert {each.dest for each in options if each.type is Path and not names_file(each)} == {"output"}


@pytest.mark.parametrize("kind", ["hard", "symbolic"])
@pytest.mark.parametrize(("option", "value"), COLOR.items(), ids=COLOR)
def test_a_result_replaces_no_file_of_an_option(
    option: str, value: str, kind: str, folder: Path, capsys: Captured
) -> None:
    source, target = ("film.mp4", "out.mp4") if option in OF_FILMS else ("photo.png", "out.png")
    read = value.removeprefix("0=")
    before = (folder / read).read_bytes()
    link(target, read, kind)
    refused = expect_refusal([source, "-o", target, *words_with(option, value)], capsys)
    assert f"expected a file of its own for -o, got {target}, which is the file for {option}" in refused
    assert f", under the name {read}; choose another name" in refused
    assert (folder / read).read_bytes() == (folder / target).read_bytes() == before


@pytest.mark.parametrize(("option", "value"), AGAIN.items(), ids=AGAIN)
def test_again_replaces_no_file_of_an_option(option: str, value: str, folder: Path, capsys: Captured) -> None:
    assert main(["recipe", "made.png"]) == 0
    (folder / "recipe.json").write_text(capsys.readouterr().out)
    link("out.png", value, "hard")
    words = ["again", "photo.png", "-o", "out.png", "--recipe", "recipe.json"]
    refused = expect_refusal([*words, *words_with(option, value)], capsys)
    assert f"got out.png, which is the file for {option}, under the name {value}; choose another name" in refused


@pytest.mark.usefixtures("folder")
def test_corrections_of_a_key_frame_and_pictures_of_a_project_are_kept(capsys: Captured) -> None:
    link("out.mp4", "hints.json", "hard")
    words = ["film.mp4", "-o", "out.mp4"]
    assert "which is the file for --key" in expect_refusal([*words, "--key", "0=hints.json"], capsys)
    Path("out.mp4").unlink()
    link("out.mp4", "still.png", "hard")
    assert "which is a picture of the project" in expect_refusal([*words, "--project", "film.json"], capsys)


@pytest.mark.usefixtures("folder")
def test_what_other_options_write_replaces_nothing_that_is_read(capsys: Captured) -> None:
    words = ["photo.png", "-o", "out.png", "--repair-mask", "mask.png"]
    for option in ("--save-mask", "--uncertainty"):
        refused = expect_refusal([*words, option, "./sub/../mask.png"], capsys)
        assert f"for {option}, got sub/../mask.png, which is the file for --repair-mask" in refused


def test_a_list_of_shots_does_not_replace_its_film(folder: Path, capsys: Captured) -> None:
    (folder / "film.mp4").write_bytes(b"a film")
    link("shots.edl", "film.mp4", "hard")
    refused = expect_refusal(["shots", "film.mp4", "-o", "shots.edl"], capsys)
    assert "got shots.edl, which is an input, under the name film.mp4; choose another name" in refused
    assert (folder / "film.mp4").read_bytes() == b"a film"


def test_the_results_in_a_folder_replace_nothing_that_is_read(folder: Path, capsys: Captured) -> None:
    result = gray_file(folder / "out" / "photo_colorized.png")
    before = result.read_bytes()
    words = ["photo.png", "-o", "out", "--reference", "out/photo_colorized.png"]
    assert main(words) == 0
    assert "1 skipped" in capsys.readouterr().out
    refused = expect_refusal([*words, "--overwrite"], capsys)
    assert "got out/photo_colorized.png, which is the file for --reference; choose another name" in refused
    words = ["photo.png", "out/photo_colorized.png", "-o", "out", "--overwrite"]
    assert "for -o, got out/photo_colorized.png, which is an input" in expect_refusal(words, capsys)
    assert result.read_bytes() == before
    words = ["photo.png", "-o", "new", "--uncertainty", "new/photo_colorized.png"]
    assert "--uncertainty, got new/photo_colorized.png, which is the file for -o" in expect_refusal(words, capsys)


def test_a_photo_with_the_name_of_an_unfinished_result_is_kept(folder: Path, capsys: Captured) -> None:
    (folder / "photo.png").rename("out.png.part")
    before = (folder / "out.png.part").read_bytes()
    refused = expect_refusal(["out.png.part", "-o", "out.png"], capsys)
    assert "got out.png, first written as out.png.part, which is an input; choose another name" in refused
    assert (folder / "out.png.part").read_bytes() == before
