"""What the tags of a TIFF say besides the picture: kept, or named."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from colorizer.images import EncodeOptions, decode, encode, icc
from colorizer.images.photoshop import make_resource
from tests.support.exiftool import exiftool, read_tags
from tests.support.tiff_files import ASCII, BYTE, LONG, RATIONAL, SHORT, UNDEFINED, Page, page_of, write_tiff

IPTC = b"\x1c\x02\x00\x00\x02\x00\x04" + b"\x1c\x02\x78\x00\x07Grandma" + b"\x1c\x02\x5a\x00\x05Kioto"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'


def ramp() -> NDArray[np.uint8]:
    return np.tile(np.linspace(20, 220, 36).astype(np.uint8), (24, 1))


def file_of(order: str = "<", big: bool = False, inner: Any = None, **tags: Any) -> bytes:
    page = page_of(ramp(), 8, 1, **tags)
    return write_tiff(Page(page.tags, page.blocks, inner or {}), order=order, big=big)


def as_exiftool_reads(data: bytes, path: Path, *arguments: str) -> dict[str, Any]:
    path.write_bytes(data)
    return read_tags(path, *arguments)


@pytest.mark.parametrize(
    ("tags", "dpi"),
    [
        ({}, None),
        ({"t282": (RATIONAL, [300, 1]), "t283": (RATIONAL, [600, 1])}, (300, 600)),
        ({"t282": (RATIONAL, [300, 1]), "t283": (RATIONAL, [300, 1]), "t296": (SHORT, [2])}, (300, 300)),
        ({"t282": (RATIONAL, [100, 1]), "t283": (RATIONAL, [100, 1]), "t296": (SHORT, [3])}, (254, 254)),
        ({"t282": (RATIONAL, [1, 1]), "t283": (RATIONAL, [1, 1]), "t296": (SHORT, [1])}, None),
        ({"t282": (RATIONAL, [0, 0]), "t283": (RATIONAL, [300, 1])}, None),
        ({"t282": (RATIONAL, [300, 1])}, None),
    ],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_the_resolution_is_the_files_word(tags: dict[str, Any], dpi: tuple[float, float] | None, order: str) -> None:
    picture = decode(file_of(order, **tags))
    assert picture.metadata.dpi == (None if dpi is None else pytest.approx(dpi))
    assert picture.notes == ()


def test_pixels_that_are_not_square() -> None:
    tags: dict[str, Any] = {"t282": (RATIONAL, [2, 1]), "t283": (RATIONAL, [1, 1]), "t296": (SHORT, [1])}
    assert decode(file_of(**tags)).notes == ("dropped: the shape of the pixels, which is 2 : 1",)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8, 0, 99])
def test_the_orientation(orientation: int) -> None:
    turns = {3: 2, 6: -1, 8: 1}.get(orientation, 0)
    np.testing.assert_array_equal(decode(file_of(t274=(SHORT, [orientation]))).pixels, np.rot90(ramp(), turns))


@pytest.mark.parametrize("big", [False, True], ids=["classic", "big"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_is_copied(order: str, big: bool, tmp_path: Path) -> None:
    exif = Page(
        {
            0x829A: (RATIONAL, [1, 125]),
            0x9003: (ASCII, b"1950:01:02 03:04:05\0"),
            0x927C: (UNDEFINED, b"a maker's note"),
            0xA002: (LONG, [36]),
        },
        inner={0xA005: [Page({1: (ASCII, b"R98\0")})]},
    )
    gps = Page({1: (ASCII, b"N\0"), 2: (RATIONAL, [47, 1, 8, 1, 3, 2])})
    data = file_of(
        order,
        big,
        {0x8769: [exif], 0x8825: [gps]},
        t271=(ASCII, b"Kodak\0"),
        t315=(ASCII, b"Grandma\0"),
        t305=(ASCII, b"x\0"),
    )
    picture = decode(data)
    assert picture.notes == ()
    read = as_exiftool_reads(encode(picture, ".jpg"), tmp_path / "result.jpg")
    assert "Warning" not in " ".join(read)
    assert (read["IFD0:Make"], read["IFD0:Artist"], read["IFD0:Software"]) == ("Kodak", "Grandma", "x")
    assert (read["ExifIFD:ExposureTime"], read["ExifIFD:DateTimeOriginal"]) == ("1/125", "1950:01:02 03:04:05")
    assert read["ExifIFD:ExifImageWidth"] == 36
    assert read["InteropIFD:InteropIndex"].startswith("R98")
    assert read["GPS:GPSLatitude"] == "47 deg 8' 1.50\""


def test_tags_of_the_layout_are_no_exif() -> None:
    data = file_of(t274=(SHORT, [6]), t282=(RATIONAL, [300, 1]), t283=(RATIONAL, [300, 1]))
    assert decode(data).metadata.exif is None


@pytest.mark.parametrize("order", ["<", ">"])
def test_metadata_of_exiftool(order: str, tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(file_of(order))
    texts = [
        "-IPTC:Caption-Abstract=Grandma, 1932",
        "-XMP-dc:Title=A title",
        "-EXIF:Artist=Grandpa",
        "-GPSLatitude=47.5",
    ]
    exiftool(*texts, path)
    picture = decode(path.read_bytes())
    assert picture.notes == ()
    assert picture.metadata.iptc is not None
    assert b"Grandma, 1932" in picture.metadata.iptc
    assert b"A title" in (picture.metadata.xmp or b"")
    read = as_exiftool_reads(encode(picture, ".tif"), tmp_path / "result.tif")
    assert (read["IFD0:Artist"], read["GPS:GPSLatitude"]) == ("Grandpa", "47 deg 30' 0.00\"")
    assert read["XMP-dc:Title"] == "A title"


def swapped(data: bytes) -> bytes:
    return np.frombuffer(data.ljust(-(-len(data) // 4) * 4, b"\0"), "<u4").astype(">u4").tobytes()


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (UNDEFINED, IPTC),
        (BYTE, IPTC + b"\0"),
        (LONG, IPTC.ljust(len(IPTC) + -len(IPTC) % 4, b"\0")),
        (LONG, swapped(IPTC)),
    ],
    ids=["UNDEFINED", "padded", "LONG", "LONG, swapped"],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_iptc_in_every_form(kind: int, content: bytes, order: str, tmp_path: Path) -> None:
    data = file_of(order, t33723=(kind, content))
    assert as_exiftool_reads(data, tmp_path / "scan.tif")["IPTC:Caption-Abstract"] == "Grandma"
    picture = decode(data)
    assert picture.metadata.iptc == IPTC
    assert picture.notes == ()


def test_iptc_of_photoshop() -> None:
    resources = make_resource(0x03ED, bytes(16)) + make_resource(0x0404, IPTC) + make_resource(0x0BB7, b"mask")
    picture = decode(file_of(t34377=(BYTE, resources)))
    assert picture.metadata.iptc == IPTC
    assert picture.notes == ("dropped: Photoshop's paths",)
    other = b"\x1c\x02\x78\x00\x05Other"
    assert decode(file_of(t34377=(BYTE, resources), t33723=(UNDEFINED, other))).metadata.iptc == other


def test_private_tags_are_named_together() -> None:
    geo: dict[str, Any] = {"t33550": (12, bytes(24)), "t34735": (SHORT, [1, 1, 0, 0])}
    (note,) = decode(file_of(**geo, t65000=(LONG, [5]))).notes
    assert note == "dropped: 3 private entries (65000, GeoKeyDirectoryTag, ModelPixelScaleTag)"


def test_layers_are_named() -> None:
    assert decode(file_of(t37724=(UNDEFINED, b"Adobe Photoshop Document Data Block\0"))).notes == (
        "dropped: Photoshop's layers",
    )


def test_damaged_metadata_do_not_cost_the_picture() -> None:
    data = bytearray(
        file_of(t700=(BYTE, XMP), t33723=(UNDEFINED, IPTC), t271=(ASCII, b"Kodak\0"), t282=(RATIONAL, [1, 1]))
    )
    for tag in (700, 33723, 271, 282):
        (kind,) = (entry for entry in (struct.pack("<HH", tag, kind) for kind in range(1, 8)) if entry in data)
        struct.pack_into("<I", data, data.index(kind) + 8, 2**31)
    picture = decode(bytes(data))
    np.testing.assert_array_equal(picture.pixels, ramp())
    assert sorted(note.partition(",")[0] for note in picture.notes) == [
        "dropped: EXIF",
        "dropped: IPTC",
        "dropped: XMP",
        "dropped: the resolution",
    ]


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_profile_is_applied_to_the_positive(order: str) -> None:
    """Grey of gamma 1.8 with white as 0: the profile describes the values after they are inverted."""
    import imagecodecs

    profile = bytes(imagecodecs.cms_profile("gray", whitepoint=(0.3457, 0.3585, 1.0), gamma=1.8))
    page = page_of(255 - ramp(), 8, 0, t34675=(UNDEFINED, profile))
    picture = decode(write_tiff(page, order=order))
    expected = icc.to_srgb(ramp(), profile)
    np.testing.assert_array_equal(picture.pixels, expected)
    assert [note.startswith("colour profile") for note in picture.notes] == [True]


@pytest.mark.parametrize("writer", ["tifffile", "pillow"])
def test_files_of_other_writers_have_no_notes(writer: str) -> None:
    buffer = io.BytesIO()
    if writer == "tifffile":
        tifffile.imwrite(buffer, ramp(), resolution=(300, 300), resolutionunit="inch")
    else:
        Image.fromarray(ramp()).save(buffer, "TIFF", dpi=(300, 300), compression="tiff_lzw")
    picture = decode(buffer.getvalue())
    assert picture.notes == ()
    assert picture.metadata.dpi == (300, 300)


def test_our_own_result_has_no_notes() -> None:
    picture = decode(
        file_of(t700=(BYTE, XMP), t271=(ASCII, b"Kodak\0"), t282=(RATIONAL, [300, 1]), t283=(RATIONAL, [300, 1]))
    )
    again = decode(encode(picture, ".tif", EncodeOptions()))
    assert again.notes == ()
    np.testing.assert_array_equal(again.pixels, ramp())
    assert again.metadata.dpi == (300, 300)
