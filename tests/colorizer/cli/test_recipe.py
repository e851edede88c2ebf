"""`recipe` and `again`: the label survives in every format, and the file is made again byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from colorizer import Hint, Stroke, __version__
from colorizer.cli.main import main
from colorizer.edits.hints import to_json
from colorizer.images import EncodeOptions, Metadata, Picture, encode
from colorizer.images.xmp import extension
from colorizer.recipe import ALGORITHMICALLY_ENHANCED, Recipe
from tests.colorizer.cli.test_main import Captured, expect_refusal
from tests.colorizer.images.test_captions import read_tags
from tests.colorizer.images.test_xmp import TITLE, packet
from tests.support.made_photographs import photo

SETTINGS = ("--warmth", "0.3", "--vividness", "0.4", "--levels", "--hints", "hints.json", "--caption", "Für Zoë & Ann")
CITY = ' photoshop:City="Kioto" xmp:Rating="5"'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: a photo of 8 bits with XMP and one of 16 bits, both called by a person's name, and hints."""
    monkeypatch.chdir(tmp_path)
    pixels = photo(60, 80, seed=1)
    (tmp_path / "Grandma Ida.jpg").write_bytes(encode(Picture(pixels, None, Metadata(xmp=packet(CITY))), ".jpg"))
    tifffile.imwrite(tmp_path / "Ida deep.tif", pixels[..., 1].astype(np.uint16) * 250, photometric="minisblack")
    stroke = Stroke(((0.2, 0.8), (0.6, 0.9)), 0.03, "#3355aa")
    (tmp_path / "hints.json").write_text(
        to_json([Hint(0.3, 0.4, "#aa3311"), Hint(0.8, 0.4, (12.5, -3.0), 0.3), stroke])
    )
    return tmp_path


def test_a_recipe_with_alike_hints_is_followed_byte_for_byte(folder: Path, capsys: Captured) -> None:
    hints = (Hint(0.3, 0.4, "#aa3311", alike=True), Stroke(((0.2, 0.8), (0.6, 0.9)), 0.03, "#3355aa", alike=True))
    (folder / "hints.json").write_text(to_json(hints))
    assert main(["Grandma Ida.jpg", "-o", "out.jpg", *SETTINGS]) == 0
    data = (folder / "out.jpg").read_bytes()
    capsys.readouterr()
    assert main(["recipe", "out.jpg"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["alike"] for row in document["settings"]["hints"]] == [True, True]
    assert main(["again", "Grandma Ida.jpg", "--recipe", "out.jpg", "-o", "again.jpg"]) == 0
    assert (folder / "again.jpg").read_bytes() == data


def test_a_recipe_from_before_hints_could_be_alike_gives_the_same_picture(folder: Path, capsys: Captured) -> None:
    assert main(["Grandma Ida.jpg", "-o", "out.png", *SETTINGS]) == 0
    capsys.readouterr()
    assert main(["recipe", "out.png"]) == 0
    document = json.loads(capsys.readouterr().out)
    for row in document["settings"]["hints"]:
        assert row.pop("alike") is False
    (folder / "old.json").write_text(json.dumps(document))
    assert main(["again", "Grandma Ida.jpg", "--recipe", "old.json", "-o", "again.png"]) == 0
    assert (folder / "again.png").read_bytes() == (folder / "out.png").read_bytes()


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("Grandma Ida.jpg", "out.jpg"),
        ("Grandma Ida.jpg", "out.png"),
        ("Grandma Ida.jpg", "out.tif"),
        ("Grandma Ida.jpg", "out.webp"),
        ("Grandma Ida.jpg", "out.avif"),
        ("Ida deep.tif", "out.png"),
        ("Ida deep.tif", "out.tif"),
    ],
)
def test_a_result_tells_how_it_was_made_and_is_made_again(
    source: str, result: str, folder: Path, capsys: Captured
) -> None:
    assert main([source, "-o", result, *SETTINGS]) == 0
    data = (folder / result).read_bytes()
    tags = read_tags(data, Path(result).suffix, folder)
    assert tags["XMP-iptcExt:DigitalSourceType"] == ALGORITHMICALLY_ENHANCED
    assert tags["XMP-iptcExt:AISystemUsed"] == "AI Colouriser, model compact"
    assert str(tags["XMP-iptcExt:AISystemVersionUsed"]) == __version__
    if source == "Grandma Ida.jpg":
        assert (tags["XMP-photoshop:City"], tags["XMP-xmp:Rating"]) == ("Kioto", 5)
    written = Recipe.from_json(tags["XMP-colouriser:Recipe"])
    assert "Ida" not in tags["XMP-colouriser:Recipe"]
    assert str(folder) not in tags["XMP-colouriser:Recipe"]

    capsys.readouterr()
    assert main(["recipe", result]) == 0
    printed = capsys.readouterr().out
    assert Recipe.from_json(printed) == written
    (folder / "recipe.json").write_text(printed)
    for recipe in (result, "recipe.json"):
        again = f"again-{result}"
        assert main(["again", source, "--recipe", recipe, "-o", again]) == 0
        assert (folder / again).read_bytes() == data
        assert capsys.readouterr().err == ""


