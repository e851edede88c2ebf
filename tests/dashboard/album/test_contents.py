"""What an album takes of the uploaded files."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from colorizer import InvalidArchive
from colorizer.errors import Problem
from dashboard.album.contents import Limits
from tests.support.albums import LIMITS, make_album, make_zip, photo, uploads


def test_files_and_zip_files_make_one_album(tmp_path: Path) -> None:
    inside = make_zip({"b.png": photo((20, 10)), "c.png": b"no photo"})
    album = make_album(tmp_path, ("../a.png", photo()), ("more.ZIP", inside))
    assert [str(entry.names[0]) for entry in album.entries] == ["a.png", "b.png", "c.png"]
    assert [entry.read() for entry in album.entries] == [photo(), photo((20, 10)), b"no photo"]
    assert not album.left_out


def test_a_folder_keeps_its_subfolders_without_what_systems_left_there(tmp_path: Path) -> None:
    files = [("box/1932/a.png", photo()), ("box/.DS_Store", b"\0"), ("box/__MACOSX/._a.png", b""), ("box/b.png", b"x")]
    album = make_album(tmp_path, *files)
    assert [entry.names for entry in album.entries] == [
        (PurePosixPath("box/1932/a.png"),),
        (PurePosixPath("box/b.png"),),
    ]
    assert not album.left_out


def test_what_is_no_photograph_is_left_out_by_name(tmp_path: Path) -> None:
    inside = make_zip({"a.png": photo(), "letter.txt": b"Dear grandma"})
    album = make_album(tmp_path, ("box.zip", inside), ("torn.zip", b"PK\x03\x04"))
    assert [entry.name for entry in album.entries] == ["a.png"]
    (letter, why), (torn, damage) = album.left_out
    assert (letter, torn) == ("letter.txt", "torn.zip")
    assert "got a text file" in str(why)
    assert "expected a complete ZIP file" in str(damage)


@pytest.mark.parametrize(
    ("limits", "message", "problem"),
    [
        (Limits(2, 10**6, 10**4), "at most 2 photographs, got 3", Problem.TOO_MANY),
        (Limits(5, 1000, 10**4), r"at most 1 kB, got \d+ kB", Problem.TOO_LARGE),
    ],
)
def test_an_album_beyond_the_limits(limits: Limits, message: str, problem: Problem, tmp_path: Path) -> None:
    files = [("a.png", photo()), ("b.png", photo() + bytes(1000)), ("box.zip", make_zip({"c.png": photo((2, 2))}))]
    with pytest.raises(InvalidArchive, match=f"expected an album of {message}") as raised:
        make_album(tmp_path, *files, limits=limits)
    assert raised.value.problem is problem


def test_identical_files_are_one_entry_wherever_they_are(tmp_path: Path) -> None:
    inside = make_zip({"x/a.png": photo(), "b.png": photo((20, 10)), "copy.png": photo()})
    album = make_album(tmp_path, ("a.png", photo()), ("box.zip", inside))
    first, other = album.entries
    assert [str(name) for name in first.names] == ["a.png", "x/a.png", "copy.png"]
    assert [str(name) for name in first.results] == ["a_colorized.png", "x/a_colorized.png", "copy_colorized.png"]
    assert [str(name) for name in other.names] == ["b.png"]


def test_files_of_one_size_that_differ_are_two_entries(tmp_path: Path) -> None:
    data = bytearray(photo(kind="BMP"))
    other = bytes(data[:-1]) + bytes([data[-1] ^ 1])
    assert len(make_album(tmp_path, ("a.bmp", bytes(data)), ("b.bmp", other)).entries) == 2


def test_copies_count_to_the_limits(tmp_path: Path) -> None:
    with pytest.raises(InvalidArchive, match="at most 5 photographs, got 6"):
        make_album(tmp_path, *[("a.png", photo())] * 6)


def test_an_upload_is_read_once(tmp_path: Path) -> None:
    files = uploads(tmp_path, [("a.png", photo()), ("box.zip", make_zip({"b.png": photo((20, 10))}))])
    album = make_album(tmp_path)
    album.update(files, LIMITS)
    for upload in files.values():
        upload.path.write_bytes(b"")  # would be left out, if it were read again
    added = uploads(tmp_path, [("x", b"")] * 2 + [("c.png", photo((30, 10)))])
    album.update({**files, **{key: upload for key, upload in added.items() if upload.name == "c.png"}}, LIMITS)
    assert [entry.name for entry in album.entries] == ["a.png", "b.png", "c.png"]
    assert not album.left_out
