"""Untrusted ZIP files."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from PIL import Image

from colorizer import images
from colorizer.errors import InvalidArchive, InvalidImage
from colorizer.images.naming import photo_result_suffix
from dashboard.album.archive import list_members, safe_name

SECONDS = 10  # seconds; the limit for each file


def picture(size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(buffer, "PNG")
    return buffer.getvalue()


def make_zip(path: Path, files: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def names(path: Path) -> list[str]:
    return [str(member.name) for member in list_members(path)]


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_pictures_come_out_as_they_went_in(compression: int, tmp_path: Path) -> None:
    files = {"a.png": picture(), "1932/\u00e4.PNG": picture((20, 10))}
    members = list_members(make_zip(tmp_path / "a.zip", files, compression=compression))
    assert {str(member.name): member.read() for member in members} == files


def test_what_a_system_left_there_is_left_out(tmp_path: Path) -> None:
    files = {
        "__MACOSX/._a.png": b"",
        "._a.png": b"",
        ".DS_Store": b"",
        "x/Thumbs.db": b"",
        "desktop.ini": b"",
        "x/": b"",
    }
    assert names(make_zip(tmp_path / "a.zip", {**files, "a.png": picture()})) == ["a.png"]


def test_what_is_no_picture_is_refused_alone(tmp_path: Path) -> None:
    more = make_zip(tmp_path / "more.zip", {"b.png": picture()}).read_bytes()
    films = {"film.xyz": b"\0\0\1\xba" + bytes(60), "film.jpg": b"\x1a\x45\xdf\xa3" + bytes(60)}
    files = {"letter.txt": b"Dear", "more.zip": more, "README": b"", "scan.jp2": b"\0\0\0\x0cjP  \r\n\x87\n", **films}
    path = make_zip(tmp_path / "a.zip", {**files, "a.png": picture()})
    members = {str(member.name): member for member in list_members(path)}
    assert "got a text file" in str(members["letter.txt"].refusal)
    assert "got an archive in it" in str(members["more.zip"].refusal)
    assert "got an empty file" in str(members["README"].refusal)
    assert "got a JPEG 2000 file" in str(members["scan.jp2"].refusal)
    assert "got an MPEG film file, which the Film tab colours" in str(members["film.xyz"].refusal)
    assert "got a Matroska or WebM film file" in str(members["film.jpg"].refusal)
    assert members["a.png"].refusal is None
    with pytest.raises(InvalidArchive, match="got a text file"):
        members["letter.txt"].read()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", ["a.jfif", "a.jpe", "a", "a.txt", "Picnic 12.5.1931", "a.jpg"])
def test_a_picture_is_one_under_any_name(name: str, compression: int, tmp_path: Path) -> None:
    (member,) = list_members(make_zip(tmp_path / "a.zip", {name: picture()}, compression=compression))
    assert (member.refusal, member.read()) == (None, picture())
    assert photo_result_suffix(member.name.name, member.kind) == ".png"


def test_a_picture_whose_beginning_is_damaged_is_left_to_fail(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.png": picture()})
    data = bytearray(path.read_bytes())
    data[36:50] = bytes(14)
    path.write_bytes(data)
    (member,) = list_members(path)
    assert member.refusal is None
    with pytest.raises(InvalidArchive):
        member.read()


def test_a_member_with_a_password_is_refused_alone(tmp_path: Path) -> None:
    data = bytearray(make_zip(tmp_path / "a.zip", {"a.png": picture(), "b.png": picture()}).read_bytes())
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(signature) + flags] |= 1  # of the first member
    (tmp_path / "a.zip").write_bytes(data)
    first, second = list_members(tmp_path / "a.zip")
    assert "protected by a password" in str(first.refusal)
    assert second.read() == picture()


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_unpacks_without_bound_is_refused(compression: int, tmp_path: Path) -> None:
    (member,) = list_members(make_zip(tmp_path / "a.zip", {"a.png": picture()}, compression=compression))
    assert "got one compressed by another method" in str(member.refusal)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.jpg", "a.jpg"),
        ("1932/summer/a.jpg", "1932/summer/a.jpg"),
        ("../../etc/passwd.jpg", "etc/passwd.jpg"),
        ("/etc/a.jpg", "etc/a.jpg"),
        ("..\\..\\a.jpg", "a.jpg"),
        ("C:\\Windows\\a.jpg", "C_/Windows/a.jpg"),
        ("x/./../y/a.jpg", "x/y/a.jpg"),
        ("a\x00\n\u202egpj.exe.jpg", "a___gpj.exe.jpg"),
        ('a:"*?.jpg', "a____.jpg"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("x" * 300 + ".jpg", "x" * 251 + ".jpg"),
        ("\u5199" * 300 + ".jpg", "\u5199" * 83 + ".jpg"),
        ("x" * 70_000, "x" * 255),
        ("x" * 300 + "/" + "y" * 300 + ". 5", "x" * 255 + "/" + "y" * 255),
    ],
)
def test_a_name_stays_below_its_folder(name: str, safe: str) -> None:
    assert safe_name(name) == PurePosixPath(safe)


def test_a_bomb_is_refused_by_its_size_before_it_is_unpacked(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"bomb.png": bytes(20_000_000), "a.png": picture()})
    bomb, photo = list_members(path, max_pixels=1_000_000)
    assert str(bomb.refusal) == "expected a picture of at most 9 MB, got 20 MB unpacked"
    assert photo.refusal is None
    with pytest.raises(InvalidArchive, match="at most 10 MB in a ZIP file, got 20 MB"):
        list_members(path, max_bytes=10_000_000)


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_further(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"bomb.png": bytes(20_000_000)})
    data = bytearray(path.read_bytes())
    for signature, size in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", data, data.index(signature) + size, 1000)
    path.write_bytes(data)
    (member,) = list_members(path)
    assert member.size == 1000
    with pytest.raises(InvalidArchive):
        member.read()


def test_too_many_pictures(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {f"{number}.png": b"" for number in range(11)})
    with pytest.raises(InvalidArchive, match="at most 10 pictures, got 11"):
        list_members(path, max_files=10)
    assert len(list_members(path, max_files=11)) == 11


def test_ten_thousand_and_more_members(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {f"{number}.txt": b"" for number in range(10_001)})
    with pytest.raises(InvalidArchive, match="at most 10000 entries, got 10001"):
        list_members(path)


def test_a_list_of_contents_without_end(tmp_path: Path) -> None:
    entry = (
        struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, *[0] * 4, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0) + b"a.png"
    )
    directory = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 0, 0)
    (tmp_path / "a.zip").write_bytes(directory + end)
    with pytest.raises(InvalidArchive, match="its directory has 10 MB"):
        list_members(tmp_path / "a.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_two(tmp_path: Path) -> None:
    files = [picture((20, 10)), picture((30, 10))]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for data in files:
            archive.writestr("a.png", data)
    assert [member.read() for member in list_members(tmp_path / "a.zip")] == files


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"no archive", picture()], ids=["empty", "cut", "text", "picture"]
)
def test_what_is_no_zip_file(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InvalidArchive, match="expected a complete ZIP file"):
        list_members(tmp_path / "a.zip")


def _damage_bytes(data: bytes, random: np.random.Generator) -> bytes:
    """Damage a file at random: truncate it, flip bits, or duplicate, remove or overwrite a piece."""
    damaged = bytearray(data)
    start, length = int(random.integers(len(data))), int(random.integers(1, 200))
    kind = random.integers(5)
    if kind == 0:
        return bytes(damaged[:start])
    if kind == 1:
        for place in random.integers(len(data), size=random.integers(1, 30)):
            damaged[place] ^= 1 << int(random.integers(8))
    elif kind == 2:
        damaged[start:start] = damaged[start : start + length]
    elif kind == 3:
        del damaged[start : start + length]
    else:
        damaged[start : start + length] = random.bytes(length)
    return bytes(damaged)


def _complaints(path: Path) -> list[str]:
    """The errors for a ZIP file and its pictures; empty if all can be read."""
    try:
        members = list_members(path)
    except InvalidArchive as error:
        return [str(error)]
    said = []
    for member in members:
        assert ".." not in member.name.parts
        try:
            images.decode(member.read())
        except (InvalidArchive, InvalidImage) as error:
            said.append(str(error))
    return said


@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize("seed", range(100))
def test_damaged_zip_files_are_read_or_refused(seed: int, tmp_path: Path) -> None:
    random = np.random.default_rng(seed)
    files = {f"../{number}/\u00e9.png": picture((30, 20 + number)) for number in range(4)} | {"letter.txt": b"Dear"}
    path = make_zip(tmp_path / "a.zip", files, compression=int(random.choice([0, 8, 12, 14])))
    path.write_bytes(_damage_bytes(path.read_bytes(), random))
    assert all(message.startswith("expected ") for message in _complaints(path))
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]
