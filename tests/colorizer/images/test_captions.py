"""Captions of every kind, from file to file, as exiftool reads them."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from colorizer.images import WRITABLE_SUFFIXES, Metadata, Picture, decode, describe_losses, encode
from tests.support.exiftool import exiftool
from tests.support.jpegs import jpeg, photo, segment, with_segments

COMMENT = "Album 3, Seite 12: Großmutter in Łódź\nvon links"
NAMES = "Names on the back of the print. " * 3000
EVERYWHERE = (".jpg", ".png", ".tif")


def read_tags(data: bytes, suffix: str, folder: Path) -> dict[str, Any]:
    path = folder / f"read{suffix}"
    path.write_bytes(data)
    lines: list[dict[str, Any]] = json.loads(exiftool("-j", "-n", "-G1", "-charset", "iptc=UTF8", path))
    assert {key for key in lines[0] if key in ("ExifTool:Warning", "ExifTool:Error")} == set()
    return lines[0]


def write_tags(data: bytes, folder: Path, *tags: str) -> bytes:
    """The JPEG with tags that exiftool wrote."""
    path = folder / "written.jpg"
    path.write_bytes(data)
    exiftool("-m", "-charset", "iptc=UTF8", "-overwrite_original", *tags, path)
    return path.read_bytes()


def losses(picture: Picture, suffix: str) -> list[str]:
    return [sentence.partition(" cannot hold ")[2] for sentence in describe_losses(picture, suffix)]


@pytest.mark.parametrize(
    ("suffix", "tag"), [(".jpg", "File:Comment"), (".png", "PNG:Comment"), (".tif", "IFD0:ImageDescription")]
)
def test_a_comment_is_kept(suffix: str, tag: str, tmp_path: Path) -> None:
    read = decode(write_tags(jpeg(), tmp_path, f"-Comment={COMMENT}"))
    assert read.notes == ()
    assert read.metadata.texts == (("Comment", COMMENT),)
    assert losses(read, suffix) == []
    assert read_tags(encode(read, suffix), suffix, tmp_path)[tag] == COMMENT


@pytest.mark.parametrize("suffix", [suffix for suffix in WRITABLE_SUFFIXES if suffix in (".webp", ".avif", ".bmp")])
def test_a_comment_that_cannot_be_kept_is_named(suffix: str) -> None:
    made = Picture(photo(), metadata=Metadata(iptc=b"\x1c\2\x78\0\1x", texts=(("Comment", "x"),)))
    assert losses(made, suffix) == ["IPTC", "the comment"]
    both = Picture(photo(), metadata=Metadata(texts=(("Comment", "x"), ("Title", "y"), ("Title", "z"))))
    assert losses(both, suffix) == ["the texts Comment, Title"]


@pytest.mark.parametrize("stored", ["Grüße".encode(), "Grüße".encode("latin-1"), "Grüße\0".encode()])
def test_comments_in_either_character_set(stored: bytes) -> None:
    data = with_segments(jpeg(), segment(0xFE, stored), segment(0xFE, b""), segment(0xFE, b"second"))
    assert decode(data).metadata.texts == (("Comment", "Grüße"), ("Comment", "second"))


def test_comments_of_photoshop_for_the_web(tmp_path: Path) -> None:
    read = decode(write_tags(jpeg(), tmp_path, "-Ducky:Comment=Lake", "-Ducky:Copyright=Grandma", "-Ducky:Quality=60"))
    assert set(read.metadata.texts) == {("Comment", "Lake"), ("Copyright", "Grandma")}
    assert read.notes == ()


@pytest.mark.parametrize(
    ("suffix", "tags"),
    [
        (".jpg", {"Comment": "Title: Der See\nAuthor: Łucja"}),
        (".png", {"Title": "Der See", "Author": "Łucja"}),
        (".tif", {"ImageDescription": "Title: Der See\nAuthor: Łucja"}),
    ],
)
def test_texts_with_keywords_are_kept(suffix: str, tags: dict[str, str], tmp_path: Path) -> None:
    texts = (("Title", "Der See"), ("Author", "Łucja"))
    path = tmp_path / f"file{suffix}"
    path.write_bytes(encode(Picture(photo(), metadata=Metadata(texts=texts)), suffix))
    for tag, text in tags.items():
        assert exiftool("-a", "-b", "-sep", "\n", f"-{tag}", path).decode() in (text, text.replace("\n", ""))


def test_pillow_reads_the_texts_of_a_png() -> None:
    made = Picture(photo(), metadata=Metadata(texts=(("Title", "Der See"), ("  odd\t keyword " * 9, "Łucja\0"))))
    with Image.open(io.BytesIO(encode(made, ".png"))) as image:
        assert isinstance(image, PngImagePlugin.PngImageFile)
        (title, odd), names = image.text.values(), list(image.text)
    assert (title, odd) == ("Der See", "Łucja")
    assert names[0] == "Title"
    assert len(names[1]) <= 79
    assert names[1].startswith("odd keyword odd")


def test_texts_too_long_for_jpeg_are_named() -> None:
    made = Picture(photo(), metadata=Metadata(texts=(("Comment", "short"), ("Story", "x" * 65534))))
    assert losses(made, ".jpg") == ["the text Story of 65534 characters"]
    assert decode(encode(made, ".jpg")).metadata.texts == (("Comment", "short"),)


def test_texts_beside_a_description_are_named_for_tiff(tmp_path: Path) -> None:
    read = decode(write_tags(jpeg(), tmp_path, f"-Comment={COMMENT}", "-EXIF:ImageDescription=Lake"))
    assert losses(read, ".tif") == ["the texts Comment beside the description in the EXIF"]
    assert read_tags(encode(read, ".tif"), ".tif", tmp_path)["IFD0:ImageDescription"] == "Lake"


@pytest.mark.parametrize("suffix", EVERYWHERE)
@pytest.mark.parametrize("caption", ["Großmutter, 1932", "odd", "x" * 1999])
def test_iptc_is_kept(caption: str, suffix: str, tmp_path: Path) -> None:
    tags = f"-IPTC:Caption-Abstract={caption}", "-IPTC:Keywords=lake", "-IPTC:Keywords=boat", "-CodedCharacterSet=UTF8"
    read = decode(write_tags(jpeg(), tmp_path, *tags))
    assert read.notes == ()
    assert losses(read, suffix) == []
    found = read_tags(encode(read, suffix), suffix, tmp_path)
    assert found["IPTC:Caption-Abstract"] == caption
    assert found["IPTC:Keywords"] == ["lake", "boat"]


def test_long_iptc_takes_several_segments(tmp_path: Path) -> None:
    data = b"".join(b"\x1c\2\x19" + struct.pack(">H", 40) + b"%040d" % number for number in range(3000))
    made = Picture(photo(), metadata=Metadata(iptc=data))
    written = encode(made, ".jpg")
    assert decode(written).metadata.iptc == data
    assert len(read_tags(written, ".jpg", tmp_path)["IPTC:Keywords"]) == 3000


@pytest.mark.parametrize("suffix", [*EVERYWHERE, ".webp"])
def test_extended_xmp_is_kept(suffix: str, tmp_path: Path) -> None:
    data = write_tags(jpeg(), tmp_path, "-XMP-dc:Title=Lake", f"-XMP-dc:Description={NAMES}", "-XMP-dc:Subject=boat")
    assert data.count(b"http://ns.adobe.com/xmp/extension/\0") == 2
    read = decode(data)
    assert read.notes == ()
    assert read.metadata.xmp is not None
    assert b"HasExtendedXMP" not in read.metadata.xmp
    assert losses(read, suffix) == []
    found = read_tags(encode(read, suffix), suffix, tmp_path)
    assert (found["XMP-dc:Title"], found["XMP-dc:Description"]) == ("Lake", NAMES)
    assert found["XMP-dc:Subject"] == "boat"
    assert ("XMP-xmpNote:HasExtendedXMP" in found) == (suffix == ".jpg")


def test_extended_xmp_is_the_same_after_further_rounds(tmp_path: Path) -> None:
    first = decode(write_tags(jpeg(), tmp_path, f"-XMP-dc:Description={NAMES}", "-XMP-dc:Title=Lake"))
    second = decode(encode(first, ".jpg"))
    third = decode(encode(second, ".jpg"))
    assert second.metadata.xmp == third.metadata.xmp
    assert encode(replace_pixels(second), ".jpg") == encode(replace_pixels(third), ".jpg")


def replace_pixels(picture: Picture) -> Picture:
    return Picture(np.zeros((8, 8), np.uint8), metadata=picture.metadata)


def test_a_missing_part_of_extended_xmp_is_named(tmp_path: Path) -> None:
    data = write_tags(jpeg(), tmp_path, "-XMP-dc:Title=Lake", f"-XMP-dc:Description={NAMES}")
    place = data.rindex(b"http://ns.adobe.com/xmp/extension/\0") - 4
    (length,) = struct.unpack_from(">H", data, place + 2)
    read = decode(data[:place] + data[place + 2 + length :])
    assert read.notes == ("dropped: a part of the XMP, which is damaged or missing",)
    found = read_tags(encode(read, ".jpg"), ".jpg", tmp_path)
    assert found["XMP-dc:Title"] == "Lake"
    assert "XMP-xmpNote:HasExtendedXMP" not in found


@pytest.mark.parametrize("suffix", WRITABLE_SUFFIXES)
def test_no_resolution_stays_none(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(encode(Picture(photo(channels=3)), suffix))
    found = json.loads(
        exiftool("-j", "-n", "-XResolution", "-ResolutionUnit", "-PixelsPerUnitX", "-PixelsPerMeterX", path)
    )[0]
    assert found.get("ResolutionUnit", 0) in (0, 1) or "XResolution" not in found
    assert found.get("XResolution", 1) == 1
    assert found.get("PixelsPerUnitX", 0) == 0
    assert found.get("PixelsPerMeterX", 0) == 0
    assert decode(path.read_bytes()).metadata.dpi is None
