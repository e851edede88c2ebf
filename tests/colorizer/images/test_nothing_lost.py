"""The metadata of files after decoding and encoding, as other programs read it."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import cv2
import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps, JpegImagePlugin

from colorizer import Look, load_colorizer
from colorizer.arrays import Pixels
from colorizer.images import WRITABLE_SUFFIXES, EncodeOptions, Metadata, Picture, decode, describe_losses, encode, icc
from tests.support.exiftool import exiftool, read_tags
from tests.support.malformed import heic, picture, save_image, tiff

WITH_METADATA = tuple(suffix for suffix in WRITABLE_SUFFIXES if suffix != ".bmp")
DEEP = (".png", ".tif", ".tiff")
XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
tiff:Orientation="6" photoshop:City="Kioto"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def exif() -> Image.Exif:
    """A camera's EXIF for a rotated picture, with a maker note and a thumbnail."""
    made = Image.Exif()
    made[0x0112], made[0x010F], made[0x013B] = 6, "Kodak", "Grandma"
    made[0x8769] = {0x9003: "1950:01:02 03:04:05", 0xA002: 60, 0xA003: 40, 0x927C: b"a maker's note"}
    made[0x8825] = {1: "N", 2: (47.0, 8.0, 1.5)}
    return made


def file_metadata() -> dict[str, Any]:
    return {"exif": exif(), "xmp": XMP, "icc_profile": icc.srgb_profile(), "dpi": (300, 300)}


@pytest.fixture(scope="module")
def scan() -> Picture:
    """A JPEG with every kind of metadata, decoded and coloured: 60 x 40 pixels as stored, 40 x 60 upright."""
    data = save_image(Image.fromarray(picture(40, 60)), "JPEG", quality=95, **file_metadata())
    return load_colorizer("compact").colorize_picture(decode(data))


def read_metadata(data: bytes, suffix: str, folder: Path) -> dict[str, Any]:
    """The metadata that exiftool reads from a file."""
    path = folder / f"file{suffix}"
    path.write_bytes(data)
    return read_tags(path, "-n")


@pytest.mark.parametrize("suffix", WITH_METADATA)
def test_exiftool_finds_everything(suffix: str, scan: Picture, tmp_path: Path) -> None:
    found = read_metadata(encode(scan, suffix), suffix, tmp_path)
    assert {key: value for key, value in found.items() if key in ("ExifTool:Warning", "ExifTool:Error")} == {}
    assert found["IFD0:Make"] == "Kodak"
    assert found["IFD0:Artist"] == "Grandma"
    assert found["ExifIFD:DateTimeOriginal"] == "1950:01:02 03:04:05"
    assert (found["ExifIFD:ExifImageWidth"], found["ExifIFD:ExifImageHeight"]) == (40, 60)
    assert found["GPS:GPSLatitude"] == pytest.approx(47 + 8 / 60 + 1.5 / 3600)
    assert found["XMP-photoshop:City"] == "Kioto"
    assert found["XMP-tiff:Orientation"] == 1
    assert found.get("IFD0:Orientation", 1) == 1
    assert found["ICC_Profile:ProfileDescription"] == "sRGB built-in"
    assert found["ICC-header:ColorSpaceData"] == "RGB "


@pytest.mark.parametrize(("suffix", "group"), [(".jpg", "JFIF"), (".tif", "IFD0")])
def test_exiftool_finds_the_resolution(suffix: str, group: str, scan: Picture, tmp_path: Path) -> None:
    found = read_metadata(encode(scan, suffix), suffix, tmp_path)
    assert (found[f"{group}:XResolution"], found[f"{group}:YResolution"]) == (300, 300)
    assert found[f"{group}:ResolutionUnit"] == (1 if group == "JFIF" else 2)


@pytest.mark.parametrize("suffix", WRITABLE_SUFFIXES)
def test_pillow_finds_what_the_format_holds(suffix: str, scan: Picture) -> None:
    metadata = scan.metadata
    with Image.open(io.BytesIO(encode(scan, suffix))) as image:
        image.load()
        assert image.size == (40, 60)
        assert image.getexif().get(0x0112, 1) == 1
        if suffix in WITH_METADATA:
            assert image.getexif()[0x010F] == "Kodak"
            assert image.info["icc_profile"] == metadata.icc_profile
            xmp = image.info["xmp"]
            assert (xmp.encode() if isinstance(xmp, str) else xmp) == metadata.xmp
        if suffix in (".jpg", ".jpeg", ".png", ".webp"):
            assert image.info["exif"].removeprefix(b"Exif\0\0") == metadata.exif  # byte for byte
        if suffix not in (".webp", ".avif"):
            assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    lost = {".bmp": ["EXIF", "XMP", "the colour profile"], ".webp": ["the resolution (DPI)"]}
    expected = lost.get(suffix, lost[".webp"] if suffix == ".avif" else [])
    assert [sentence.partition(" cannot hold ")[2] for sentence in describe_losses(scan, suffix)] == expected


