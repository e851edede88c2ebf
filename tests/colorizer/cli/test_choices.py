"""The command line's choices of colours: a reference, a variant, and the picture of what the model does not know."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from colorizer import images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.cli.main import main
from colorizer.edits.uncertainty import LEGEND
from tests.colorizer.cli.test_main import Captured, expect_refusal


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A grey photo and a mirrored colour photo of the same scene, in the working folder."""
    monkeypatch.chdir(tmp_path)
    color = Image.fromarray(data.coffee()).resize((150, 100))
    color.convert("L").save("photo.png")
    color.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save("color.png")
    return tmp_path / "photo.png"


def pixels(path: Path) -> Pixels:
    return images.decode(path.read_bytes()).pixels


def test_a_reference_and_a_variant_do_what_they_do_in_python(photo: Path) -> None:
    colorizer = load_colorizer("compact")
    reference = colorizer.make_reference(pixels(photo.with_name("color.png")))
    plain = colorizer.colorize(pixels(photo))
    assert main(["photo.png", "-o", "out.png", "--reference", "color.png"]) == 0
    assert main(["photo.png", "-o", "other.png", "--variant", "3"]) == 0
    for name, expected in (
        ("out.png", colorizer.colorize(pixels(photo), reference=reference)),
        ("other.png", colorizer.colorize(pixels(photo), variant=3)),
    ):
        assert np.array_equal(pixels(photo.with_name(name)), expected)
        assert (expected != plain).any()


def test_the_recipe_names_both_and_makes_the_file_again(photo: Path, capsys: Captured) -> None:
    assert main(["photo.png", "-o", "out.png", "--reference", "color.png", "--variant", "2"]) == 0
    capsys.readouterr()
    assert main(["recipe", "out.png"]) == 0
    recipe = json.loads(capsys.readouterr().out)
    assert recipe["settings"]["variant"] == 2
    assert recipe["settings"]["reference"] == sha256(photo.with_name("color.png").read_bytes()).hexdigest()
    again = ["again", "photo.png", "--recipe", "out.png", "-o", "again.png"]
    assert main(again) == 1
    assert "expected --reference with the SHA-256" in capsys.readouterr().err
    assert main([*again, "--reference", "color.png"]) == 0
    assert photo.with_name("again.png").read_bytes() == photo.with_name("out.png").read_bytes()


def test_the_uncertainty_is_a_picture_with_a_legend(photo: Path, capsys: Captured) -> None:
    assert main(["photo.png", "-o", "out.png", "--uncertainty", "doubt.png"]) == 0
    expected = load_colorizer("compact").analyze(pixels(photo)).uncertainty_overlay()
    assert np.array_equal(pixels(photo.with_name("doubt.png")), expected)
    said = capsys.readouterr().err
    assert all(meaning in said for _, meaning in LEGEND)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--variant", "5"], "expected a variant from 0 (the default) to 4, got 5"),
        (["--variant", "two"], "argument --variant"),
        (["--uncertainty", "doubt.txt"], "expected a picture for --uncertainty, ending in one of"),
    ],
)
@pytest.mark.usefixtures("photo")
def test_an_option_that_makes_no_sense(words: list[str], message: str, capsys: Captured) -> None:
    assert message in expect_refusal(["photo.png", "-o", "out.png", *words], capsys)


@pytest.mark.parametrize("name", ["nowhere.png", "photo.png"])
@pytest.mark.usefixtures("photo")
def test_a_reference_that_cannot_be_used(name: str, capsys: Captured) -> None:
    assert main(["photo.png", "-o", "out.png", "--reference", name]) == 1
    assert name in capsys.readouterr().err
    assert not Path("out.png").exists()


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (["--uncertainty", "photo.png"], "--uncertainty, got photo.png, which is an input"),
        (["--uncertainty", "../{}/photo.png"], "photo.png, which is an input"),
        (["--repair", "dust", "--save-mask", "photo.png"], "--save-mask, got photo.png, which is an input"),
        (
            ["--reference", "color.png", "--uncertainty", "color.png"],
            "got color.png, which is the file for --reference",
        ),
        (["--reference", "color.png", "-o", "color.png"], "-o, got color.png, which is the file for --reference"),
        (["--uncertainty", "out.png"], "--uncertainty, got out.png, which is the file for -o"),
        (["--repair", "dust", "--save-mask", "x.png", "--uncertainty", "x.png"], "which is the file for --uncertainty"),
    ],
)
def test_no_file_that_is_read_or_written_is_replaced(
    words: list[str], refused: str, photo: Path, capsys: Captured
) -> None:
    before = {path.name: path.read_bytes() for path in photo.parent.iterdir()}
    words = [word.format(photo.parent.name) for word in words]
    message = expect_refusal(["photo.png", "-o", "out.png", *words], capsys)
    assert "expected a file of its own for" in message
    assert refused in message
    assert {path.name: path.read_bytes() for path in photo.parent.iterdir()} == before


def test_a_folder_and_again_replace_nothing_that_is_read(photo: Path, capsys: Captured) -> None:
    folder = photo.parent / "scans"
    folder.mkdir()
    photo.rename(folder / "a.png")
    words = [str(folder), "-o", "out", "--uncertainty", str(folder / "a.png")]
    assert "which is an input" in expect_refusal(words, capsys)
    assert main(["scans/a.png", "-o", "out.png", "--reference", "color.png"]) == 0
    words = ["again", "scans/a.png", "--recipe", "out.png", "--reference", "color.png", "-o"]
    files = {"scans/a.png": "an input", "color.png": "the file for --reference", "out.png": "the file for --recipe"}
    for name, role in files.items():
        assert f"-o, got {name}, which is {role}; choose another name" in expect_refusal([*words, name], capsys)
