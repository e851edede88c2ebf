"""The command line's options for colour, restoration and files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorizer import Hint, Restoration, Stroke, images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.cli.main import main
from colorizer.edits.hints import to_json
from tests.colorizer.cli.test_main import Captured, expect_refusal, gray_file

HINTS = (Hint(0.5, 0.5, "#cc2200"), Stroke(((0.1, 0.2), (0.3, 0.2)), 0.05, "#2200cc"))
ALIKE = (Hint(0.5, 0.5, "#cc2200", alike=True), HINTS[1])


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sepia photo, and a file of hints, in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hints.json").write_text(to_json(HINTS))
    (tmp_path / "alike.json").write_text(to_json(ALIKE))
    (tmp_path / "too-old.json").write_text(to_json(ALIKE).replace('"version": 3', '"version": 2'))
    gray = np.asarray(Image.linear_gradient("L").resize((80, 60))).astype(np.float64)
    sepia = np.clip(40 + 0.6 * gray[..., None] * np.array([1.05, 0.9, 0.7]), 0, 255).astype(np.uint8)
    Image.fromarray(sepia).save("photo.png")
    return tmp_path / "photo.png"


def pixels(path: Path) -> Pixels:
    return images.decode(path.read_bytes()).pixels


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (["--warmth", "-0.5"], {"warmth": -0.5}),
        (["--hints", "hints.json"], {"hints": HINTS}),
        (["--hints", "alike.json"], {"hints": ALIKE}),
        (["--unfade"], {"restoration": Restoration(unfade=True)}),
        (["--levels"], {"restoration": Restoration(levels=True)}),
        (["--crop-border", "--levels"], {"restoration": Restoration(levels=True, crop_border=True)}),
    ],
)
def test_an_option_does_what_it_does_in_python(words: list[str], options: dict[str, object], photo: Path) -> None:
    assert main(["photo.png", "-o", "out.png", *words]) == 0
    colorizer = load_colorizer("compact")
    expected = colorizer.colorize(pixels(photo), **options)  # type: ignore[arg-type]
    np.testing.assert_array_equal(pixels(photo.with_name("out.png")), expected)
    assert (expected != colorizer.colorize(pixels(photo))).any()


@pytest.mark.usefixtures("photo")
def test_quality_and_subsampling_reach_the_jpeg(tmp_path: Path) -> None:
    for name, words in (("best.jpg", []), ("small.jpg", ["--quality", "40", "--subsampling", "4:2:0"])):
        assert main(["photo.png", "-o", name, *words]) == 0
    assert (tmp_path / "small.jpg").stat().st_size < (tmp_path / "best.jpg").stat().st_size
    with Image.open(tmp_path / "best.jpg") as best, Image.open(tmp_path / "small.jpg") as small:
        assert [layer[1:3] for layer in best.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]
        assert [layer[1:3] for layer in small.layer] == [(2, 2), (1, 1), (1, 1)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--warmth", "2"], "expected a warmth from -1 to 1, got 2"),
        (["--quality", "0"], "expected a quality from 1 to 100, got 0"),
        (["--quality", "best"], "argument --quality: "),
        (["--subsampling", "4:1:1"], "expected a subsampling of 4:4:4, 4:2:2, 4:2:0, got '4:1:1'"),
        (["--hints", "nowhere.json"], "nowhere.json"),
        (["--hints", "photo.png"], "expected hints as JSON"),
        (
            ["--hints", "too-old.json"],
            'argument --hints: hint 1: expected x, y, colour and perhaps reach, got ["alike"] too',
        ),
    ],
)
@pytest.mark.usefixtures("photo")
def test_an_option_that_makes_no_sense(words: list[str], message: str, capsys: Captured) -> None:
    assert message in expect_refusal(["photo.png", "-o", "out.png", *words], capsys)


def test_hints_are_for_one_photo(photo: Path, capsys: Captured) -> None:
    gray_file(photo.with_name("other.png"))
    assert "got 2 photos" in expect_refusal(["photo.png", "other.png", "-o", "out", "--hints", "hints.json"], capsys)


def test_what_the_format_cannot_hold_is_said(tmp_path: Path, capsys: Captured) -> None:
    clear = Image.linear_gradient("L").convert("LA")
    clear.putalpha(128)
    clear.save(tmp_path / "clear.png")
    assert main([str(tmp_path / "clear.png"), "-o", str(tmp_path / "out.jpg")]) == 0
    assert "clear.png: note: JPEG cannot hold transparency" in capsys.readouterr().err
