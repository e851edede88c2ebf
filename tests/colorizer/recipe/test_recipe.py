"""Recipes: what a document holds is what was written, and what is no recipe is refused in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colorizer import MODELS, Geometry, Hint, InvalidRecipe, Look, Restoration, Stroke
from colorizer.edits.repair_mask import mask_to_text
from colorizer.images import EncodeOptions
from colorizer.recipe import PhotoSettings, Recipe, make_recipe
from colorizer.recipe.plain import from_plain, to_plain
from colorizer.video import VideoOptions

UNIT = st.floats(0, 1)
COLORS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True) | st.tuples(st.floats(-128, 128), st.floats(-128, 128))
LOOKS = st.builds(Look, strength=st.floats(0, 2) | st.sampled_from([0, 1, 2]), vividness=UNIT, warmth=st.floats(-1, 1))
NEAR, FAR = st.floats(0, 0.3), st.floats(0.7, 1)
GEOMETRIES = st.builds(
    Geometry,
    corners=st.none()
    | st.tuples(st.tuples(NEAR, NEAR), st.tuples(FAR, NEAR), st.tuples(FAR, FAR), st.tuples(NEAR, FAR)),
    quarter_turns=st.integers(0, 3),
    angle=st.floats(-45, 45) | st.sampled_from([0, 1]),
    crop=st.tuples(NEAR, NEAR, FAR, FAR) | st.just((0, 0, 1, 1)),
)
WAYS = st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=3).map(tuple)
STROKES = st.builds(Stroke, WAYS, st.floats(0.001, 0.5), COLORS, UNIT, st.booleans())
RESTORATIONS = st.builds(
    Restoration,
    **dict.fromkeys(("descreen", "scratches", "dust", "folds", "unfade", "levels", "crop_border"), st.booleans()),
    mask=st.sampled_from(["", mask_to_text(np.eye(5, dtype=np.bool_))]),
    strokes=st.lists(STROKES, max_size=2).map(tuple),
)
PHOTOS = st.builds(
    PhotoSettings,
    geometry=GEOMETRIES,
    look=LOOKS,
    hints=st.lists(st.builds(Hint, UNIT, UNIT, COLORS, st.floats(0.01, 1), st.booleans()) | STROKES, max_size=3).map(
        tuple
    ),
    restoration=RESTORATIONS,
    encoding=st.builds(EncodeOptions, st.integers(1, 100), st.sampled_from(["4:4:4", "4:2:2", "4:2:0"])),
    caption=st.text(st.sampled_from("Colours & <by> \"a\" 'program', Größe Ελλάδα Москва"), max_size=30),
)
FILMS = st.builds(
    VideoOptions, LOOKS, UNIT, st.floats(0, 50), st.none() | st.floats(51, 1e6) | st.integers(51, 1000).map(float)
)
ORIGINAL = "0f" * 32


def recipe_of(made: PhotoSettings | VideoOptions) -> Recipe:
    return make_recipe("photo" if isinstance(made, PhotoSettings) else "film", ORIGINAL, MODELS["compact"], made)


@settings(max_examples=60, deadline=None)
@given(PHOTOS | FILMS)
def test_a_recipe_comes_back_from_its_document(made: PhotoSettings | VideoOptions) -> None:
    text = recipe_of(made).to_json()
    back = Recipe.from_json(text)
    assert back.settings_as(type(made)) == made
    assert back.to_json() == text
    assert text.isascii()
    assert make_recipe(back.medium, ORIGINAL, MODELS["compact"], back.settings_as(type(made))).to_json() == text


def test_equal_settings_have_equal_documents() -> None:
    whole, floats = PhotoSettings(look=Look(strength=1, warmth=0)), PhotoSettings(look=Look(strength=1.0, warmth=0.0))
    assert recipe_of(whole).to_json() == recipe_of(floats).to_json()


def test_a_document_names_versions_model_and_original_and_nothing_private() -> None:
    document = json.loads(recipe_of(PhotoSettings(hints=(Hint(0.5, 0.25, "#aa0000"),))).to_json())
    libraries = document.pop("libraries")
    assert {"numpy", "opencv-python-headless", "imagecodecs"} <= libraries.keys()
    assert document.pop("version").count(".") == 2
    assert document == {
        "recipe": 1,
        "medium": "photo",
        "original": ORIGINAL,
        "model": "compact",
        "model_sha256": MODELS["compact"].weights.sha256,
        "settings": {
            "geometry": {"corners": None, "quarter_turns": 0, "angle": 0.0, "crop": [0.0, 0.0, 1.0, 1.0]},
            "look": {"strength": 1.0, "vividness": 0.0, "warmth": 0.0},
            "hints": [{"x": 0.5, "y": 0.25, "color": "#aa0000", "reach": 0.6, "alike": False}],
            "restoration": to_plain(Restoration()),
            "encoding": {"quality": 95, "subsampling": "4:4:4"},
            "variant": 0,
            "reference": "",
            "caption": "",
            "format": "",
        },
    }


def test_a_recipe_from_before_there_was_a_geometry_is_read() -> None:
    document = json.loads(recipe_of(PhotoSettings(caption="Old")).to_json())
    del document["settings"]["geometry"]
    assert Recipe.from_json(json.dumps(document)).settings_as(PhotoSettings) == PhotoSettings(caption="Old")


def test_in_a_recipe_from_before_hints_could_be_alike_they_are_not() -> None:
    hints = (Hint(0.5, 0.25, "#aa0000"), Stroke(((0.25, 0.5), (0.5, 0.5)), 0.02, (1.5, -20.0), 0.0))
    document = json.loads(recipe_of(PhotoSettings(hints=hints)).to_json())
    for row in document["settings"]["hints"]:
        assert row.pop("alike") is False
    assert Recipe.from_json(json.dumps(document)).settings_as(PhotoSettings).hints == hints


def changed(**changes: Any) -> str:
    return json.dumps({**json.loads(recipe_of(PhotoSettings()).to_json()), **changes})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a recipe as JSON"),
        ("[" * 100_000, "expected a recipe as JSON"),
        ("[1]", "expected a recipe of format 1, got list"),
        ("{}", "expected a recipe of format 1, got None"),
        (changed(recipe=2), "expected a recipe of format 1, got 2"),
        (changed(medium="sound"), "expected recipe.medium to be of type photo or film, got 'sound'"),
        (changed(model=None), "expected recipe.model to be of type str, got None"),
        (changed(secret=1), "expected settings that this version knows in recipe, got 'secret' too"),
        (changed(libraries={"numpy": 2}), "expected recipe.libraries.numpy to be of type str, got 2"),
        ('{"recipe": 1, "medium": "photo"}', "expected original, model, model_sha256, version, libraries, settings"),
        (changed(settings=[]), "expected recipe.settings to be of type Mapping, got list"),
        (changed(settings={"x": float("nan")}), "NaN is no number"),
        (changed(settings={"x": 0.5}).replace("0.5", "-1e999"), "-1e999 is too large a number"),
        (changed().replace("{", '{"model": "compact", ', 1), "'model' is there twice"),
        (changed(settings={"a": 0}).replace('"a": 0', '"a": 0, "a": 0'), "'a' is there twice"),
        (changed(settings={"a": 0}).replace("0}", f"{'[' * 400}{']' * 400}}}"), "nested deeper than 20 times"),
        (changed(original=ORIGINAL.upper()), "expected original to be a SHA-256, 64 lower-case hexadecimal digits"),
        (changed(model_sha256="ab"), "expected model_sha256 to be a SHA-256, 64 lower-case hexadecimal digits"),
        (" " * 5_000_000, "expected a recipe of at most 4 MB, got 5 MB"),
    ],
    ids=range(19),
)
def test_what_is_no_recipe_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidRecipe, match=message.replace("(", r"\(")):
        Recipe.from_json(text)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"look": {"strength": "1"}}, "expected settings.look.strength to be of type float, got '1'"),
        ({"look": {"strength": True}}, "expected settings.look.strength to be of type float, got True"),
        ({"look": {"strength": 3}}, "settings.look: expected a strength from 0 to 2, got 3"),
        ({"look": 1}, "expected settings.look to be of type settings, got 1"),
        ({"hints": [{"x": 0.5, "y": 0.5, "color": [1]}]}, "expected 2 values in settings.hints.0..color, got 1"),
        ({"hints": [{"x": 2.0, "y": 0.5, "color": "#aa0000"}]}, "settings.hints.0.: expected a hint's x"),
        ({"hints": [{"x": 0.5}]}, "expected y, color in settings.hints.0., got none"),
        ({"hints": [{"points": [[0.5, 0.5]], "radius": 0.1}]}, "expected color in settings.hints.0., got none"),
        (
            {"hints": [{"points": [[0.5]], "radius": 0.1, "color": "#aa0000"}]},
            "2 values in settings.hints.0..points.0.",
        ),
        ({"hints": [{"points": [], "radius": 0.1, "color": "#aa0000"}]}, "settings.hints.0.: expected a stroke of 1"),
        (
            {"hints": [{"x": 0.5, "y": 0.5, "color": "#aa0000", "alike": 1}]},
            "expected settings.hints.0..alike to be of type bool, got 1",
        ),
        ({"restoration": {"unfade": 1}}, "expected settings.restoration.unfade to be of type bool, got 1"),
        ({"geometry": {"angle": 50}}, "settings.geometry: expected an angle of -45 to 45 degrees, got 50"),
        ({"geometry": {"corners": [[0, 0], [1, 0], [1, 1]]}}, "expected 4 values in settings.geometry.corners, got 3"),
        ({"geometry": {"quarter_turns": 1.0}}, "expected settings.geometry.quarter_turns to be of type int, got 1.0"),
        ({"magic": 1}, "expected settings that this version knows in settings, got 'magic' too"),
        ({"caption": "漢字"}, "settings: expected a caption of Latin, Greek or Cyrillic letters"),
    ],
)
def test_settings_that_would_not_be_followed_are_refused(section: dict[str, Any], message: str) -> None:
    recipe = Recipe.from_json(changed(settings=section))
    with pytest.raises(InvalidRecipe, match=message):
        recipe.settings_as(PhotoSettings)


def test_differences_are_said_in_words() -> None:
    now = recipe_of(PhotoSettings())
    then = replace(now, version="0.0.1", model_sha256="ab" * 32, libraries={**now.libraries, "numpy": "1.0"})
    texts = list(then.differences(now))
    assert texts[0] == f"made by version 0.0.1 of the program, now {now.version}"
    assert texts[1].startswith("made with the model compact (abababababab...), now compact (")
    assert texts[2] == f"made with numpy 1.0, now {now.libraries['numpy']}"
    assert list(now.differences(now)) == []


@dataclass(frozen=True)
class Sample:
    """A dataclass with every type that settings may have."""

    pair: tuple[int, str]
    many: tuple[float, ...] = ()
    perhaps: int | None = None
    kind: Literal["a", "b"] = "a"
    names: Mapping[str, bool] | None = None


def test_every_type_of_settings() -> None:
    made = Sample((1, "x"), (1.0, 2.5), None, "b", {"y": True})
    assert from_plain(Sample, json.loads(json.dumps(to_plain(made)))) == made
    for wrong in ({}, {"pair": [1]}, {"pair": [1, 2]}, {"pair": [1, "x"], "kind": "c"}, {"pair": [1, "x"], "many": 1}):
        with pytest.raises(InvalidRecipe, match="expected"):
            from_plain(Sample, wrong)
    with pytest.raises(TypeError, match="expected a plain value, got one of type bytes"):
        to_plain({"data": b""})
