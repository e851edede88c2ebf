"""The names of results."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

import pytest

from colorizer.images.atomic import whole_file, write_whole
from colorizer.images.kinds import EMPTY, UNKNOWN, Kind, kind_of
from colorizer.images.naming import (
    colorized_name,
    is_leftover,
    is_result_name,
    photo_result_suffix,
    result_names,
    split_ending,
)

JPEG, PNG, TIFF, HEIC = map(kind_of, (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0", b"\0\0\0\x18ftypheic"))


@pytest.mark.parametrize(
    ("name", "stem", "ending"),
    [
        ("a.jpg", "a", ".jpg"),
        ("MOV001.MOD", "MOV001", ".MOD"),
        ("film.m2ts", "film", ".m2ts"),
        ("Picnic 12.5.1931", "Picnic 12.5.1931", ""),
        ("Portrait of J. Smith", "Portrait of J. Smith", ""),
        ("a", "a", ""),
        (".jpg", ".jpg", ""),
    ],
)
def test_what_of_a_name_is_its_ending(name: str, stem: str, ending: str) -> None:
    assert split_ending(name) == (stem, ending)
    assert colorized_name(name) == f"{stem}_colorized{ending}"
    assert is_result_name(colorized_name(name))
    assert not is_result_name(name)


@pytest.mark.parametrize(
    ("name", "kind", "suffix"),
    [
        *(("a.jpg", JPEG, ".jpg"), ("a.JPEG", JPEG, ".JPEG"), ("a.jfif", JPEG, ".jpg"), ("a.jpe", JPEG, ".jpg")),
        *(("a", JPEG, ".jpg"), ("a.png", JPEG, ".jpg"), ("a.jpg", PNG, ".png"), ("a.mp4", JPEG, ".jpg")),
        *(("a.tiff", TIFF, ".tiff"), ("a.dng", TIFF, ".tif"), ("a 12.5.1931", TIFF, ".tif")),
        *(("a.heic", HEIC, ".png"), ("a.jpg", HEIC, ".png"), ("a.jpg", UNKNOWN, ".jpg"), ("a", EMPTY, ".png")),
    ],
)
def test_a_result_has_the_format_of_the_content(name: str, kind: Kind, suffix: str) -> None:
    assert photo_result_suffix(name, kind) == suffix


@pytest.mark.parametrize("character", ["x", "\u00e4", "\u5199", "\U0001f600", "\udce4"])
@pytest.mark.parametrize("suffix", [".jpg", ".tiff"])
def test_a_long_name_fits_a_file_system(character: str, suffix: str, tmp_path: Path) -> None:
    longest = character * (255 // len(os.fsencode(character)) - len(suffix)) + suffix
    name = colorized_name(longest)
    assert name.endswith(f"{character}_colorized{suffix}")
    assert len(os.fsencode(name)) <= 250
    assert len(name.encode("utf-8", "surrogatepass")) >= 235  # no shorter than it must be
    for target in (name, longest):  # the user may ask for a name of 255 bytes
        write_whole(tmp_path / target, b"all of it")
        assert os.listdir(os.fsencode(tmp_path)) == [os.fsencode(target)]  # noqa: PTH208
        (tmp_path / target).unlink()


def test_temporary_names_of_long_names_differ(tmp_path: Path) -> None:
    with whole_file(tmp_path / ("x" * 254 + "1")) as first, whole_file(tmp_path / ("x" * 254 + "2")) as second:
        assert first != second
        for part in (first, second):
            part.touch()


@pytest.mark.parametrize(
    ("names", "results"),
    [
        (["a.jpg", "b.jpg"], ["a!.jpg", "b!.jpg"]),
        (["a.jpg", "a.jpg", "a.jpg"], ["a!.jpg", "a_2!.jpg", "a_3!.jpg"]),
        (["a.jpg", "A.JPG"], ["a!.jpg", "A_2!.JPG"]),
        (["a_2.jpg", "a.jpg", "a.jpg"], ["a_2!.jpg", "a!.jpg", "a_3!.jpg"]),
        (["x/a.jpg", "y/a.jpg"], ["x/a!.jpg", "y/a!.jpg"]),
        (["caf\u00e9.jpg", "cafe\u0301.jpg"], ["caf\u00e9!.jpg", "cafe\u0301_2!.jpg"]),
    ],
)
def test_results_have_names_of_their_own(names: list[str], results: list[str]) -> None:
    named = result_names((path, path.suffix) for path in map(PurePath, names))
    assert [name.as_posix() for name in named] == [result.replace("!", "_colorized") for result in results]


def test_results_of_one_ending_differ() -> None:
    named = result_names([(PurePath(name), ".jpg") for name in ("a.jpg", "a.jfif", "a", "A.JPE")])
    names = ["a_colorized.jpg", "a_2_colorized.jpg", "a_3_colorized.jpg", "A_4_colorized.jpg"]
    assert [name.as_posix() for name in named] == names


def test_long_names_differ_after_they_are_shortened() -> None:
    named = result_names([(PurePath("\u5199" * 84 + f"{number}.jpg"), ".jpg") for number in range(10, 60)])
    assert len(set(named)) == 50
    assert all(len(str(name).encode()) <= 250 for name in named)
    assert all(is_result_name(name.name) for name in named)


def test_thousands_of_one_name_take_no_time() -> None:
    named = result_names([(PurePath("a.jpg"), ".jpg")] * 10_000)
    assert len(set(named)) == 10_000
    assert named[-1] == PurePath("a_10000_colorized.jpg")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            ("Thumbs.db", True),
            (".DS_Store", True),
            ("._a.jpg", True),
            ("__MACOSX/a.jpg", True),
            ("x/desktop.ini", True),
        ),
        *(("a.jpg", False), ("x/a.jpg", False), ("thumbs.jpg", False)),
    ],
)
def test_what_systems_leave_in_folders(name: str, expected: bool) -> None:
    assert is_leftover(PurePath(name)) is expected
