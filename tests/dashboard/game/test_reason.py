"""The words on how two versions of a picture differ."""

from __future__ import annotations

import numpy as np
import pytest

from colorizer import images
from colorizer.arrays import Pixels
from colorizer.color.merge import merge
from colorizer.images import EncodeOptions, Picture
from dashboard.game.pairs import Pair
from dashboard.game.reason import compare_chroma, explain_difference, find_part

GRAY: Pixels = np.full((90, 120), 120, np.uint8)


def pair_of(real: tuple[float, float], ours: tuple[float, float], *, only: tuple[slice, slice] | None = None) -> Pair:
    """Grey pictures with one colour (a, b) each; ours has its own in the part `only`, else everywhere."""
    files = []
    for color, base in ((real, real), (ours, ours if only is None else real)):
        ab = np.full((*GRAY.shape, 2), base, np.float32)
        if only is not None:
            ab[only] = color
        options = EncodeOptions(quality=95, subsampling="4:4:4")
        files.append(images.encode(Picture(merge(GRAY, ab)), ".jpg", options))
    return Pair("made", files[0], files[1], 120, 90)


@pytest.mark.parametrize(
    ("real", "ours", "words"),
    [
        ((30, 20), (29, 21), "nearly the same colours"),
        ((30, 20), (10, 7), "paler"),
        ((20, 10), (40, 30), "stronger"),
        ((30, 20), (-30, 20), "other colours"),
    ],
)
def test_what_differs_is_named(real: tuple[float, float], ours: tuple[float, float], words: str) -> None:
    assert words in explain_difference(pair_of(real, ours))


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ((slice(0, 30), slice(0, 40)), "at the top left."),
        ((slice(30, 60), slice(40, 80)), "in the middle."),
        ((slice(60, 90), slice(80, 120)), "at the bottom right."),
    ],
)
def test_where_it_differs_is_named(part: tuple[slice, slice], words: str) -> None:
    assert explain_difference(pair_of((40, 30), (-60, -50), only=part)).endswith(f"They differ most {words}")


@pytest.mark.parametrize("shape", [(1, 1), (1, 60), (60, 1), (2, 2)])
def test_the_smallest_pictures_have_a_part(shape: tuple[int, int]) -> None:
    assert 0 <= find_part(np.ones(shape, np.float32)) < 9


def test_two_grey_versions_differ_in_no_chroma() -> None:
    none = np.zeros((3, 3, 2), np.float32)
    assert compare_chroma(none, none) == "other"
