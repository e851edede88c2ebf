"""One run of the network gives colours for any number of looks, hints and crops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from skimage import data
from skimage.color import rgb2lab

from colorizer import MODELS, Colorizer, Hint, Look, Restoration, Stroke, load_colorizer
from colorizer.analysis import MEMORY_COLORS, SUGGESTIONS, suggest_colors
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.color.guided_filter import refine
from colorizer.color.lab import lab_to_hex
from colorizer.color.merge import merge
from colorizer.edits.hints import AnyHint
from colorizer.edits.look import white_ab
from colorizer.network import places
from colorizer.network.predictor import Predictor
from colorizer.network.zhang2016 import color_points
from colorizer.picture import Picture
from tests.conftest import THIN

RED = "#c02020"


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return load_colorizer("compact")


@pytest.fixture(scope="module")
def photograph() -> Pixels:
    return np.asarray(data.astronaut(), np.uint8)


def add_frame(pixels: Pixels, margin: int) -> Pixels:
    return np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), constant_values=245)


def test_the_colours_are_the_refined_prediction(colorizer: Colorizer, photograph: Pixels) -> None:
    analysis = colorizer.analyze(photograph)
    assert np.array_equal(analysis.luminance, lab.luminance(photograph))
    for vividness in (0.0, 0.6):
        expected = refine(analysis.prediction.ab_at(vividness), analysis.luminance)
        assert np.array_equal(analysis.ab(Look(vividness=vividness)), expected)


def test_colorize_merges_the_colours_of_the_analysis(colorizer: Colorizer, photograph: Pixels) -> None:
    hints = [Hint(0.3, 0.8, RED)]
    look = Look(strength=1.3, vividness=0.4, warmth=-0.5)
    analysis = colorizer.analyze(photograph)
    expected = merge(photograph, analysis.ab(replace(look, strength=1.0), hints) * np.float32(1.3))
    found = colorizer.colorize(photograph, strength=1.3, vividness=0.4, warmth=-0.5, hints=hints)
    assert np.array_equal(found, expected)
    assert np.array_equal(analysis.colorize(look, hints), expected)


def test_a_hint_changes_its_region_and_leaves_the_rest(colorizer: Colorizer, photograph: Pixels) -> None:
    hint = Hint(0.3, 0.85, RED)  # the suit
    before, after = (colorizer.colorize(photograph, hints=hints) for hints in ([], [hint]))
    row, column = int(0.85 * 512), int(0.3 * 512)
    assert np.allclose(lab.rgb_to_lab(after)[row, column, 1:], hint.ab, atol=8)
    assert np.abs(after[:60].astype(int) - before[:60]).max() <= 1


def test_warmth_moves_all_colours_one_way(colorizer: Colorizer, photograph: Pixels) -> None:
    analysis = colorizer.analyze(photograph, distribution=False)
    shift = analysis.ab(Look(warmth=1.0)) - analysis.ab()
    assert np.allclose(shift, analysis.luminance[..., np.newaxis] / 100 * white_ab(1), atol=1e-3)


def test_strength_0_is_grey_whatever_else_is_set(colorizer: Colorizer, photograph: Pixels) -> None:
    gray = colorizer.colorize(photograph, strength=0, warmth=1, hints=[Hint(0.5, 0.5, RED)])
    assert np.ptp(gray, axis=2).max() == 0


def test_a_border_is_kept_from_the_network_and_stays_grey(colorizer: Colorizer, photograph: Pixels) -> None:
    margin = 60
    picture = add_frame(photograph, margin)
    inside = np.s_[margin:-margin, margin:-margin]
    with_border, without = (
        colorizer.colorize(picture, restoration=Restoration(crop_border=crop)).astype(np.int32)
        for crop in (False, True)
    )
    assert without.shape == picture.shape
    alone = colorizer.colorize(photograph).astype(np.int32)
    assert np.abs(without[inside] - alone).mean() < 0.5 * np.abs(with_border[inside] - alone).mean()
    assert np.ptp(without[: margin - 8], axis=2).max() <= 2
    assert np.array_equal(
        colorizer.colorize(photograph), colorizer.colorize(photograph, restoration=Restoration(crop_border=True))
    ), "a picture without a border changed"


def test_a_long_thin_picture_is_shown_to_the_network_whole(colorizer: Colorizer, photograph: Pixels) -> None:
    strip = np.ascontiguousarray(np.tile(photograph[200:260], (1, 12, 1)))
    analysis = colorizer.analyze(strip)
    assert analysis.luminance.shape == (5, 512)
    assert np.array_equal(analysis.prediction.ab, colorizer.predict(strip).ab)


def test_care_and_depth_go_together(colorizer: Colorizer, photograph: Pixels) -> None:
    restoration = Restoration(unfade=True, levels=True)
    eight = colorizer.colorize(photograph, restoration=restoration)
    sixteen = colorizer.colorize(photograph.astype(np.uint16) * 257, restoration=restoration)
    assert sixteen.dtype == np.uint16
    assert np.abs(sixteen / 257 - eight).mean() < 1


def test_a_setting_out_of_range_is_refused(colorizer: Colorizer, photograph: Pixels) -> None:
    with pytest.raises(ValueError, match="expected a warmth from -1 to 1, got 3"):
        colorizer.colorize(photograph, warmth=3)


def lab_of(color: str) -> np.ndarray:
    rgb = np.array([int(color[start : start + 2], 16) for start in (1, 3, 5)], np.uint8)
    return np.asarray(rgb2lab(rgb.reshape(1, 1, 3))[0, 0])


def test_every_colour_has_its_own_name_and_the_lightness_of_the_point(colorizer: Colorizer, photograph: Pixels) -> None:
    analysis = colorizer.analyze(photograph)
    swatches = suggest_colors(analysis, 0.3, 0.85)
    assert len({swatch.name for swatch in swatches}) == len(swatches) == SUGGESTIONS + len(MEMORY_COLORS)
    light = analysis.luminance[int(0.85 * 512), int(0.3 * 512)]
    for swatch in swatches:
        assert re.fullmatch("#[0-9a-f]{6}", swatch.color)
        assert lab_of(swatch.color)[0] == pytest.approx(light, abs=8)  # colours outside the sRGB gamut are clipped


def test_the_first_is_what_the_network_thinks_likeliest(colorizer: Colorizer, photograph: Pixels) -> None:
    analysis = colorizer.analyze(photograph)
    logits = analysis.prediction.logits
    assert logits is not None
    height, width = logits.shape[1:]
    likeliest = color_points()[logits[:, int(0.85 * height), int(0.3 * width)].argmax()]
    light = float(analysis.luminance[int(0.85 * 512), int(0.3 * 512)])
    assert suggest_colors(analysis, 0.3, 0.85)[0].color == lab_to_hex(light, *likeliest.tolist())


def test_without_the_distribution_the_everyday_colours_remain(colorizer: Colorizer, photograph: Pixels) -> None:
    analysis = colorizer.analyze(photograph, distribution=False)
    assert [swatch.name for swatch in suggest_colors(analysis, 1, 1)] == list(MEMORY_COLORS)


def test_on_a_border_hidden_from_the_network_the_everyday_colours_remain(
    colorizer: Colorizer, photograph: Pixels
) -> None:
    picture = add_frame(photograph, 60)
    analysis = colorizer.analyze(picture, restoration=Restoration(crop_border=True))
    assert [swatch.name for swatch in suggest_colors(analysis, 0.01, 0.5)] == list(MEMORY_COLORS)
    assert len(suggest_colors(analysis, 0.5, 0.5)) == SUGGESTIONS + len(MEMORY_COLORS)


def test_the_uncertainty_covers_what_the_network_saw(colorizer: Colorizer, photograph: Pixels) -> None:
    picture = add_frame(photograph, 60)
    analysis = colorizer.analyze(picture, restoration=Restoration(crop_border=True))
    assert analysis.uncertainty.shape == analysis.luminance.shape
    inside = analysis.uncertainty[analysis.part]
    assert 0 < inside.min() < inside.max() < 1
    assert analysis.uncertainty.sum() == pytest.approx(inside.sum(), rel=1e-4)
    overlay = analysis.uncertainty_overlay()
    assert overlay.shape == picture.shape
    assert overlay.dtype == np.uint8


def test_the_shares_of_the_likely_colours_are_probabilities(colorizer: Colorizer, photograph: Pixels) -> None:
    swatches = suggest_colors(colorizer.analyze(photograph), 0.3, 0.85)
    shares = [swatch.share for swatch in swatches if swatch.share is not None]
    assert len(shares) == SUGGESTIONS
    assert min(shares) > 0
    assert 0.3 < sum(shares) <= 1 + 1e-5


def test_a_reference_and_a_variant_go_with_a_look_and_hints(colorizer: Colorizer, photograph: Pixels) -> None:
    reference = colorizer.make_reference(np.ascontiguousarray(photograph[:, ::-1]))
    hint = Hint(0.3, 0.85, RED)
    look = Look(vividness=0.5, strength=0.8)
    plain, guided = (colorizer.analyze(photograph, reference=each) for each in (None, reference))
    assert np.abs(guided.ab() - plain.ab()).mean() > 1
    for analysis in (guided, guided.variant(1)):
        hinted = analysis.ab(look, [hint])
        assert np.allclose(hinted[int(0.85 * 512), int(0.3 * 512)], 0.8 * np.array(hint.ab), atol=4)
        assert not np.allclose(hinted, plain.ab(look, [hint]), atol=1)


def two_of(photograph: Pixels) -> Pixels:
    """A photograph and itself once more, beside it, behind a dark bar."""
    half = np.ascontiguousarray(photograph[::2, ::2])
    bar = np.zeros((len(half), 24, 3), np.uint8)
    return np.ascontiguousarray(np.hstack([half, bar, half]))


def test_an_alike_hint_colours_the_same_thing_elsewhere(colorizer: Colorizer, photograph: Pixels) -> None:
    picture = two_of(photograph)
    analysis = colorizer.analyze(picture, distribution=False)
    hint = Hint(0.3 * 256 / 536, 0.85, RED, 1)  # the suit
    far = (int(0.85 * analysis.luminance.shape[0]), int((0.3 * 256 + 280) / 536 * analysis.luminance.shape[1]))
    plain, alike = (analysis.ab(None, [each])[far] for each in (hint, replace(hint, alike=True)))
    before = analysis.ab()[far]
    assert np.allclose(plain, before, atol=1)
    assert np.hypot(*(alike - hint.ab)) < 0.8 * np.hypot(*(before - hint.ab))


def test_places_are_not_looked_at_before_a_hint_is_alike(
    colorizer: Colorizer, photograph: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise AssertionError("expected nobody to ask for the networks")

    monkeypatch.setattr(places, "_load_affinity", refuse)
    analysis = colorizer.analyze(photograph)
    hint = Hint(0.3, 0.85, RED)
    analysis.ab(None, [hint, Stroke(((0.1, 0.1), (0.2, 0.1)), 0.02, RED)])
    analysis.variant(1).ab(Look(vividness=0.5), [hint])
    with pytest.raises(AssertionError, match="ask for the networks"):
        analysis.ab(None, [replace(hint, alike=True)])


def test_an_analysis_and_those_made_of_it_look_at_places_once(
    colorizer: Colorizer, photograph: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    affinity = places._load_affinity()

    class Counted:
        def describe(self, layers: Sequence[Floats]) -> Floats:
            calls.append(len(layers))
            return affinity.describe(layers)

    monkeypatch.setattr(places, "_load_affinity", Counted)
    analysis = colorizer.analyze(photograph)
    small = replace(analysis, picture=Picture(np.ascontiguousarray(photograph[::4, ::4])))
    hint = Hint(0.3, 0.85, RED, alike=True)
    large_ab, small_ab = (each.ab(None, [hint]) for each in (analysis, small))
    analysis.with_shift(np.ones((4, 4, 2), np.float32)).ab(None, [hint])
    analysis.variant(2).ab(None, [hint])
    assert np.array_equal(large_ab, small_ab)
    assert small.colorize(None, [hint]).shape == (128, 128, 3)
    assert calls == [6]


def test_without_places_an_alike_hint_is_as_any_other(colorizer: Colorizer, photograph: Pixels) -> None:
    analysis = replace(colorizer.analyze(photograph), places=None)
    hint = Hint(0.3, 0.85, RED)
    assert np.array_equal(analysis.ab(None, [replace(hint, alike=True)]), analysis.ab(None, [hint]))


def test_on_a_border_hidden_from_the_network_an_alike_hint_is_as_any_other(
    colorizer: Colorizer, photograph: Pixels
) -> None:
    analysis = colorizer.analyze(add_frame(photograph, 60), restoration=Restoration(crop_border=True))
    on_border, inside = Hint(0.02, 0.5, RED), Hint(0.4, 0.75, RED)
    for hint, is_same in ((on_border, True), (inside, False)):
        plain, alike = (analysis.ab(None, [each]) for each in (hint, replace(hint, alike=True)))
        assert np.array_equal(plain, alike) == is_same
    changed = analysis.ab(None, [replace(inside, alike=True, reach=1)]) - analysis.ab()
    border = np.ones(analysis.luminance.shape, bool)
    rows, columns = (slice(part.start - 8, part.stop + 8) for part in analysis.part)
    border[rows, columns] = False
    assert border.any()
    assert np.abs(changed[border]).max() < 1


def test_any_model_takes_alike_hints(photograph: Pixels, thin_caffemodel: Path) -> None:
    thin = Colorizer(Predictor(MODELS["zhang2016"], thin_caffemodel, divisor=THIN))
    hint = Hint(0.3, 0.85, RED, alike=True)
    before, after = (thin.analyze(photograph).ab(None, hints) for hints in ([], [hint]))
    assert np.allclose(after[int(0.85 * 512), int(0.3 * 512)], hint.ab, atol=8)
    assert np.isfinite(after).all()
    assert not np.array_equal(before, after)


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 500, 3), (500, 2), (40, 30, 4)])
def test_very_small_pictures_take_alike_hints(colorizer: Colorizer, shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(6).integers(60, 200, shape, np.uint8)
    hints: list[AnyHint] = [Hint(0, 0, RED, alike=True), Stroke(((0.5, 0.5), (1, 1)), 0.05, "#2020c0", alike=True)]
    colored = colorizer.colorize(picture, hints=hints)
    assert colored.shape[:2] == shape[:2]
    assert colored.dtype == np.uint8
    red, _, blue = colored[-1, -1, :3].astype(int)
    assert blue > red
