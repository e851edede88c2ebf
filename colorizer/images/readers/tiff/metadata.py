"""What the tags of a TIFF file hold besides the picture: metadata, and what is lost."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
from PIL.ExifTags import Base
from tifffile import RESUNIT, TIFF

from colorizer.images import photoshop
from colorizer.images.metadata import INCH, valid_dpi
from colorizer.images.readers.tiff.directory import Directory
from colorizer.images.readers.tiff.exif import DESCRIPTIVE, POINTERS, build_exif
from colorizer.images.samples import describe_untaken, name_private
from colorizer.picture import Metadata

_IPTC_MARK = 0x1C  # the first byte of a data set
_LONG = 4  # field type
_DOTS: dict[int, float] = {
    RESUNIT.INCH: 1.0,
    RESUNIT.CENTIMETER: 100 * INCH,
}  # per inch, for a resolution of 1; RESUNIT.NONE: no unit

# Tags that are read, that the decoded picture embodies, or that were of use only in the file or for old devices.
_TAKEN = {
    *range(254, 260), *range(262, 267), 273, *range(277, 285), *range(286, 291), 292, 293, 300, *range(296, 298), 301,
    *range(317, 329), *range(330, 335), *range(336, 343), 344, 345, 346, 347, 433, 434, *range(512, 533), 559,
    *range(32995, 32999), Base.XMLPacket, Base.IPTCNAA, Base.ImageResources, Base.InterColorProfile,
    *DESCRIPTIVE, *POINTERS,
}  # fmt: skip
_DESCRIPTIONS = {
    291: "the grey response curve",
    343: "a path that clips the picture",
    32932: "annotations (Wang)",
    37724: "Photoshop's layers",
}

Result = TypeVar("Result")


def read_metadata(directory: Directory) -> tuple[Metadata, tuple[str, ...]]:
    """The metadata of a picture's directory, and notes on what is lost. Damaged parts are left out and named."""
    lost: list[str] = []

    def read(name: str, reader: Callable[..., Result | None], *arguments: Any) -> Result | None:
        try:
            return reader(*arguments)
        except struct.error as error:
            lost.append(f"{name}, because it is damaged ({error})")
            return None

    resources = list(photoshop.read_resources(read("Photoshop's data", directory.content, Base.ImageResources) or b""))
    iptc = read("IPTC", _read_iptc, directory)
    if iptc is None:
        iptc = b"".join(content for number, content in resources if number == photoshop.IPTC) or None
    metadata = Metadata(
        read("EXIF", build_exif, directory),
        read("XMP", directory.content, Base.XMLPacket),
        read("the colour profile", directory.content, Base.InterColorProfile),
        read("the resolution", _read_dpi, directory),
        iptc,
    )
    texts = (photoshop.describe_resource(number) for number, _ in resources if number != photoshop.IPTC)
    lost += [text for text in texts if text is not None]
    lost += _describe_tags(directory)
    return metadata, describe_untaken(lost)


def _read_iptc(directory: Directory) -> bytes | None:
    """IPTC's data sets. Some writers store them as numbers of 32 bits, and their bytes are then those of the writer."""
    stored, found = directory.content(Base.IPTCNAA), directory.find(Base.IPTCNAA)
    if not stored or found is None:
        return None
    if found.kind == _LONG and stored[0] != _IPTC_MARK:
        stored = np.frombuffer(stored, np.uint32).byteswap().tobytes()
    return stored.rstrip(b"\0")  # up to a whole number of 32 bits


def _read_dpi(directory: Directory) -> tuple[float, float] | None:
    """The resolution in dots per inch; None if the file says none, or gives only the shape of the pixels."""
    scale = _DOTS.get(directory.number(Base.ResolutionUnit, RESUNIT.INCH))
    across, down = ([*directory.ratios(tag), math.nan][0] for tag in (Base.XResolution, Base.YResolution))
    return None if scale is None else valid_dpi(across * scale, down * scale)


def _describe_tags(directory: Directory) -> Iterator[str]:
    """Name the tags that are not taken, and a shape of the pixels."""
    tags = [tag for tag in directory.tags if tag not in _TAKEN]
    yield from (_DESCRIPTIONS[tag] for tag in tags if tag in _DESCRIPTIONS)
    yield from name_private(TIFF.TAGS.get(tag, str(tag)) for tag in tags if tag not in _DESCRIPTIONS)
    if directory.number(Base.ResolutionUnit, RESUNIT.INCH) not in _DOTS:
        across, down = (directory.ratios(tag)[:1] for tag in (Base.XResolution, Base.YResolution))
        if across and down and across != down:
            yield f"the shape of the pixels, which is {across[0]:g} : {down[0]:g}"
