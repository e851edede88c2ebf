"""The benchmark of film repair: its damage is seeded and says where it is, and its scores are right."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.film_damage import add_dust, add_scratches
from benchmarks.film_repair import Scores, brightness_flicker, changed, make_clip, psnr, score


@pytest.mark.parametrize("add", [add_dust, add_scratches])
def test_the_masks_say_where_the_damage_is(add: object) -> None:
    clean = make_clip("cat", 6, (320, 240))
    damaged, again = (add(clean, seed=1) for _ in range(2))  # type: ignore[operator]
    assert all((one == other).all() for one, other in zip(damaged.planes, again.planes, strict=True))
    differs = changed(clean, damaged.planes)
    assert any(mask.any() for mask in damaged.masks)
    for mask, other in zip(damaged.masks, differs, strict=True):
        assert not (mask & ~other).any()
    assert psnr(damaged.planes, clean) < 45


def test_scores_and_figures_are_those_of_the_formulas() -> None:
    truth = np.array([[True, True, False, False]])
    found = np.array([[True, False, True, False]])
    assert score([found], [truth]) == Scores(0.5, 0.5)
    assert score([truth], [truth]).f1 == 1
    nothing = np.zeros_like(truth)
    assert score([nothing], [truth]).f1 == 0
    planes = [np.full((4, 4), level, np.uint8) for level in (10, 12, 14, 16)]
    assert brightness_flicker(planes) == 0
    assert psnr(planes, planes) == float("inf")
    assert psnr([planes[0]], [planes[1]]) == pytest.approx(20 * np.log10(255 / 2))
