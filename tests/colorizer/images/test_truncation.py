"""Files that break off are told from files that are damaged elsewhere; the files are made by Pillow and others."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from colorizer import ImageTooLarge, InvalidImage, images
from colorizer.errors import Problem
from colorizer.images.truncation import ends_early
from tests.support.malformed import sound_files

FILES = sound_files()
SOUND = {name: FILES[name] for name in ("a.jpg", "progressive.jpg", "a.png", "a.webp", "a.tif", "a.bmp", "a.heic")}

every_file = pytest.mark.parametrize("name", SOUND)


def problem_of(data: bytes) -> Problem:
    with pytest.raises(InvalidImage) as raised:
        images.decode(data)
    return raised.value.problem


@every_file
def test_a_whole_file_does_not_break_off(name: str) -> None:
    assert not ends_early(SOUND[name])


@every_file
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_copy_that_broke_off_is_told(name: str, share: float) -> None:
    data = SOUND[name]
    assert ends_early(data[: int(share * len(data))])


@every_file
def test_what_follows_a_whole_file_is_not_missing(name: str) -> None:
    if name != "a.heic":  # there it would begin a box
        assert not ends_early(SOUND[name] + b"\0 more")


@given(st.sampled_from(sorted(SOUND)), st.integers(0, 2000), st.binary(max_size=40))
def test_any_bytes_can_be_asked_about(name: str, place: int, inserted: bytes) -> None:
    data = SOUND[name]
    assert ends_early(data[:place] + inserted + data[place:]) in (True, False)


def test_damage_in_the_middle_is_no_missing_end() -> None:
    png = bytearray(SOUND["a.png"])
    middle = png.index(b"IDAT") + 40
    png[middle : middle + 200] = bytes(200)
    assert problem_of(bytes(png)) is Problem.DAMAGED


def _bilevel_float() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((4, 4), np.float32)).save(buffer, "TIFF")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: b"", Problem.EMPTY),
        (lambda: b"Dear grandma, here is the photo", Problem.OTHER_KIND),
        (lambda: b"%PDF-1.7 and so on", Problem.OTHER_KIND),
        (lambda: SOUND["a.jpg"][:300], Problem.TRUNCATED),
        (lambda: SOUND["a.png"][:-300], Problem.TRUNCATED),
        (_bilevel_float, Problem.UNSUPPORTED),
    ],
)
def test_the_kind_of_problem_is_in_the_error(make: Callable[[], bytes], problem: Problem) -> None:
    assert problem_of(make()) is problem


def test_a_picture_above_the_limit_is_too_large() -> None:
    with pytest.raises(ImageTooLarge) as raised:
        images.decode(SOUND["a.png"], max_pixels=10)
    assert raised.value.problem is Problem.TOO_LARGE


def test_a_bmp_says_its_length() -> None:
    data = SOUND["a.bmp"]
    assert struct.unpack_from("<I", data, 2)[0] == len(data)