def test_a_tiff_begins_with_the_exif_block(scan: Picture) -> None:
    """Offsets in EXIF stay valid, also those in a maker note."""
    block = scan.metadata.exif
    assert block is not None
    data = encode(scan, ".tif")
    assert data[8 : len(block)] == block[8:]


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_a_second_time_nothing_changes(suffix: str, scan: Picture) -> None:
    again = decode(encode(scan, suffix))
    assert again.notes == ()
    assert again.metadata.xmp == scan.metadata.xmp
    assert again.metadata.icc_profile == scan.metadata.icc_profile
    if suffix == ".tif":  # whose first directory also has the file's own entries
        assert again.metadata.exif is not None
        assert b"a maker's note" in again.metadata.exif
    else:
        assert again.metadata.exif == scan.metadata.exif


def test_no_thumbnail_of_the_grey_picture_stays(tmp_path: Path) -> None:
    thumbnail = save_image(Image.fromarray(picture(12, 16)), "JPEG")
    path = tmp_path / "with.jpg"
    path.write_bytes(save_image(Image.fromarray(picture(40, 60)), "JPEG", exif=exif()))
    (tmp_path / "small.jpg").write_bytes(thumbnail)
    exiftool("-overwrite_original", f"-ThumbnailImage<={tmp_path / 'small.jpg'}", path)
    assert "IFD1:ThumbnailLength" in read_metadata(path.read_bytes(), ".jpg", tmp_path)
    found = read_metadata(encode(decode(path.read_bytes()), ".jpg"), ".jpg", tmp_path)
    assert not [key for key in found if "Thumbnail" in key]
    assert found["IFD0:Make"] == "Kodak"


def test_big_endian_exif_leads_a_big_endian_tiff() -> None:
    pixels = (picture(40, 60).astype(np.uint16) * 257)[:, ::-1].copy()
    made = exif()
    made.endian = ">"
    block = made.tobytes().removeprefix(b"Exif\0\0")
    data = encode(Picture(pixels, metadata=Metadata(exif=block)), ".tif")
    assert data.startswith(b"MM")
    np.testing.assert_array_equal(tifffile.imread(io.BytesIO(data)), pixels)
    with Image.open(io.BytesIO(data)) as image:
        assert image.getexif()[0x010F] == "Kodak"


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("has_alpha", [False, True])
@pytest.mark.parametrize("suffix", DEEP)
@pytest.mark.parametrize("size", [(40, 61), (1, 1), (700, 301)])
def test_depth_and_alpha_in_other_peoples_readers(
    size: tuple[int, int], suffix: str, has_alpha: bool, channels: int, dtype: type[np.uint8 | np.uint16]
) -> None:
    random = np.random.default_rng(1)
    values: Pixels = random.integers(0, np.iinfo(dtype).max + 1, (*size, channels + 1)).astype(dtype)
    pixels = values[..., 0].copy() if channels == 1 else values[..., :3].copy()
    made = Picture(pixels, values[..., -1].copy() if has_alpha else None)
    data = encode(made, suffix)
    read = imagecodecs.png_decode(data) if suffix == ".png" else tifffile.imread(io.BytesIO(data))
    if suffix != ".png" and has_alpha and channels == 1:
        pixels = np.dstack([pixels] * 3)
    expected = pixels if made.alpha is None else np.dstack([pixels, made.alpha])
    assert read.dtype == dtype
    np.testing.assert_array_equal(read.reshape(expected.shape), expected)
    again = decode(data)
    np.testing.assert_array_equal(again.pixels, pixels)
    assert again.pixels.dtype == dtype
    assert (again.alpha is None) == (made.alpha is None)
    if again.alpha is not None and made.alpha is not None:
        np.testing.assert_array_equal(again.alpha, made.alpha)


@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_grey_with_alpha_at_sixteen_bits_in_tiff(byteorder: Literal["<", ">"]) -> None:
    deep = np.random.default_rng(3).integers(1, 65536, (40, 50, 2)).astype(np.uint16)
    read = decode(tiff(deep, photometric="minisblack", extrasamples=["unassalpha"], byteorder=byteorder))
    np.testing.assert_array_equal(read.pixels, deep[..., 0])
    np.testing.assert_array_equal(read.alpha, deep[..., 1])
    assert tifffile.imread(io.BytesIO(encode(read, ".tif"))).shape == (40, 50, 4)


