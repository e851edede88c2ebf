"""Turning, straightening and cropping on the command line, and what the recipe says of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from benchmarks.made_prints import make_print
from colorizer import Geometry, images, load_colorizer
from colorizer.cli.main import main
from colorizer.edits.print_finding import find_print
from tests.colorizer.cli.test_main import Captured, expect_refusal


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A photo without a print, and one of a print on a table, in the working folder."""
    monkeypatch.chdir(tmp_path)
    Image.fromarray(data.coffee()).convert("L").resize((150, 100)).save("photo.png")
    made = make_print(np.asarray(data.coffee()), np.random.default_rng(2), table="wood", tone="sepia", tilt=4.0)
    Image.fromarray(made.pixels).save("print.png")
    return tmp_path


def test_a_photo_is_turned_and_cropped_before_it_is_coloured_and_again_the_same(folder: Path, capsys: Captured) -> None:
    options = ["--rotate", "90", "--straighten", "-2.5", "--crop", "0.1,0,0.9,1", "--uncertainty", "doubt.png"]
    assert main(["photo.png", "-o", "out.png", *options]) == 0
    geometry = Geometry(quarter_turns=1, angle=-2.5, crop=(0.1, 0.0, 0.9, 1.0))
    original = images.transform(images.decode((folder / "photo.png").read_bytes()), geometry)
    expected = load_colorizer("compact").colorize(original.pixels)
    result = images.decode((folder / "out.png").read_bytes())
    assert np.array_equal(result.pixels, expected)
    assert images.decode((folder / "doubt.png").read_bytes()).pixels.shape == expected.shape
    capsys.readouterr()
    assert main(["recipe", "out.png"]) == 0
    recipe = json.loads(capsys.readouterr().out)
    assert recipe["settings"]["geometry"] == {
        "corners": None, "quarter_turns": 1, "angle": -2.5, "crop": [0.1, 0.0, 0.9, 1.0]
    }  # fmt: skip
    assert main(["again", "photo.png", "--recipe", "out.png", "-o", "again.png"]) == 0
    assert (folder / "again.png").read_bytes() == (folder / "out.png").read_bytes()


def test_a_print_is_cut_out_by_itself_and_again_the_same(folder: Path, capsys: Captured) -> None:
    assert main([".", "-o", "out", "--crop", "auto", "--rotate", "180"]) == 0
    assert "photo.png: note: no print was found" in capsys.readouterr().err
    plain, cut = (folder / "out" / images.colorized_name(name, ".png") for name in ("photo.png", "print.png"))
    assert Image.open(plain).size == (150, 100)
    found = find_print(images.decode((folder / "print.png").read_bytes())).geometry
    assert main(["recipe", str(cut)]) == 0
    settings = json.loads(capsys.readouterr().out)["settings"]["geometry"]
    assert settings["quarter_turns"] == 2
    assert [tuple(each) for each in settings["corners"]] == list(found.corners or ())
    assert main(["again", "print.png", "--recipe", str(cut), "-o", "again.png"]) == 0
    assert (folder / "again.png").read_bytes() == cut.read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--rotate", "45"], "argument --rotate"),
        (["--straighten", "50"], "expected an angle of -45 to 45 degrees, got 50"),
        (["--crop", "0.5,0,0.4,1"], "left before right and top before bottom"),
        (["--crop", "most"], "expected auto or four numbers, got 'most'"),
        (["--crop", "auto", "--straighten", "2"], "expected --crop auto without --straighten"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_an_option_that_makes_no_sense(words: list[str], message: str, capsys: Captured) -> None:
    assert message in expect_refusal(["photo.png", "-o", "out.png", *words], capsys)


@pytest.mark.usefixtures("folder")
def test_films_have_no_geometry(capsys: Captured) -> None:
    Path("film.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(100))
    words = ["film.mp4", "-o", "out.mp4", "--rotate", "90", "--crop", "auto"]
    assert "expected a photo for --rotate, --crop, got only films" in expect_refusal(words, capsys)
