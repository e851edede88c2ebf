"""What kind of file something is."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from colorizer.images.kinds import HEAD_BYTES, READABLE_SUFFIXES, Medium, is_photo, kind_of, read_kind
from colorizer.images.readers import _READERS


@pytest.mark.parametrize(
    ("written", "named"),
    [
        *(("JPEG", "a JPEG"), ("MPO", "a JPEG"), ("PNG", "a PNG"), ("WEBP", "a WebP"), ("TIFF", "a TIFF")),
        *(
            ("BMP", "a BMP"),
            ("DIB", "another kind of"),
            ("AVIF", "an AVIF"),
            ("JPEG2000", "a JPEG 2000"),
            ("GIF", "a GIF"),
        ),
        *(("PDF", "a PDF"), ("EPS", "a PostScript"), ("ICO", "an icon"), ("PCX", "a PCX"), ("PPM", "a PNM")),
        *(("TGA", "another kind of"),),
    ],
)
def test_a_file_that_pillow_wrote(written: str, named: str) -> None:
    buffer = io.BytesIO()
    image = Image.linear_gradient("L").resize((64, 48))
    image.convert("RGB" if written in ("AVIF", "WEBP") else "L").save(buffer, written)
    kind = kind_of(buffer.getvalue())
    assert str(kind) == f"{named} file"
    readable = ("JPEG", "MPO", "PNG", "WEBP", "TIFF", "BMP", "AVIF")
    assert (kind.medium is Medium.PHOTO) == (written in readable)


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"", "an empty file"),
        (b"Dear grandma", "a text file"),
        ("\u00e4".encode() * HEAD_BYTES, "a text file"),
        (b"x" + "\u00e4".encode() * HEAD_BYTES, "a text file"),  # cut within a character
        ("Liebe Gro\u00dfmutter".encode("utf-16"), "a text file"),
        (b"BMW is a car, and this is a letter about it.", "a text file"),
        (bytes(100), "another kind of file"),
        (b"\xfe\xdc" * 50, "another kind of file"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic", "a HEIC file"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "an AVIF file"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "a camera's raw file"),
        (b"II*\0\x10\0\0\0CR\2\0", "a camera's raw file"),
        (b"\0\0\0\x20ftypM4A ", "a sound file"),
        (b"\0\0\0\x20ftypisom", "an MP4 or QuickTime film file"),
        (b"8BPS\0\1", "a Photoshop file"),
        (b"\xff\x0a", "a JPEG XL file"),
        (bytes(128) + b"DICM", "a DICOM file"),
        (b'<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="">', "an SVG file"),
        (b'<?xml version="1.0"?>\n<html>', "a text file"),
    ],
)
def test_signatures(head: bytes, named: str) -> None:
    assert str(kind_of(head)) == named


def test_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr("a.txt", "")
    assert str(read_kind(tmp_path / "a")) == "a ZIP file"
    with tarfile.open(tmp_path / "b", "w:") as tar:
        tar.add(tmp_path / "a")
    assert str(read_kind(tmp_path / "b")) == "a TAR file"


def test_text_without_end_takes_no_time() -> None:
    for piece in (b"<!-- -->", b"<?xml ", b" ", b"\0\0\0\x1cftypmif1"):
        kind_of(piece * HEAD_BYTES)


def test_every_reader_has_a_kind() -> None:
    for offset, signatures, _ in _READERS:
        for signature in signatures:
            endings = {b"ftyp": b"avif", b"RIFF": b"....WEBP", b"BM": bytes(12) + b"\x28\0\0\0"}.get(signature, b"\xe0")
            assert kind_of(bytes(offset) + signature + endings).medium is Medium.PHOTO


def test_a_file_without_a_signature_is_what_its_name_says() -> None:
    assert ".jfif" in READABLE_SUFFIXES
    assert is_photo(kind_of(b"no picture"), "a.JPG")
    assert is_photo(kind_of(b""), "a.jfif")
    assert not is_photo(kind_of(b"no picture"), "a.txt")
    assert not is_photo(kind_of(b"GIF89a"), "a.jpg")
