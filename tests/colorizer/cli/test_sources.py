"""Finding the files to colour, and telling by their content what they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from colorizer.cli.sources import Source, find_sources, is_pattern, named_source
from colorizer.images.kinds import Medium
from tests.support.films import make_film


@pytest.fixture
def shoebox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `box` with photos, other files and folders, in the working folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("b.JPG", "a.jpg", "notes.txt", "._a.jpg", "a_colorized.jpg", "x/c.tif", "x/y/a.jpg", ".thumbs/t.jpg"):
        path = tmp_path / "box" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "box"


def paths(sources: Sequence[Source]) -> list[str]:
    return [source.path.as_posix() for source in sources]


def test_a_folder_is_its_photos_in_order(shoebox: Path) -> None:
    findings = find_sources([str(shoebox)])
    sources = findings.sources
    assert [source.path for source in sources] == [shoebox / "a.jpg", shoebox / "b.JPG"]
    assert not findings.wrong


def test_recursive_keeps_the_folders(shoebox: Path) -> None:
    findings = find_sources([str(shoebox)], recursive=True)
    sources = findings.sources
    assert [source.name.as_posix() for source in sources] == ["a.jpg", "b.JPG", "x/c.tif", "x/y/a.jpg"]
    assert [shoebox / source.name for source in sources] == [source.path for source in sources]
    assert not findings.wrong


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("box/*.jpg", ["box/a.jpg", "box/a_colorized.jpg"]),
        ("box/?.[Jj]*", ["box/a.jpg", "box/b.JPG"]),
        ("box/**/*.tif", ["box/x/c.tif"]),
        ("b*", ["box/a.jpg", "box/b.JPG"]),
        ("box/n*", ["box/notes.txt"]),
    ],
)
@pytest.mark.usefixtures("shoebox")
def test_a_pattern_is_what_a_shell_would_make_of_it(pattern: str, matches: list[str]) -> None:
    findings = find_sources([pattern])
    assert paths(findings.sources) == matches
    assert not findings.wrong


def test_a_file_whose_name_looks_like_a_pattern(shoebox: Path) -> None:
    photo = shoebox / "print[1].jpg"
    photo.touch()
    assert not is_pattern(str(photo))
    assert paths(find_sources([str(photo)]).sources) == [photo.as_posix()]


@pytest.mark.usefixtures("shoebox")
def test_a_file_that_is_found_twice_is_done_once() -> None:
    assert paths(find_sources(["box/b.JPG", "box", "box/../box/*.JPG"]).sources) == ["box/b.JPG", "box/a.jpg"]


@pytest.mark.usefixtures("shoebox")
def test_a_file_that_is_not_there_is_left_to_fail() -> None:
    findings = find_sources(["nowhere.jpg", "nowhere.mkv", "nowhere"])
    assert [source.medium for source in findings.sources] == [Medium.PHOTO, Medium.FILM, Medium.PHOTO]
    assert not findings.wrong


@pytest.mark.parametrize("name", ["*.bmp", "box/x/y/z"])
def test_a_name_behind_which_there_is_nothing_is_reported(name: str, shoebox: Path) -> None:
    (shoebox / "x" / "y" / "z").mkdir()
    findings = find_sources([name, "box/a.jpg"])
    assert paths(findings.sources) == ["box/a.jpg"]
    assert findings.wrong == {name: "expected photos or films, found none"}


def test_a_folder_that_cannot_be_read_is_reported(shoebox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def locked(folder: str) -> object:
        if Path(folder) == shoebox / "x":
            raise PermissionError(13, "Permission denied", folder)
        return real(folder)

    monkeypatch.setattr(os, "scandir", locked)
    findings = find_sources([str(shoebox)], recursive=True)
    sources = findings.sources
    assert [source.name.as_posix() for source in sources] == ["a.jpg", "b.JPG"]
    (message,) = findings.wrong.values()
    assert list(findings.wrong) == [str(shoebox / "x")]
    assert "Permission denied" in message


def photo(path: Path, kind: str) -> Path:
    Image.linear_gradient("L").resize((40, 30)).save(path, kind)
    return path


def test_a_folder_is_sorted_by_content(tmp_path: Path) -> None:
    for name, kind in (
        *(
            ("a.jfif", "JPEG"),
            ("b.jpe", "JPEG"),
            ("c", "PNG"),
            ("d.png", "JPEG"),
            ("e 1931", "TIFF"),
            ("f.dat", "WEBP"),
        ),
        *(
            ("g.gif", "GIF"),
            ("h.jp2", "JPEG2000"),
            ("i.pdf", "PDF"),
            ("j.jpg", "GIF"),
            ("k.tga", "TGA"),
            ("l.ppm", "PPM"),
        ),
    ):
        photo(tmp_path / name, kind)
    (tmp_path / "m.txt").write_text("Dear grandma")
    (tmp_path / "n.psd").write_bytes(b"8BPS\0\1" + bytes(40))
    (tmp_path / "o").write_bytes(b"\xfe\xdc" * 50)
    (tmp_path / "p").touch()
    (tmp_path / "q.jpg").symlink_to(tmp_path / "nowhere")
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store", "r_colorized.jpg", "r_colorized.jpg.part"):
        (tmp_path / name).write_text(name)
    findings = find_sources([str(tmp_path)])
    results = {source.name.as_posix(): source.result_suffix for source in findings.sources}
    assert results == {
        "a.jfif": ".jpg",
        "b.jpe": ".jpg",
        "c": ".png",
        "d.png": ".jpg",
        "e 1931": ".tif",
        "f.dat": ".webp",
    }
    assert [source.is_guess for source in findings.sources] == [False, False, True, False, True, True]
    assert {
        Path(name).name: reason.removesuffix(", which cannot be read") for name, reason in findings.left_out.items()
    } == {
        "g.gif": "a GIF file",
        "h.jp2": "a JPEG 2000 file",
        "i.pdf": "a PDF file",
        "j.jpg": "a GIF file",
        "k.tga": "another kind of file",
        "l.ppm": "a PNM file",
        "m.txt": "a text file",
        "n.psd": "a Photoshop file",
        "o": "another kind of file",
        "p": "an empty file",
        "q.jpg": "a link to nothing, or a device",
    }
    assert not findings.wrong


# Containers by the name that FFmpeg knows them by; the file's own name tells nothing. The last ones have no signature.
@pytest.mark.parametrize(
    ("container", "codec"),
    [
        *(
            ("mp4", "mpeg4"),
            ("mov", "mjpeg"),
            ("avi", "mpeg4"),
            ("matroska", "mpeg4"),
            ("webm", "libvpx"),
            ("asf", "wmv2"),
        ),
        *(
            ("mpeg", "mpeg1video"),
            ("vob", "mpeg2video"),
            ("mpegts", "mpeg2video"),
            ("flv", "flv"),
            ("ogg", "libtheora"),
        ),
        *(
            ("mxf", "mpeg2video"),
            ("mpeg2video", "mpeg2video"),
            ("h264", "libx264"),
            ("ivf", "libvpx"),
            ("nut", "mpeg4"),
        ),
    ],
)
def test_a_film_is_one_under_any_name(container: str, codec: str, tmp_path: Path) -> None:
    made = make_film(tmp_path / "film", "-an", "-c:v", codec, "-pix_fmt", "yuv420p", "-f", container, seconds=1)
    for name in ("film.xyz", "film.jpg.bak", "film.MOD"):
        path = made.rename(tmp_path / name)
        assert named_source(path).medium is Medium.FILM
        (source,) = find_sources([str(tmp_path)]).sources
        assert (source.medium, source.result_suffix) == (Medium.FILM, ".mp4")
        made = path


@pytest.mark.parametrize("container", ["mp3", "wav", "flac", "ogg", "adts", "aiff"])
def test_sound_is_no_film(container: str, tmp_path: Path) -> None:
    codec = {"ogg": ["-c:a", "libvorbis"]}.get(container, [])
    make_film(tmp_path / "sound", "-vn", *codec, "-f", container, seconds=1)
    findings = find_sources([str(tmp_path)])
    assert list(findings.left_out.values()) == ["a sound file, which cannot be read"]


def test_a_film_with_a_photos_name_is_a_film_and_a_photo_with_a_films_a_photo(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", "-an", seconds=1).rename(tmp_path / "film.jpg")
    assert named_source(film).medium is Medium.FILM
    assert named_source(photo(tmp_path / "photo.mov", "PNG")).medium is Medium.PHOTO
