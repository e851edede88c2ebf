"""Names in ZIP files, as programs of other systems write them."""

from __future__ import annotations

import io
import struct
import subprocess
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from dashboard.album.archive import list_members
from dashboard.album.zip_names import decode_names
from tests.support.find_tools import find_tool

WINDOWS, UNIX = 0, 3  # the system that made a ZIP file, as its entries say


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (4, 3), 90).save(buffer, "PNG")
    return buffer.getvalue()


def make_zip(
    path: Path, names: list[bytes], *, system: int = WINDOWS, flags: int = 0, extras: dict[bytes, bytes] | None = None
) -> Path:
    """A ZIP file of pictures whose names are these bytes. Python's own writer has only ASCII and flagged UTF-8."""
    data, size = picture(), len(picture())
    body, directory = b"", b""
    for name in names:
        extra = (extras or {}).get(name, b"")
        fields = struct.pack("<5H3L2H", 20, flags, 0, 0, 0x21, zlib.crc32(data), size, size, len(name), len(extra))
        entry = struct.pack("<4s2B", b"PK\x01\x02", 20, system) + fields + struct.pack("<3H2L", 0, 0, 0, 0, len(body))
        directory += entry + name + extra
        body += b"PK\x03\x04" + fields + name + extra + data
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(names), len(names), len(directory), len(body), 0)
    path.write_bytes(body + directory + end)
    return path


def unicode_path(shown: str, raw: bytes) -> bytes:
    content = struct.pack("<BL", 1, zlib.crc32(raw)) + shown.encode()
    return struct.pack("<HH", 0x7075, len(content)) + content


def decoded(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return decode_names(archive.infolist())


def shown_by_unzip(path: Path) -> list[bytes]:
    command = [str(find_tool("unzip")), "-Z1", str(path)]
    return subprocess.run(command, capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}).stdout.splitlines()


MAC = ["Großmutter am See.jpg", "Mu\u0308ller 1931.jpg", "日本 1950.jpg"]


@pytest.mark.parametrize(("system", "flags"), [(UNIX, 0), (UNIX, 0x800), (WINDOWS, 0x800)])
def test_utf8_with_and_without_the_flag(system: int, flags: int, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", [name.encode() for name in MAC], system=system, flags=flags)
    assert decoded(path) == MAC
    if system == UNIX:  # unzip overlooks the flag in files of other systems
        assert shown_by_unzip(path) == [name.encode() for name in MAC]


def test_the_field_of_info_zip(tmp_path: Path) -> None:
    renamed = b"renamed.png"
    raws = [b"M\x81ller.png", b"?? 1.png", renamed]
    extras = {raws[0]: unicode_path("Müller.png", raws[0]), raws[1]: unicode_path("日本 1.png", raws[1])}
    extras[raws[1]] = struct.pack("<HH4s", 0x6578, 4, b"else") + extras[raws[1]]
    extras[renamed] = unicode_path("before.png", b"before.png")  # of the name before, which the checksum tells
    path = make_zip(tmp_path / "a.zip", raws, extras=extras)
    assert decoded(path) == ["Müller.png", "日本 1.png", "renamed.png"]
    assert [name.decode() for name in shown_by_unzip(path)] == decoded(path)


@pytest.mark.parametrize("extra", [b"", b"up", struct.pack("<HH", 0x7075, 0)])
def test_a_damaged_field(extra: bytes, tmp_path: Path) -> None:
    assert decoded(make_zip(tmp_path / "a.zip", [b"a.png"], extras={b"a.png": extra})) == ["a.png"]


NAMES = {
    "cp932": [
        "写真 表.jpg",
        "ソ連 1.jpg",
        "家族旅行/十月の予定.png",
        "表.jpg",
        "構造.jpg",
        "東京.jpg",
        "おばあちゃん 昭和30年.jpg",
    ],
    "euc_jp": ["おばあちゃん.jpg", "写真 表.jpg"],
    "gbk": ["照片.jpg", "全家福 1952.jpg", "北京的爷爷/誕生.jpg", "张三.jpg", "上海外滩.jpg"],
    "big5": ["照片.jpg", "全家福.jpg", "台北 許功蓋.jpg", "媽媽的照片.jpg"],
    "euc_kr": ["사진.jpg", "가족여행 1.jpg", "할머니.jpg", "제주도 바다.jpg"],
    "cp866": ["Фото.jpg", "Бабушка 1941.jpg", "Москва/Кремль.jpg", "ФОТО 1.JPG", "ёлка.jpg"],
    "cp1251": ["Фото.jpg", "Бабушка 1941.jpg"],
    "koi8_r": ["Фото.jpg", "Бабушка 1941.jpg"],
    "cp437": [
        "Müller 1931.jpg",
        "Großmutter.jpg",
        "Café.jpg",
        "Größe.jpg",
        "España niño.jpg",
        "MÜLLER.JPG",
        "Ångström.jpg",
    ],
    "cp850": ["São Paulo.jpg", "Smørrebrød.jpg"],
    "latin-1": ["Müller 1931.jpg", "Großmutter.jpg", "Café.jpg", "São Paulo.jpg", "Smørrebrød.jpg", "MÜLLER.JPG"],
    "cp852": ["zdjęcie.jpg", "Łódź.jpg"],
    "cp737": ["Γιαγιά.jpg", "φωτογραφία.jpg"],
}


@pytest.mark.parametrize("encoding", NAMES)
def test_names_without_a_word_on_their_encoding(encoding: str, tmp_path: Path) -> None:
    names = NAMES[encoding]
    for group in (names, *([name] for name in names)):
        raw = [name.encode(encoding) for name in group]
        path = make_zip(tmp_path / "a.zip", raw, system=UNIX)
        assert shown_by_unzip(path) == raw  # unzip shows a Unix name as it is, and cannot know the encoding either
        assert decoded(path) == group
        assert [str(member.name) for member in list_members(path)] == group


def test_the_separators_of_windows_programs(tmp_path: Path) -> None:
    raw = ["写真\\表\\ソ連.png".encode("cp932"), b"album\\1932\\", b"album\\1932\\a.png"]
    members = list_members(make_zip(tmp_path / "a.zip", raw))
    assert [str(member.name) for member in members] == ["写真/表/ソ連.png", "album/1932/a.png"]
    assert all(member.read() == picture() for member in members)


def test_every_byte_is_some_name(tmp_path: Path) -> None:
    raw = [bytes([byte]) * 3 + b".png" for byte in range(1, 256) if byte not in b"./\\"]
    members = list_members(make_zip(tmp_path / "a.zip", raw))
    assert len(members) == len(raw)
    assert not any(member.refusal for member in members)
    assert members[-1].read() == picture()


def test_long_names_without_end_take_no_time(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", [bytes([0x8E, 0xCA]) * 30_000 + b"%d" % number for number in range(50)])
    start = time.monotonic()
    assert len(decoded(path)) == 50
    assert time.monotonic() - start < 10