def test_without_a_label(folder: Path, capsys: Captured) -> None:
    assert main(["Grandma Ida.jpg", "-o", "out.jpg", "--no-label"]) == 0
    tags = read_tags((folder / "out.jpg").read_bytes(), ".jpg", folder)
    assert not [name for name in tags if "iptcExt" in name or "colouriser" in name or "CreatorTool" in name]
    assert tags["XMP-photoshop:City"] == "Kioto"
    assert main(["recipe", "out.jpg"]) == 1
    assert "out.jpg: expected a result of AI Colouriser with a recipe in its XMP" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["nowhere.jpg", "hints.json", "Ida deep.tif"])
@pytest.mark.usefixtures("folder")
def test_a_file_without_a_recipe(name: str, capsys: Captured) -> None:
    assert main(["recipe", name]) == 1
    assert main(["again", "Grandma Ida.jpg", "--recipe", name, "-o", "x.jpg"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line.partition(":")[0] for line in captured.err.splitlines()] == [name, name]


def test_another_original_or_other_versions_are_said(folder: Path, capsys: Captured) -> None:
    assert main(["Grandma Ida.jpg", "-o", "out.jpg"]) == 0
    assert main(["again", "Ida deep.tif", "--recipe", "out.jpg", "-o", "x.jpg"]) == 1
    assert "expected the original with the SHA-256 " in capsys.readouterr().err
    assert not (folder / "x.jpg").exists()
    assert main(["again", "Ida deep.tif", "--recipe", "out.jpg", "-o", "x.jpg", "--force"]) == 0
    capsys.readouterr()

    assert main(["recipe", "out.jpg"]) == 0
    document = json.loads(capsys.readouterr().out)
    document["version"], document["model_sha256"] = "0.0.1", "0" * 64
    (folder / "old.json").write_text(json.dumps(document))
    assert main(["again", "Grandma Ida.jpg", "--recipe", "old.json", "-o", "x.png"]) == 0
    said = capsys.readouterr().err
    assert f"the file may differ from the one before: made by version 0.0.1 of the program, now {__version__}" in said
    assert "made with the model compact (000000000000...)" in said
    assert "made as JPEG, now PNG" in said


@pytest.mark.usefixtures("folder")
def test_outputs_that_make_no_sense(capsys: Captured) -> None:
    assert main(["Grandma Ida.jpg", "-o", "out.jpg"]) == 0
    words = ["again", "Grandma Ida.jpg", "--recipe", "out.jpg", "-o"]
    assert "expected an output ending in one of" in expect_refusal([*words, "x.mp4"], capsys)
    assert "expected a file of its own for -o" in expect_refusal([*words, "Grandma Ida.jpg"], capsys)
    refused = expect_refusal(["Grandma Ida.jpg", "-o", "x.jpg", "--caption", "東京"], capsys)
    assert "expected a caption of Latin, Greek or Cyrillic letters" in refused


@pytest.mark.parametrize(
    ("stated", "expected", "previous"),
    [
        ("print", ALGORITHMICALLY_ENHANCED, "print"),
        ("algorithmicallyEnhanced", ALGORITHMICALLY_ENHANCED, None),
        ("trainedAlgorithmicMedia", "trainedAlgorithmicMedia", None),
    ],
)
def test_what_the_source_says_of_its_origin(stated: str, expected: str, previous: str | None, folder: Path) -> None:
    scheme = ALGORITHMICALLY_ENHANCED.rpartition("/")[0]
    space = "xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'"
    there = packet("", f"{TITLE}<Iptc4xmpExt:DigitalSourceType {space} rdf:resource='{scheme}/{stated}'/>")
    data = encode(Picture(photo(20, 30, seed=1), None, Metadata(xmp=there)), ".png")
    (folder / "scan.png").write_bytes(data)
    assert main(["scan.png", "-o", "out.png"]) == 0
    tags = read_tags((folder / "out.png").read_bytes(), ".png", folder)
    assert str(tags["XMP-iptcExt:DigitalSourceType"]).endswith(expected)
    assert tags.get("XMP-colouriser:PreviousDigitalSourceType") == (previous and f"{scheme}/{previous}")


def test_a_packet_longer_than_a_segment_keeps_all(folder: Path) -> None:
    long = packet("", TITLE + "<photoshop:History>" + "cropped; " * 8000 + "</photoshop:History>")
    assert extension.find_identifier(long) is None
    data = encode(Picture(photo(20, 30, seed=1), None, Metadata(xmp=long)), ".jpg", EncodeOptions())
    (folder / "scan.jpg").write_bytes(data)
    assert main(["scan.jpg", "-o", "out.jpg"]) == 0
    tags = read_tags((folder / "out.jpg").read_bytes(), ".jpg", folder)
    assert tags["XMP-iptcExt:DigitalSourceType"] == ALGORITHMICALLY_ENHANCED
    assert len(tags["XMP-photoshop:History"]) > 70_000
    assert main(["again", "scan.jpg", "--recipe", "out.jpg", "-o", "again.jpg"]) == 0
    assert (folder / "again.jpg").read_bytes() == (folder / "out.jpg").read_bytes()


def test_damaged_xmp_stays_and_the_missing_label_is_said(folder: Path, capsys: Captured) -> None:
    Image.new("L", (30, 20), 90).save(folder / "scan.png")
    broken = packet(CITY)[:-80]
    (folder / "scan.jpg").write_bytes(encode(Picture(photo(20, 30, seed=1), None, Metadata(xmp=broken)), ".jpg"))
    assert main(["scan.jpg", "-o", "out.jpg"]) == 0
    assert "made the colours is left out, because the file's XMP is damaged" in capsys.readouterr().err
    assert broken in (folder / "out.jpg").read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.usefixtures("folder")
def test_a_recipe_in_any_text_file(encoding: str, capsys: Captured) -> None:
    assert main(["Grandma Ida.jpg", "-o", "out.png"]) == 0
    assert main(["recipe", "out.png"]) == 0
    text = capsys.readouterr().out
    Path("recipe.txt").write_text("\n" * 100 + text, encoding=encoding)
    assert main(["recipe", "recipe.txt"]) == 0
    assert capsys.readouterr().out == text
    Path("recipe.txt").write_text("null", encoding=encoding)
    assert main(["recipe", "recipe.txt"]) == 1
    assert capsys.readouterr().err == "recipe.txt: expected a recipe of format 1, got NoneType\n"


@pytest.mark.usefixtures("folder")
def test_pictures_for_a_photo_are_refused(capsys: Captured) -> None:
    assert main(["Grandma Ida.jpg", "-o", "out.png"]) == 0
    words = ["again", "Grandma Ida.jpg", "--recipe", "out.png", "-o", "again.png", "--picture", "Ida deep.tif"]
    assert main(words) == 1
    assert "expected no --picture, which is for films, got Ida deep.tif" in capsys.readouterr().err
