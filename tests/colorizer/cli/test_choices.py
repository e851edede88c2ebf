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
    assert capsys.readouterr().err
    assert not Path("out.png").exists()
