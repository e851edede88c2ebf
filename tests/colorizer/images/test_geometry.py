"""A turned and cropped picture: what its file says of sizes and directions is true."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from skimage import data

from colorizer import Geometry, images
from colorizer.arrays import Pixels
from colorizer.images import Picture

CAT = np.asarray(data.chelsea())  # (300, 451, 3)
REGIONS = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="a cat" '
    b'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" '
    b'xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"><mwg-rs:Regions rdf:parseType="Resource">'
    b'<mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType="Resource"><mwg-rs:Area stArea:x="0.5" stArea:y="0.5" '
    b'stArea:w="0.1" stArea:h="0.1"/><mwg-rs:Name>Tom</mwg-rs:Name></rdf:li></rdf:Bag></mwg-rs:RegionList>'
    b"</mwg-rs:Regions></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def camera_file(pixels: Pixels, orientation: int) -> bytes:
    """A JPEG as cameras make them: with an orientation, its size in the EXIF, a thumbnail, and a resolution."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Make] = "Maker"
    exif.get_ifd(IFD.Exif).update({Base.ExifImageWidth: pixels.shape[1], Base.ExifImageHeight: pixels.shape[0]})
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", exif=exif.tobytes(), dpi=(300, 150), quality=98, xmp=REGIONS)
    return file.getvalue()


def read_back(picture: Picture, suffix: str) -> tuple[Image.Image, Image.Exif]:
    image = Image.open(io.BytesIO(images.encode(picture, suffix)))
    image.load()
    return image, image.getexif()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_file_tells_the_new_size_and_no_second_turn(suffix: str, orientation: int) -> None:
    original = images.decode(camera_file(CAT, orientation))
    geometry = Geometry(quarter_turns=1, crop=(0.0, 0.0, 0.5, 1.0))
    image, exif = read_back(images.transform(original, geometry), suffix)
    upright = np.rot90(CAT, -1) if orientation == 6 else CAT
    expected = np.rot90(upright, -1)
    expected = expected[:, : round(expected.shape[1] / 2)]
    assert image.size == expected.shape[1::-1]
    assert np.abs(np.asarray(image.convert("RGB")).astype(int) - expected).mean() < 4
    assert exif.get(Base.Orientation, 1) == 1
    assert exif[Base.Make] == "Maker"
    inner = exif.get_ifd(IFD.Exif)
    assert (inner[Base.ExifImageWidth], inner[Base.ExifImageHeight]) == image.size
    assert not exif.get_ifd(IFD.IFD1)  # no thumbnail


def test_the_resolution_turns_with_the_picture() -> None:
    original = images.decode(camera_file(CAT, 1))
    assert original.metadata.dpi == (300, 150)
    assert images.transform(original, Geometry(quarter_turns=3)).metadata.dpi == (150, 300)
    assert images.transform(original, Geometry(quarter_turns=2)).metadata.dpi == (300, 150)


def test_regions_in_the_xmp_are_dropped_with_a_note_and_all_else_stays() -> None:
    original = images.decode(camera_file(CAT, 1))
    assert b"Tom" in (original.metadata.xmp or b"")
    result = images.transform(original, Geometry(quarter_turns=1))
    assert b"Tom" not in (result.metadata.xmp or b"")
    assert b"a cat" in (result.metadata.xmp or b"")
    assert result.notes == (
        "dropped: regions that the XMP marks in the picture, because it is turned, cropped or gets a caption",
    )


def test_the_identity_is_the_picture_itself() -> None:
    original = images.decode(camera_file(CAT, 6))
    assert images.transform(original, Geometry()) is original


def test_alpha_goes_with_the_pixels() -> None:
    alpha = np.zeros((300, 451), np.uint8)
    alpha[:, 200:] = 255
    result = images.transform(Picture(CAT, alpha), Geometry(angle=5.0, quarter_turns=2))
    assert result.alpha is not None
    assert result.alpha.shape == result.pixels.shape[:2]
    assert result.alpha[:, 0].min() == 255
    assert result.alpha[:, -1].max() == 0
