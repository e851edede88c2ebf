"""Repair on the command line: kinds, a mask of one's own, the mask that was filled, and the recipe."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from colorizer import Restoration, images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.cli.main import main
from colorizer.color import lab
from tests.colorizer.cli.test_main import Captured, expect_refusal, gray_file


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scratched photo and a mask with a square, of another size, in the working folder."""
    monkeypatch.chdir(tmp_path)
    gray = np.ascontiguousarray(data.camera()[:240, 40:400])
    cv2.line(gray, (70, 10), (90, 230), 250, 2, cv2.LINE_AA)
    cv2.line(gray, (300, 10), (290, 200), 250, 2, cv2.LINE_AA)
    Image.fromarray(gray).save("scan.png")
    square = np.zeros((120, 180), np.uint8)
    square[50:60, 100:110] = 255
    Image.fromarray(square).save("square.png")
    return tmp_path / "scan.png"


def pixels(path: str) -> Pixels:
    return images.decode(Path(path).read_bytes()).pixels


@pytest.mark.usefixtures("scan")
def test_the_options_do_what_they_do_in_python() -> None:
    assert main(["scan.png", "-o", "out.png", "--repair", "dust,scratches", "--descreen"]) == 0
    restoration = Restoration(scratches=True, dust=True, descreen=True)
    assert np.array_equal(
        pixels("out.png"), load_colorizer("compact").colorize(pixels("scan.png"), restoration=restoration)
    )


@pytest.mark.usefixtures("scan")
def test_the_saved_mask_is_where_lightness_changes(capsys: Captured) -> None:
    words = ["--repair", "scratches", "--repair-mask", "square.png"]
    assert main(["scan.png", "-o", "out.png", *words, "--save-mask", "mask.png"]) == 0
    assert "% of the photo is filled" in capsys.readouterr().err
    mask = pixels("mask.png") > 0
    assert mask.shape == pixels("scan.png").shape
    assert mask[100:120, 200:220].all()  # the square, at the photo's size
    changed = np.abs(lab.luminance(pixels("out.png")) - lab.luminance(pixels("scan.png"))) > 3
    assert changed.any()
    assert not (changed & ~mask).any()
    # The mask alone does the same.
    assert main(["scan.png", "-o", "again.png", "--repair-mask", "mask.png"]) == 0
    assert np.array_equal(pixels("again.png"), pixels("out.png"))


@pytest.mark.usefixtures("scan")
def test_a_mask_may_be_painted_on_a_transparent_layer() -> None:
    square = Image.open("square.png")
    layer = Image.new("RGB", square.size, "white")
    layer.putalpha(square)
    layer.save("layer.png")
    for name in ("square", "layer"):
        assert main(["scan.png", "-o", f"{name}-out.png", "--repair-mask", f"{name}.png"]) == 0
    assert Path("layer-out.png").read_bytes() == Path("square-out.png").read_bytes()


@pytest.mark.parametrize("name", ["out.png", "out.jpg", "out.tif"])
@pytest.mark.usefixtures("scan")
def test_what_is_kept_stays_and_is_in_the_recipe(name: str) -> None:
    left = np.zeros((240, 360), np.uint8)
    left[:, :180] = 255
    Image.fromarray(left).save("left.png")
    words = ["--repair", "scratches", "--repair-mask", "square.png", "--repair-keep", "left.png"]
    assert main(["scan.png", "-o", name, *words, "--save-mask", "mask.png"]) == 0
    mask = pixels("mask.png") > 0
    assert not mask[:, :180].any()
    assert mask[100:120, 200:220].all()
    assert mask[20:180, 285:305].any(axis=1).mean() > 0.8  # the scratch on the right
    changed = np.abs(lab.luminance(pixels(name)) - lab.luminance(pixels("scan.png"))) > 5
    assert not (changed & ~mask).any() or name.endswith("jpg")
    assert main(["again", "scan.png", "--recipe", name, "-o", f"again{name[3:]}"]) == 0
    assert Path(f"again{name[3:]}").read_bytes() == Path(name).read_bytes()


@pytest.mark.parametrize("name", ["out.png", "out.jpg", "out.tif"])
@pytest.mark.usefixtures("scan")
def test_the_recipe_has_the_mask_and_makes_the_file_again(name: str, capsys: Captured) -> None:
    assert main(["scan.png", "-o", name, "--repair", "scratches,folds", "--repair-mask", "square.png"]) == 0
    capsys.readouterr()
    assert main(["recipe", name]) == 0
    restoration = json.loads(capsys.readouterr().out)["settings"]["restoration"]
    assert [kind for kind in ("scratches", "dust", "folds") if restoration[kind]] == ["scratches", "folds"]
    assert main(["again", "scan.png", "--recipe", name, "-o", f"again{name[3:]}"]) == 0
    assert Path(f"again{name[3:]}").read_bytes() == Path(name).read_bytes()


@pytest.mark.usefixtures("scan")
def test_a_mask_of_many_small_places_fits_a_jpeg() -> None:
    random = np.random.default_rng(3).random((240, 360)) < 0.2
    Image.fromarray((random * 255).astype(np.uint8)).save("many.png")
    assert main(["scan.png", "-o", "out.jpg", "--repair-mask", "many.png"]) == 0
    assert main(["again", "scan.png", "--recipe", "out.jpg", "-o", "again.jpg"]) == 0
    assert Path("again.jpg").read_bytes() == Path("out.jpg").read_bytes()


@pytest.mark.usefixtures("scan")
def test_places_of_a_mask_are_in_the_turned_photo() -> None:
    Image.open("square.png").transpose(Image.Transpose.ROTATE_270).save("turned.png")
    assert (
        main(["scan.png", "-o", "out.png", "--rotate", "90", "--repair-mask", "turned.png", "--save-mask", "m.png"])
        == 0
    )
    assert (pixels("m.png") > 0)[200:220, 120:140].all()
    assert main(["scan.png", "-o", "out.png", "--overwrite", "--rotate", "90", "--repair-mask", "square.png"]) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--repair", "stains"], "expected one or more of scratches,dust,folds, got 'stains'"),
        (["--repair-mask", "nowhere.png"], "nowhere.png"),
        (["--save-mask", "mask.png"], "expected --repair or --repair-mask with --save-mask, got neither"),
        (["--repair-keep", "square.png"], "expected --repair or --repair-mask with --repair-keep, got neither"),
        (["--repair", "dust", "--save-mask", "mask.txt"], "expected a picture for --save-mask, ending in one of"),
    ],
)
@pytest.mark.usefixtures("scan")
def test_an_option_that_makes_no_sense(words: list[str], message: str, capsys: Captured) -> None:
    assert message in expect_refusal(["scan.png", "-o", "out.png", *words], capsys)


@pytest.mark.parametrize(
    "words",
    [
        ["--repair-mask", "square.png"],
        ["--repair", "dust", "--repair-keep", "square.png"],
        ["--repair", "dust", "--save-mask", "mask.png"],
    ],
)
def test_a_mask_is_for_one_photo(words: list[str], scan: Path, capsys: Captured) -> None:
    gray_file(scan.with_name("other.png"))
    assert "got 2 photos" in expect_refusal(["scan.png", "other.png", "-o", "out", *words], capsys)
