from __future__ import annotations

import re

import numpy as np
import pytest
from skimage.color import xyz2lab

from colorizer import Look
from colorizer.edits.look import apply_look, white_ab

# x and y of CIE standard daylight at about the temperatures that the ends of the slider stand for, from the tables of
# CIE 15 (D50) and, above it, the illuminant D75.
D50 = (0.34567, 0.35850)
D75 = (0.29902, 0.31485)


def chromaticity_ab(x: float, y: float) -> np.ndarray:
    """ab of a white with that chromaticity relative to D65, by scikit-image."""
    xyz = np.array([x / y, 1.0, (1 - x - y) / y]).reshape(1, 1, 3)
    return np.asarray(xyz2lab(xyz, illuminant="D65")[0, 0, 1:])


@pytest.mark.parametrize(("kelvin", "white"), [(5003, D50), (7504, D75)])
def test_warmth_follows_the_daylight_of_the_cie(kelvin: float, white: tuple[float, float]) -> None:
    warmth = (1e6 / kelvin - 1e6 / 6504) / 50
    assert np.allclose(white_ab(warmth), chromaticity_ab(*white), atol=0.3)


def test_no_warmth_is_the_white_of_srgb() -> None:
    assert np.allclose(white_ab(0), 0, atol=0.1)


def test_a_neutral_look_changes_nothing() -> None:
    ab = np.random.default_rng(1).normal(0, 20, (4, 5, 2)).astype(np.float32)
    assert apply_look(ab, np.full((4, 5), 50, np.float32), Look(vividness=0.5)) is ab


def test_warmth_shifts_towards_yellow_and_cold_towards_blue_and_black_stays() -> None:
    luminance = np.array([[0, 50, 100]], np.float32)
    for warmth in (-1.0, -0.3, 0.3, 1.0):
        b = apply_look(np.zeros((1, 3, 2), np.float32), luminance, Look(warmth=warmth))[0, :, 1]
        assert b[0] == 0
        assert np.sign(b[1]) == np.sign(b[2]) == np.sign(warmth)
        assert b[1] == pytest.approx(b[2] / 2)


def test_strength_is_a_factor_on_the_warm_colours_too() -> None:
    rng = np.random.default_rng(2)
    ab, luminance = rng.normal(0, 20, (4, 5, 2)).astype(np.float32), rng.uniform(0, 100, (4, 5)).astype(np.float32)
    for warmth in (0.0, 0.7):
        once, twice = (apply_look(ab, luminance, Look(strength=s, warmth=warmth)) for s in (1.0, 2.0))
        np.testing.assert_array_equal(twice, once * 2)
    assert not apply_look(ab, luminance, Look(strength=0, warmth=1)).any()


def test_warmth_follows_a_luminance_that_is_larger_than_the_colours() -> None:
    luminance = np.repeat(np.array([[0, 100]], np.float32), 8, axis=1)
    warm = apply_look(np.zeros((1, 2, 2), np.float32), luminance, Look(warmth=1))
    np.testing.assert_allclose(warm, luminance[..., np.newaxis] / 100 * white_ab(1), rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "low", "high"), [("strength", "0", "2"), ("vividness", "0", "1"), ("warmth", "-1", "1")]
)
@pytest.mark.parametrize("value", [-1.5, 2.5, float("nan")])
def test_a_number_out_of_range_says_what_was_expected(name: str, low: str, high: str, value: float) -> None:
    with pytest.raises(ValueError, match=re.escape(f"expected a {name} from {low} to {high}, got {value:g}")):
        Look(**{name: value})
