"""A geometry applied to a decoded picture: its pixels, its alpha, and what its metadata say of places and sizes."""

from __future__ import annotations

from dataclasses import replace

from colorizer.edits.geometry import Geometry
from colorizer.edits.warping import transform_pixels
from colorizer.images.metadata import normalize_exif
from colorizer.images.samples import describe_untaken
from colorizer.images.xmp import drop_regions
from colorizer.picture import Metadata, Picture

IDENTITY = Geometry()


def transform(picture: Picture, geometry: Geometry) -> Picture:
    """A picture turned, straightened and cropped, with metadata that are true for it; `picture` for the identity.

    EXIF gets the new size, and the resolution the new directions. Regions that the XMP marks in the picture, such as
    faces, are left out, with a note, because they are somewhere else now.
    """
    if geometry == IDENTITY:
        return picture
    pixels = transform_pixels(picture.pixels, geometry)
    alpha = None if picture.alpha is None else transform_pixels(picture.alpha, geometry)
    height, width = pixels.shape[:2]
    metadata, lost = _transform_metadata(picture.metadata, width, height, is_sideways=geometry.quarter_turns % 2 == 1)
    return replace(picture, pixels=pixels, alpha=alpha, metadata=metadata, notes=(*picture.notes, *lost))


def _transform_metadata(
    metadata: Metadata, width: int, height: int, *, is_sideways: bool
) -> tuple[Metadata, tuple[str, ...]]:
    exif = metadata.exif and normalize_exif(metadata.exif, width, height)
    dpi = metadata.dpi[::-1] if metadata.dpi and is_sideways else metadata.dpi
    xmp, lost = (None, ()) if metadata.xmp is None else drop_regions(metadata.xmp)
    return replace(metadata, exif=exif, dpi=dpi, xmp=xmp), describe_untaken(lost)
