"""Reading WebP files: alpha, metadata, and what their chunks say."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.images import decode, icc
from tests.support.malformed import picture, save_image

EXIF = b"II*\0\x08\0\0\0\x01\0\x0f\x01\x02\0\x04\0\0\0abc\0\0\0\0\0"  # Make: abc
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='album'/></rdf:RDF></x:xmpmeta>"
)


def webp(channels: int = 3, **options: object) -> bytes:
    return save_image(Image.fromarray(picture(40, 50, channels)), "WEBP", lossless=True, exact=True, **options)


def with_chunk(data: bytes, kind: bytes, content: bytes) -> bytes:
    """With a chunk behind the others."""
    made = data + kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    return made[:4] + struct.pack("<I", len(made) - 8) + made[8:]


@pytest.mark.parametrize("channels", [3, 4])
def test_pixels_alpha_and_metadata(channels: int) -> None:
    read = decode(webp(channels, exif=EXIF, xmp=XMP, icc_profile=icc.srgb_profile()))
    np.testing.assert_array_equal(read.pixels, picture(40, 50, channels)[..., :3])
    assert (read.alpha is not None) == (channels == 4)
    if read.alpha is not None:
        np.testing.assert_array_equal(read.alpha, picture(40, 50, 4)[..., 3])
    metadata = read.metadata
    assert (metadata.exif, metadata.xmp, metadata.icc_profile) == (EXIF, XMP, icc.srgb_profile())
    assert metadata.dpi is None
    assert read.notes == ()


def test_a_profile_is_applied() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    (note,) = decode(webp(icc_profile=profile)).notes
    assert note.startswith("colour profile")


def test_orientation_of_exif() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    np.testing.assert_array_equal(decode(webp(exif=exif)).pixels, np.rot90(picture(40, 50), 3))


def test_of_an_animation_the_first_frame() -> None:
    frames = [Image.fromarray(np.full((40, 50, 3), level, np.uint8)) for level in (10, 100, 200)]
    read = decode(save_image(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True))
    np.testing.assert_array_equal(read.pixels, 10)
    assert (read.pages, read.notes) == (3, ("the first of 3 pages or pictures",))


@pytest.mark.parametrize(
    ("kind", "content", "notes"),
    [
        (b"abcd", b"private", ("dropped: 1 private entry (abcd)",)),
        (b"C2PA", b"jumb", ("dropped: content credentials (C2PA)",)),
        (b"EXIF", b"II*\0another", ("dropped: a second EXIF",)),
    ],
)
def test_what_is_not_taken_is_named(kind: bytes, content: bytes, notes: tuple[str, ...]) -> None:
    read = decode(with_chunk(webp(exif=EXIF), kind, content))
    np.testing.assert_array_equal(read.pixels, picture(40, 50))
    assert read.notes == notes


def test_bytes_behind_the_end_are_named() -> None:
    assert decode(webp() + b"a film").notes == ("dropped: 6 bytes behind the picture",)


def test_the_size_is_checked_first() -> None:
    with pytest.raises(ImageTooLarge, match=r"\(50 x 40\)"):
        decode(webp(), max_pixels=1000)


def test_missing_data_are_refused() -> None:
    with pytest.raises(InvalidImage, match="expected a"):
        decode(webp()[:-200])
