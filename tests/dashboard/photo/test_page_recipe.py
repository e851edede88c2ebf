"""A file from the page can be made again on the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from colorizer import Hint, Look, Restoration, load_colorizer
from colorizer.cli.main import main
from colorizer.images import EncodeOptions, Metadata, Picture, encode
from colorizer.recipe import PhotoSettings
from dashboard.photo.files import JPEG, PNG, ColorizedPhoto, color_file, encode_file
from dashboard.photo.rendering import prepare
from dashboard.shared.reference import read_reference
from tests.support.made_photographs import photo

SETTINGS = PhotoSettings(
    look=Look(strength=1.1, vividness=0.3, warmth=0.2),
    hints=(Hint(0.4, 0.5, "#aa3311"),),
    restoration=Restoration(levels=True),
    encoding=EncodeOptions(quality=90, subsampling="4:2:0"),
    caption="Colours added by a program",
)


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_download_is_made_again_byte_for_byte(suffix: str, tmp_path: Path) -> None:
    data = encode(Picture(photo(90, 120, seed=3), None, Metadata()), ".jpg")
    original, download, again = (tmp_path / f"{name}{suffix}" for name in ("original", "download", "again"))
    original.write_bytes(data)
    prepared = prepare(data, SETTINGS.restoration, load_colorizer("compact"), 1_000_000)
    made = ColorizedPhoto(data, prepared.analysis, SETTINGS, label=True, max_pixels=1_000_000)
    download.write_bytes(encode_file(made, PNG if suffix == ".png" else JPEG))
    assert main(["again", str(original), "--recipe", str(download), "-o", str(again)]) == 0
    assert again.read_bytes() == download.read_bytes()


@pytest.mark.parametrize("variant", [0, 2])
def test_so_is_one_with_a_reference_and_so_is_a_result_that_is_a_reference(variant: int, tmp_path: Path) -> None:
    original, reference, download, again = (tmp_path / name for name in ("original", "reference", "a.jpg", "b.jpg"))
    original.write_bytes(encode(Picture(photo(90, 120, seed=3)), ".png"))
    reference.write_bytes(encode(Picture(photo(700, 600, seed=4)), ".png"))
    colorizer, read = load_colorizer("compact"), original.read_bytes
    picture = read_reference("today.png", reference.read_bytes(), 1_000_000)
    settings = replace(SETTINGS, reference=picture.digest, variant=variant)
    prepared = prepare(read(), settings.restoration, colorizer, 1_000_000, reference=picture)
    made = ColorizedPhoto(read(), prepared.analysis.variant(variant), settings, label=True, max_pixels=1_000_000)
    download.write_bytes(encode_file(made, JPEG))
    assert color_file(read, settings, colorizer, picture, True, 1_000_000) == download.read_bytes()
    recipe = ["again", str(original), "--recipe", str(download), "-o", str(again)]
    assert main([*recipe, "--reference", str(reference)]) == 0
    assert again.read_bytes() == download.read_bytes()
