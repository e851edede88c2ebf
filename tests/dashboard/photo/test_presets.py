"""The presets of the Photo tab and their thumbnails."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import scipy.sparse.linalg
from PIL import Image
from scipy.sparse.linalg import splu

from colorizer import Geometry, Look, Restoration, load_colorizer
from colorizer.analysis import Analysis
from colorizer.edits.restoration import WHOLE
from colorizer.images import Picture
from dashboard.components.hints import Hints
from dashboard.navigation import OpenPhoto
from dashboard.photo.answers import small_answer
from dashboard.photo.photo import Photo
from dashboard.photo.presets import PRESETS, THUMBNAIL_SIDE, draw_answers, draw_presets, find_preset, shrink_analysis
from dashboard.photo.rendering import Preparation
from tests.support.made_photographs import photo


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return load_colorizer("compact").analyze_picture(Picture(photo(600, 900, seed=4)))


def read(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def chroma(picture: Image.Image) -> float:
    return float(np.ptp(np.asarray(picture.convert("RGB")).astype(np.int16), axis=-1).mean())


def test_a_look_is_the_preset_that_has_it_and_no_other() -> None:
    assert [find_preset(preset.look) for preset in PRESETS] == list(range(len(PRESETS)))
    assert find_preset(Look(strength=1.05)) is None
    assert find_preset(Look(warmth=PRESETS[1].look.warmth + 1e-9)) == 1  # as a slider's steps may round it


def test_presets_can_be_set_with_the_sliders() -> None:
    values = [value for preset in PRESETS for value in vars(preset.look).values()]
    assert all(value * 20 == pytest.approx(round(value * 20)) for value in values)  # steps of 0.05


def test_thumbnails_are_small_and_show_what_each_preset_does(analysis: Analysis) -> None:
    natural, warm, bold, gentle = map(read, draw_presets(analysis))
    assert natural.size == (THUMBNAIL_SIDE, round(THUMBNAIL_SIDE * 600 / 900))
    assert chroma(gentle) < chroma(natural) < chroma(bold)
    red_over_blue = [
        float(np.asarray(each)[..., 0].mean()) - np.asarray(each)[..., 2].mean() for each in (warm, natural)
    ]
    assert red_over_blue[0] > red_over_blue[1] + 5


def test_a_thumbnail_has_the_colours_of_the_picture(analysis: Analysis) -> None:
    full = Image.fromarray(analysis.colorize()).resize((60, 40), Image.Resampling.BOX)
    small = read(draw_presets(analysis)[0]).resize((60, 40), Image.Resampling.BOX)
    assert np.abs(np.asarray(full, np.float64) - np.asarray(small)).mean() < 3


@pytest.mark.parametrize("side", [THUMBNAIL_SIDE, 24])
def test_a_border_stays_grey_in_the_thumbnail(side: int) -> None:
    scan = np.full((460, 640), 245, np.uint8)
    scan[60:400, 60:580] = photo(340, 520, seed=5)[..., 0]
    bordered = load_colorizer("compact").analyze_picture(Picture(scan), restoration=Restoration(crop_border=True))
    assert bordered.part != WHOLE
    small = shrink_analysis(bordered, side)
    rows, columns = small.part
    assert 0 < rows.start < rows.stop <= small.luminance.shape[0]
    assert 0 < columns.start < columns.stop <= small.luminance.shape[1]
    assert not small.ab()[0].any()


def test_a_thumbnail_is_not_shrunk_again(analysis: Analysis) -> None:
    small = shrink_analysis(analysis)
    assert shrink_analysis(small) is small


def test_all_thumbnails_share_what_is_solved_for_the_photograph(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    solver = Mock(wraps=splu)
    monkeypatch.setattr(scipy.sparse.linalg, "splu", solver)
    shown = Preparation("compact", Restoration(), Geometry())
    prepared: Any = {shown: SimpleNamespace(analysis=analysis)}
    photo = Photo(OpenPhoto("a", "a.jpg", bytes), b"", Geometry(), Hints(), prepared=prepared, shown=shown)
    for look in (Look(), Look(warmth=0.5)):
        answers = [small_answer(photo, number) for number in range(3)]
        thumbnails = draw_answers([each for each in answers if each is not None], look)
        assert len(set(thumbnails)) == 3
    assert solver.call_count == 1


def test_each_answer_has_a_thumbnail(analysis: Analysis) -> None:
    answers = [analysis, *analysis.variants(2)]
    thumbnails = draw_answers(answers, Look())
    assert len(set(thumbnails)) == 3
    assert thumbnails[0] == draw_presets(analysis)[0]
