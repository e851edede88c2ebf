"""Captions: below the picture, never over it, and readable."""

from __future__ import annotations

import numpy as np
import pytest

from colorizer import InvalidImage, InvalidSetting
from colorizer.images import Metadata, Picture, decode, encode
from colorizer.images.caption import add_caption, check_caption
from tests.colorizer.images.test_geometry import REGIONS
from tests.colorizer.images.test_nothing_lost import exif

TEXT = "Colours added by a program"


def gray(height: int, width: int, dtype: type = np.uint8) -> Picture:
    return Picture(np.full((height, width), np.iinfo(dtype).max // 3, dtype))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(("height", "width"), [(300, 400), (1500, 300), (90, 2000), (200, 120)])
def test_the_picture_stays_and_a_border_of_text_is_below(height: int, width: int, channels: int, dtype: type) -> None:
    shape = (height, width, channels) if channels > 1 else (height, width)
    picture = Picture.from_array(np.full(shape, np.iinfo(dtype).max // 3, dtype))
    made = add_caption(picture, TEXT)
    pixels, border = made.to_array(), made.pixels[height:]
    np.testing.assert_array_equal(pixels[:height], picture.to_array())
    assert pixels.dtype == dtype
    top = np.iinfo(dtype).max
    assert border.max() == top
    assert border.min() < 0.2 * top
    assert (border[[0, -1]] == top).all()
    assert (border[:, [0, -1]] == top).all()  # no letter is cut off
    if made.alpha is not None:
        assert (made.alpha[height:] == top).all()
    assert len(border) <= max(height, width) * 0.5


def test_letters_grow_with_the_picture_and_lines_break() -> None:
    heights = [add_caption(gray(side * 3 // 4, side), TEXT).height - side * 3 // 4 for side in (400, 4000)]
    assert 8 < heights[1] / heights[0] < 12
    one, two = (add_caption(gray(1200, width), TEXT).height - 1200 for width in (1200, 350))
    assert two > 1.3 * one


def test_no_caption_no_border() -> None:
    picture = gray(30, 40)
    assert add_caption(picture, "") is picture
    assert add_caption(picture, " \n") is picture


@pytest.mark.parametrize("text", ["Größe, Łódź, ș, Ÿ \N{EN DASH} «Paris» 12 €", "Ελλάδα Москва Київ", TEXT])
def test_letters_of_three_scripts(text: str) -> None:
    check_caption(text)
    letters = [add_caption(gray(30, 90), each).pixels[30:] for each in dict.fromkeys(text) if not each.isspace()]
    assert len({each.tobytes() for each in letters}) == len(letters)  # no sign stands for several


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("東京", "expected a caption of Latin, Greek or Cyrillic letters, the font's own, got 東京"),
        ("a\N{HEBREW LETTER ALEF}b", "got \N{HEBREW LETTER ALEF}"),
        ("bell\x07", r"got \\x07"),
        ("x" * 301, "expected a caption of at most 300 characters, got 301"),
    ],
)
def test_what_cannot_be_drawn_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        check_caption(text)


def test_a_picture_that_is_too_narrow() -> None:
    with pytest.raises(
        InvalidImage, match="expected a picture wide enough for the words of the caption, got one of 20"
    ):
        add_caption(gray(30, 20), TEXT)


def test_exif_has_the_new_size() -> None:
    made = add_caption(Picture(gray(300, 400).pixels, None, Metadata(exif=exif().tobytes()[6:])), TEXT)
    back = decode(encode(made, ".jpg")).metadata.exif
    assert made.metadata.exif == back


def test_regions_are_dropped_with_a_note_because_their_places_change() -> None:
    made = add_caption(Picture(gray(300, 400).pixels, None, Metadata(xmp=REGIONS)), TEXT)
    assert b"Tom" not in (made.metadata.xmp or b"")
    assert b"a cat" in (made.metadata.xmp or b"")
    assert [note.partition(":")[0] for note in made.notes] == ["dropped"]
