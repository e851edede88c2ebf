"""The label of films: ffprobe and exiftool read it, and a film is made again byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from colorizer import InvalidRecipe, Look
from colorizer.network.weights import file_sha256
from colorizer.recipe import ALGORITHMICALLY_ENHANCED, Recipe
from colorizer.video import VideoOptions, colorize_video
from colorizer.video.label import COMMENT, read_film_recipe
from tests.support.exiftool import exiftool
from tests.support.films import Tinter, ask, make_film

OPTIONS = VideoOptions(Look(strength=1.2), 0.4, 0.25, 0.75)


def ffprobe_tags(path: Path) -> dict[str, str]:
    tags: dict[str, str] = ask(path, "format_tags", "-export_xmp", "1")["format"]["tags"]
    return tags


def test_a_film_tells_how_it_was_made_and_is_made_again(tmp_path: Path) -> None:
    source = make_film(tmp_path / "Grandma Ida.mkv", "-c:v", "libx264", "-preset", "ultrafast", seconds=1)
    results = [tmp_path / name for name in ("one.mp4", "two.mp4")]
    for target in results:
        assert colorize_video(source, target, Tinter(), OPTIONS).complete
    one, two = (path.read_bytes() for path in results)
    assert one == two
    recipe = read_film_recipe(results[0])
    assert (recipe.medium, recipe.original) == ("film", file_sha256(source))
    assert recipe.settings_as(VideoOptions) == OPTIONS
    tags = ffprobe_tags(results[0])
    assert tags["comment"] == COMMENT
    assert recipe.to_json().replace("&", "&amp;") in tags["xmp"]
    assert "Ida" not in tags["xmp"]
    read = json.loads(exiftool("-j", "-G1", "-XMP:all", results[0]))[0]
    assert read["XMP-iptcExt:DigitalSourceType"] == ALGORITHMICALLY_ENHANCED
    assert Recipe.from_json(read["XMP-colouriser:Recipe"]) == recipe

    # A result as a source: its XMP is kept, and the recipe is that of the new film.
    assert colorize_video(results[0], tmp_path / "third.mp4", Tinter()).complete
    assert read_film_recipe(tmp_path / "third.mp4").original == file_sha256(results[0])
    assert ffprobe_tags(tmp_path / "third.mp4")["comment"] == COMMENT


def test_without_a_label_and_with_a_comment_of_its_own(tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mp4", "-c:v", "libx264", "-metadata", "comment=by Ida", seconds=0.4)
    colorize_video(source, tmp_path / "plain.mp4", Tinter(), VideoOptions(label=False))
    with pytest.raises(InvalidRecipe, match="expected a result of AI Colouriser"):
        read_film_recipe(tmp_path / "plain.mp4")
    colorize_video(source, tmp_path / "out.mp4", Tinter())
    assert ffprobe_tags(tmp_path / "out.mp4")["comment"] == "by Ida"
    assert read_film_recipe(tmp_path / "out.mp4").settings_as(VideoOptions) == VideoOptions()


def test_a_stopped_film_has_the_recipe_of_its_part(tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mp4", "-c:v", "libx264", seconds=1, sound=False)
    stops = iter([False] * 9 + [True])
    result = colorize_video(source, tmp_path / "out.mp4", Tinter(), cancelled=lambda: next(stops))
    recipe = read_film_recipe(tmp_path / "out.mp4")
    assert recipe.settings_as(VideoOptions) == VideoOptions(end=result.duration)
    again = colorize_video(source, tmp_path / "again.mp4", Tinter(), recipe.settings_as(VideoOptions))
    assert again.frames == result.frames == 10
