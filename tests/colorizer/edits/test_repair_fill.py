"""Repair changes the damaged places alone, to the bit; masks come back from their texts."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image
from skimage import data
from skimage.restoration import inpaint_biharmonic

from colorizer import InvalidSetting, Restoration
from colorizer.arrays import Mask, Pixels
from colorizer.edits.inpainting import inpaint
from colorizer.edits.repair_mask import KEEP, edit_mask, mask_from_picture, mask_from_text, mask_to_text
from colorizer.edits.restoration import find_repairs, restore
from colorizer.edits.strokes import Stroke

every_depth = pytest.mark.parametrize("dtype", [np.uint8, np.uint16], ids=["uint8", "uint16"])
MASKS = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40))


def photograph(dtype: type[np.uint8 | np.uint16], channels: int) -> Pixels:
    pixels = data.astronaut()[:300, 60:460]
    pixels = np.ascontiguousarray(pixels if channels == 3 else pixels[..., 1])
    return pixels if dtype is np.uint8 else pixels.astype(np.uint16) * 257


def scratched(pixels: Pixels) -> tuple[Pixels, Mask]:
    drawn = np.zeros(pixels.shape[:2], np.uint8)
    cv2.line(drawn, (40, 10), (70, 290), 1, 2)
    cv2.circle(drawn, (90, 50), 2, 1, -1)
    made = pixels.copy()
    made[drawn > 0] = np.iinfo(pixels.dtype).max
    return made, drawn > 0


@every_depth
@pytest.mark.parametrize("channels", [1, 3])
def test_only_the_mask_changes(dtype: type[np.uint8 | np.uint16], channels: int) -> None:
    pixels = photograph(dtype, channels)
    damaged, mask = scratched(pixels)
    before = damaged.copy()
    result = restore(damaged, Restoration(mask=mask_to_text(mask)))
    assert np.array_equal(damaged, before)
    assert (result.dtype, result.shape) == (pixels.dtype, pixels.shape)
    assert np.array_equal(result[~mask], damaged[~mask])
    scale = np.iinfo(dtype).max
    errors = [np.square((each.astype(float) - pixels) / scale)[mask].mean() for each in (damaged, result)]
    assert errors[1] < errors[0] / 5


@every_depth
@pytest.mark.parametrize("channels", [1, 3])
def test_only_what_is_found_changes(dtype: type[np.uint8 | np.uint16], channels: int) -> None:
    damaged, mask = scratched(photograph(dtype, channels))
    restoration = Restoration(scratches=True, dust=True)
    found = find_repairs(damaged, restoration)
    result = restore(damaged, restoration)
    assert np.array_equal(result[~found], damaged[~found])
    assert (found & mask).sum() > 0.7 * mask.sum()
    assert np.array_equal(restore(damaged, Restoration(mask=mask_to_text(found))), result)


def test_strokes_are_filled() -> None:
    damaged, mask = scratched(photograph(np.uint8, 1))
    height, width = mask.shape
    strokes = (
        Stroke(((40.5 / width, 10.5 / height), (70.5 / width, 290.5 / height)), 2.5 / width, "#ff0000"),
        Stroke(((90.5 / width, 50.5 / height),), 4 / width, "#ff0000", 0),
    )
    painted = edit_mask(np.zeros(mask.shape, np.bool_), strokes)
    assert not (mask & ~painted).any()
    assert painted.sum() < 3 * mask.sum()
    result = restore(damaged, Restoration(strokes=strokes))
    assert np.array_equal(result, inpaint(damaged, painted))


def test_what_is_kept_is_not_filled() -> None:
    damaged, mask = scratched(photograph(np.uint8, 1))
    height, width = mask.shape
    half = np.zeros(mask.shape, np.bool_)
    half[:150] = True
    found = find_repairs(damaged, Restoration(scratches=True))
    restoration = Restoration(scratches=True, mask=mask_to_text(mask), kept=mask_to_text(half))
    chosen = find_repairs(damaged, restoration)
    assert np.array_equal(chosen, (found | mask) & ~half)
    assert np.array_equal(restore(damaged, restoration), inpaint(damaged, chosen))
    strokes = tuple(Stroke(((0.3, y),), 20 / width, color) for y, color in ((0.4, "#ff0000"), (0.6, KEEP)))
    chosen = find_repairs(damaged, replace(restoration, strokes=strokes))
    assert chosen[round(0.4 * height), round(0.3 * width)]  # the stroke comes after what is kept
    assert not chosen[round(0.6 * height), round(0.3 * width)]
    assert np.array_equal(restore(damaged, replace(restoration, strokes=strokes)), inpaint(damaged, chosen))


@given(MASKS, st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.booleans()), max_size=6))
def test_what_is_filled_and_what_is_kept_are_painted_alike(mask: Mask, places: list[tuple[float, float, bool]]) -> None:
    before = mask.copy()
    edited, mirrored = (
        edit_mask(
            each, [Stroke(((x, y),), 0.2, "#ffffff" if is_filled == flag else KEEP) for x, y, is_filled in places]
        )
        for each, flag in ((mask, True), (~mask, False))
    )
    assert np.array_equal(mask, before)
    assert np.array_equal(edited, ~mirrored)


@every_depth
def test_grey_as_three_channels_is_filled_as_grey(dtype: type[np.uint8 | np.uint16]) -> None:
    damaged, mask = scratched(photograph(dtype, 1))
    result = inpaint(np.repeat(damaged[..., np.newaxis], 3, axis=2), mask)
    assert np.array_equal(result, np.repeat(inpaint(damaged, mask)[..., np.newaxis], 3, axis=2))


def test_the_fill_is_near_that_of_scikit_image() -> None:
    pixels = photograph(np.uint8, 1)
    damaged, mask = scratched(pixels)
    errors = [
        np.square(255 * filled[mask] - pixels[mask]).mean()
        for filled in (inpaint(damaged, mask) / 255, inpaint_biharmonic(damaged / 255, mask))
    ]
    assert errors[0] < 2.5 * errors[1]


def test_an_empty_mask_and_a_whole_one_change_nothing() -> None:
    pixels = photograph(np.uint8, 3)
    for value in (False, True):
        assert inpaint(pixels, np.full(pixels.shape[:2], value)) is pixels
    assert restore(pixels, Restoration(mask=mask_to_text(np.zeros(pixels.shape[:2], np.bool_)))) is pixels


@settings(max_examples=60, deadline=None)
@given(MASKS)
def test_a_mask_comes_back_from_its_text(mask: Mask) -> None:
    text = mask_to_text(mask)
    assert np.array_equal(mask_from_text(text, (mask.shape[0], mask.shape[1])), mask)
    assert mask_to_text(mask.copy()) == text
    with Image.open(io.BytesIO(base64.b64decode(text))) as image:
        assert image.mode in ("1", "L")
        assert np.array_equal(np.asarray(image.convert("L")) > 0, mask)


@settings(max_examples=30, deadline=None)
@given(MASKS, st.integers(2, 5))
def test_a_smaller_mask_fits_the_picture(mask: Mask, times: int) -> None:
    large = np.repeat(np.repeat(mask, times, axis=0), times, axis=1)
    assert np.array_equal(mask_from_text(mask_to_text(mask), (large.shape[0], large.shape[1])), large)


@every_depth
def test_a_mask_is_where_a_picture_is_light(dtype: type[np.uint8 | np.uint16]) -> None:
    levels = np.array([[0, 60, 255]])
    drawn: Pixels = (levels if dtype is np.uint8 else 257 * levels).astype(dtype)
    assert mask_from_picture(drawn).tolist() == [[False, False, True]]
    assert mask_from_picture(np.dstack([drawn, drawn, drawn])).tolist() == [[False, False, True]]
    assert mask_from_picture(np.full_like(drawn, drawn.max()), drawn).tolist() == [[False, False, True]]


def test_a_mask_of_other_proportions_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="expected a mask with the proportions of 400 x 300, got 200 x 250"):
        restore(photograph(np.uint8, 1), Restoration(mask=mask_to_text(np.ones((250, 200), np.bool_))))


def huge() -> str:
    data_ = bytearray(base64.b64decode(mask_to_text(np.ones((2, 2), np.bool_))))
    data_[16:24] = b"\x7f\xff\xff\xff" * 2
    return base64.b64encode(bytes(data_)).decode()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no mask!", "expected a mask in Base64"),
        (base64.b64encode(b"GIF89a" * 9).decode(), "expected a mask as PNG"),
        (huge(), "expected a mask of 1 to"),
        ("A" * 2_000_004, "expected a mask of at most"),
    ],
    ids=["text", "GIF", "huge", "long"],
)
def test_what_is_no_mask_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        Restoration(mask=text)


def test_a_damaged_mask_is_refused() -> None:
    whole = base64.b64decode(mask_to_text(np.ones((9, 9), np.bool_)))
    broken = Restoration(mask=base64.b64encode(whole[:33]).decode())
    with pytest.raises(InvalidSetting, match="expected a mask as PNG, got a damaged one"):
        restore(np.zeros((9, 9), np.uint8), broken)
