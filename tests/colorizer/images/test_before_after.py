"""The picture with both sides in one: what is left, what is right, and what its file says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colorizer import MODELS
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.images import Metadata, Picture, decode
from colorizer.images.before_after import before_after_picture, put_side_by_side
from colorizer.recipe import ALGORITHMICALLY_ENHANCED, PhotoSettings, encode_result
from tests.colorizer.images.test_captions import read_tags

COMMENT = Metadata(texts=(("Comment", "Tante Ida"),), dpi=(300.0, 300.0))


def noise(*shape: int, dtype: type[np.unsignedinteger] = np.uint8) -> Pixels:
    return np.random.default_rng(7).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


@pytest.mark.parametrize("before_dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("after_dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [(), (3,)], ids=["grey", "colour"])
def test_left_is_grey_and_right_in_colour(
    before_dtype: type[np.unsignedinteger], after_dtype: type[np.unsignedinteger], channels: tuple[int, ...]
) -> None:
    before = Picture(noise(60, 80, *channels, dtype=before_dtype), notes=("not taken",))
    after = Picture(noise(60, 80, 3, dtype=after_dtype), metadata=COMMENT, notes=("kept",))
    both = before_after_picture(before, after)
    assert (both.pixels.dtype.type, both.metadata, both.notes) == (after_dtype, COMMENT, ("kept",))
    left, right = both.pixels[:, :36], both.pixels[:, 44:]
    assert np.array_equal(right, after.pixels[:, 44:])
    assert np.array_equal(left, np.dstack([left[..., 0]] * 3))
    # Half a step of 8 bits is up to 0.26 units of L.
    assert np.abs(lab.luminance(left) - lab.luminance(before.pixels[:, :36])).max() < 0.27
    middle = both.pixels[:, 38:42]
    assert middle.max() == np.iinfo(after_dtype).max
    assert np.ptp(middle, axis=0).max() == 0, "expected a straight line"


def test_the_line_is_opaque_and_the_rest_as_transparent_as_it_was() -> None:
    alpha = np.zeros((60, 80), np.uint8)
    both = before_after_picture(Picture(noise(60, 80)), Picture(noise(60, 80, 3), alpha))
    assert both.alpha is not None
    assert set(np.flatnonzero(both.alpha[0])) == {38, 39, 40, 41}
    assert not alpha.any(), "the given picture was changed"


def test_pictures_of_two_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="expected two pictures of one size, got 5 x 4 and 4 x 5 pixels"):
        before_after_picture(Picture(noise(4, 5)), Picture(noise(5, 4, 3)))


@settings(max_examples=30, deadline=None)
@given(width=st.integers(1, 50), height=st.integers(1, 50), share=st.floats(0, 1))
def test_any_size_and_any_place_of_the_line(width: int, height: int, share: float) -> None:
    black, red = np.zeros((height, width, 3), np.uint8), np.full((height, width, 3), (255, 0, 0), np.uint8)
    divider = round(share * width)
    both = put_side_by_side(black, red, divider)
    assert both.shape == black.shape
    assert not both[:, : max(0, divider - 3)].any()
    assert (both[:, divider + 3 :] == (255, 0, 0)).all()
    if divider in (0, width):
        assert np.array_equal(both, red if divider == 0 else black)


def test_the_file_says_that_a_program_made_the_colours(tmp_path: Path) -> None:
    both = before_after_picture(Picture(noise(60, 80)), Picture(noise(60, 80, 3), metadata=COMMENT))
    data = encode_result(both, b"the original", MODELS["compact"], PhotoSettings(), ".jpg").data
    tags = read_tags(data, ".jpg", tmp_path)
    assert tags["XMP-iptcExt:DigitalSourceType"] == ALGORITHMICALLY_ENHANCED
    assert tags["File:Comment"] == "Tante Ida"
    assert decode(data).pixels.shape == (60, 80, 3)