@pytest.mark.parametrize("options", [{}, {"compression": "lzw"}, {"planarconfig": "separate"}, {"tile": (16, 16)}])
def test_sixteen_bit_colour_of_others_is_read_whole(options: dict[str, Any]) -> None:
    deep = np.random.default_rng(2).integers(0, 65536, (40, 50, 3)).astype(np.uint16)
    stored = np.moveaxis(deep, -1, 0) if "planarconfig" in options else deep
    np.testing.assert_array_equal(decode(tiff(stored, photometric="rgb", **options)).pixels, deep)
    png = cv2.imencode(".png", deep[..., ::-1])[1].tobytes()
    np.testing.assert_array_equal(decode(png).pixels, deep)


@pytest.mark.parametrize(("subsampling", "factors"), [("4:4:4", 0), ("4:2:2", 1), ("4:2:0", 2)])
@pytest.mark.parametrize("size", [(1, 1), (40, 61), (900, 700), (3, 20000), (20000, 3)])
def test_jpeg_strips_are_one_picture(size: tuple[int, int], subsampling: str, factors: int) -> None:
    """Strips decode to the same pixels as one piece, also with libjpeg; quality and subsampling are as requested."""
    pixels = picture(*size)
    options = EncodeOptions(quality=80, subsampling=subsampling)
    with Image.open(io.BytesIO(encode(Picture(pixels), ".jpg", options))) as image:
        assert JpegImagePlugin.get_sampling(image) == factors
        tables = image.quantization  # type: ignore[attr-defined]
        strips = np.asarray(image)
    with Image.open(io.BytesIO(save_image(Image.fromarray(pixels), "JPEG", quality=80, subsampling=factors))) as whole:
        assert tables == whole.quantization  # type: ignore[attr-defined]
        assert np.abs(strips.astype(int) - np.asarray(whole)).mean() < 0.2


@pytest.mark.parametrize("values", [{"quality": 0}, {"quality": 101}, {"subsampling": "4:1:1"}])
def test_options_out_of_range_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=rf"expected a .*got '?{next(iter(values.values()))}"):
        EncodeOptions(**values)


@pytest.mark.parametrize("suffix", [".webp", ".avif"])
def test_quality_makes_the_file_larger(suffix: str) -> None:
    made = Picture(picture(60, 80))
    sizes = [len(encode(made, suffix, EncodeOptions(quality=quality))) for quality in (20, 60, 95)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2]


def test_exif_too_long_for_jpeg_is_named() -> None:
    made = Picture(picture(8, 8), metadata=Metadata(exif=b"II*\0\x08\0\0\0" + bytes(70000)))
    assert describe_losses(made, ".jpg") == ("JPEG cannot hold EXIF of 70008 bytes",)
    assert describe_losses(made, ".png") == ()
    assert decode(encode(made, ".jpg")).metadata.exif is None


def test_damaged_exif_is_left_out_with_a_note() -> None:
    data = save_image(Image.fromarray(picture(8, 8)), "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\0")
    read = decode(data)
    assert read.metadata.exif is None
    assert [note.partition(",")[0] for note in read.notes] == ["EXIF dropped"]


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", ".jpg"), ("TIFF", ".tif")])
def test_iptc_is_kept(kind: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(save_image(Image.fromarray(picture(8, 8)), kind))
    assert decode(path.read_bytes()).notes == ()
    exiftool("-IPTC:Caption-Abstract=Grandma, 1932", path)
    read = decode(path.read_bytes())
    assert read.notes == ()
    assert read_metadata(encode(read, suffix), suffix, tmp_path)["IPTC:Caption-Abstract"] == "Grandma, 1932"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_heic_is_read_upright(orientation: int, tmp_path: Path) -> None:
    pixels: Pixels = picture(40, 60)
    made = Image.Exif()
    made[0x0112], made[0x010F] = orientation, "Kodak"
    data = heic(Image.fromarray(pixels), exif=made.tobytes())
    with Image.open(io.BytesIO(save_image(Image.fromarray(pixels), "PNG", exif=made))) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    read = decode(data)
    assert read.pixels.shape == expected.shape
    assert np.abs(read.pixels.astype(int) - expected).mean() < 8
    found = read_metadata(encode(read, ".jpg"), ".jpg", tmp_path)
    assert found["IFD0:Make"] == "Kodak"
    assert found["IFD0:Orientation"] == 1


def test_of_several_pages_the_first_with_a_note() -> None:
    pages = [Image.fromarray(picture(8, 9)[:, ::step].copy()) for step in (1, -1, 1)]
    read = decode(save_image(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    np.testing.assert_array_equal(read.pixels, picture(8, 9))
    assert read.notes == ("the first of 3 pages or pictures",)


def test_colouring_keeps_metadata_and_notes(scan: Picture) -> None:
    noted = replace(scan, notes=("a note",))
    colorized = load_colorizer("compact").colorize_picture(noted, Look(strength=0.5))
    assert colorized.metadata is scan.metadata
    assert colorized.notes == ("a note",)
