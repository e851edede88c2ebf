"""The sample photographs: small, truly grey, and each one credited."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.color import rgb2lab

from tests.support.paths import SAMPLES

CREDITS: list[dict[str, str]] = json.loads((SAMPLES / "credits.json").read_text(encoding="utf-8"))
COLOR = sorted((SAMPLES / "colour").glob("*.jpg"))
BYTE_LIMIT = 250_000
SIDE_LIMIT = 1024

every_sample = pytest.mark.parametrize("sample", CREDITS, ids=[sample["file"] for sample in CREDITS])


def test_every_picture_is_credited_once() -> None:
    pictures = sorted(path.name for path in SAMPLES.iterdir() if path.is_file() and path.suffix not in {".json", ".md"})
    assert sorted(sample["file"] for sample in CREDITS) == pictures


def test_there_are_enough_for_a_row_of_choices() -> None:
    assert 5 <= len(CREDITS) <= 6


@every_sample
def test_a_credit_is_complete(sample: dict[str, str]) -> None:
    assert set(sample) == {"file", "title", "credit", "licence", "source"}
    assert all(sample.values())


@every_sample
def test_the_readme_tells_of_the_sample_and_its_licence(sample: dict[str, str]) -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith(f"| `{sample['file']}`"))
    assert sample["credit"] in row
    assert sample["licence"] in row


@every_sample
def test_a_sample_is_a_grey_photograph_of_modest_size(sample: dict[str, str]) -> None:
    path = SAMPLES / sample["file"]
    assert path.stat().st_size <= BYTE_LIMIT
    with Image.open(path) as picture:
        picture.load()
        assert picture.mode == "L"
        assert max(picture.size) <= SIDE_LIMIT
        assert not picture.getexif()
        assert picture.getextrema() != (0, 0)


def test_all_but_one_have_their_colours_too() -> None:
    assert sorted(path.name for path in COLOR) == sorted({sample["file"] for sample in CREDITS} - {"cameraman.jpg"})


@pytest.mark.parametrize("path", COLOR, ids=[path.name for path in COLOR])
def test_a_coloured_sample_is_the_grey_ones_photograph(path: Path) -> None:
    assert path.stat().st_size <= BYTE_LIMIT
    with Image.open(path) as color, Image.open(SAMPLES / path.name) as gray:
        assert color.mode == "RGB"
        assert not color.getexif()
        lightness = [rgb2lab(np.asarray(picture.convert("RGB")))[..., 0] for picture in (color, gray)]
    assert lightness[0].shape == lightness[1].shape
    assert np.abs(lightness[0] - lightness[1]).mean() < 1  # of 100: the noise of two JPEG files
