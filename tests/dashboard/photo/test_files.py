"""The files that the Photo tab offers, read by other programs."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorizer import Geometry, Look, load_colorizer
from colorizer.images import Picture, encode
from colorizer.recipe import PhotoSettings
from dashboard.photo.files import BOTH, CLIP, FILE_KINDS, JPEG, PNG, ColorizedPhoto, FileKind, encode_file
from dashboard.photo.rendering import prepare
from tests.support.made_photographs import photo

SETTINGS = PhotoSettings(look=Look(strength=1.3), geometry=Geometry(quarter_turns=1))
SIZE = (120, 200)  # after the turn


@pytest.fixture(scope="module")
def made() -> ColorizedPhoto:
    data = encode(Picture(photo(120, 200, seed=6)), ".png")
    prepared = prepare(data, SETTINGS.restoration, load_colorizer("compact"), 1_000_000, SETTINGS.geometry)
    return ColorizedPhoto(data, prepared.analysis, SETTINGS, label=True, max_pixels=1_000_000)


@pytest.mark.parametrize(("kind", "file_format"), [(PNG, "PNG"), (JPEG, "JPEG"), (BOTH, "JPEG")])
def test_pictures_have_the_full_size_after_the_turn(made: ColorizedPhoto, kind: FileKind, file_format: str) -> None:
    picture = Image.open(io.BytesIO(encode_file(made, kind)))
    assert (picture.format, picture.size) == (file_format, SIZE)


def test_the_picture_of_both_is_grey_on_the_left_and_coloured_on_the_right(made: ColorizedPhoto) -> None:
    pixels = np.asarray(Image.open(io.BytesIO(encode_file(made, BOTH)))).astype(np.int16)
    spread = np.ptp(pixels, axis=-1)
    assert spread[:, :50].mean() < 1
    assert spread[:, 70:].mean() > 3


def test_the_clip_is_a_short_film_that_ends_in_colour(made: ColorizedPhoto, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(encode_file(made, CLIP))
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    (stream,) = told["streams"]
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("h264", *SIZE)
    assert 3 <= float(told["format"]["duration"]) <= 6


def test_names_follow_the_original_and_differ() -> None:
    names = [kind.name("grandma 1932.tif") for kind in FILE_KINDS]
    assert names == [
        "grandma 1932_colorized.png",
        "grandma 1932_colorized.jpg",
        "grandma 1932_before_after.jpg",
        "grandma 1932_before_after.mp4",
    ]
