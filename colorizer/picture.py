"""A decoded picture, and functions that shrink, crop and flatten it for display."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Mask, Pixels
from colorizer.errors import InvalidImage
from colorizer.resize import fit_within

MOST_PAGES = 1000  # of a file are counted


@dataclass(frozen=True)
class Metadata:
    """What a picture's file stores besides the pixels; None where it has no such entry.

    `exif`: the TIFF structure of EXIF, without the prefix "Exif"; its orientation is 1. `xmp`: the XMP packet (XML).
    `icc_profile`: the profile of the pixels, which is an sRGB profile. `dpi`: horizontal and vertical resolution, in
    dots per inch. `iptc`: the data sets of IPTC's Information Interchange Model (IIM), as in a Photoshop resource
    0x0404 and in TIFF's tag 33723. `texts`: keyword and text of each text entry, as in a PNG; the comment of a JPEG
    has the keyword "Comment".
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    icc_profile: bytes | None = None
    dpi: tuple[float, float] | None = None
    iptc: bytes | None = None
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Picture:
    """A decoded picture, upright, in sRGB.

    `pixels`: grey (H, W) or RGB (H, W, 3), uint8 or uint16. `alpha`: (H, W) of the same dtype, or None.
    `metadata`: from the picture's file. `notes`: sentences on what the picture does not keep of its file.
    `pages`: how many pages or pictures the file has, of which this is the first; above MOST_PAGES it is not exact.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    metadata: Metadata = field(default_factory=Metadata)
    notes: tuple[str, ...] = ()
    pages: int = 1

    @classmethod
    def from_array(cls, image: Pixels) -> Picture:
        """From (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) pixels, uint8 or uint16. Raises InvalidImage for others."""
        if image.dtype not in (np.uint8, np.uint16) or image.ndim not in (2, 3) or image.size == 0:
            got = describe_array(image)
            raise InvalidImage(f"expected uint8 or uint16 pixels of shape (H, W) or (H, W, 1|3|4), got {got}")
        channels = 1 if image.ndim == 2 else image.shape[2]
        if channels not in (1, 3, 4):
            raise InvalidImage(f"expected 1, 3 or 4 channels, got {channels}")
        if channels == 1:
            return cls(np.ascontiguousarray(image.reshape(image.shape[:2])))
        alpha = np.ascontiguousarray(image[..., 3]) if channels == 4 else None
        return cls(np.ascontiguousarray(image[..., :3]), alpha)

    def to_array(self) -> Pixels:
        """The pixels, with the alpha as a fourth channel where there is one."""
        return self.pixels if self.alpha is None else np.dstack([self.pixels, self.alpha])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


def describe_array(array: NDArray[Any]) -> str:
    """Shape and dtype, for error messages."""
    return f"shape {array.shape}, {array.dtype}"


def point_to_pixel(x: float, y: float, shape: tuple[int, int]) -> tuple[int, int]:
    """(row, column) of the pixel at `x`, `y` (0..1 of width and height) in a picture of `shape` (height, width)."""
    height, width = shape
    return min(int(y * height), height - 1), min(int(x * width), width - 1)


def is_gray(pixels: Pixels) -> bool:
    """Whether no pixel of a picture, (H, W) or (H, W, 3), has a colour."""
    return pixels.ndim == 2 or bool((pixels[..., :1] == pixels[..., 1:]).all())


def is_opaque(alpha: Pixels) -> Mask:
    """Where a picture is at least as opaque as transparent: (H, W) bool. `alpha`: (H, W), uint8 or uint16."""
    return np.asarray(alpha > np.iinfo(alpha.dtype).max // 2, np.bool_)


def shrink(picture: Picture, longest: int) -> Picture:
    """Shrink a picture for display: no side is longer than `longest` pixels, 8 bits, no metadata."""
    return _resize_picture(picture, *fit_within(picture.width, picture.height, longest))


def crop_to_fill(picture: Picture, width: int, height: int) -> Picture:
    """The largest centred part of the aspect ratio `width` : `height`, resized to that size: 8 bits, no metadata."""
    scale = min(picture.width / width, picture.height / height)
    part_width, part_height = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (picture.width - part_width) // 2, (picture.height - part_height) // 2
    part = (slice(top, top + part_height), slice(left, left + part_width))
    alpha = None if picture.alpha is None else np.ascontiguousarray(picture.alpha[part])
    return _resize_picture(Picture(np.ascontiguousarray(picture.pixels[part]), alpha), width, height)


def _resize_picture(picture: Picture, width: int, height: int) -> Picture:
    picture = convert_to_8_bits(picture)
    if (width, height) == (picture.width, picture.height):
        return Picture(picture.pixels, picture.alpha)

    def resize_plane(values: Pixels) -> Pixels:
        return np.asarray(cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA), np.uint8)

    return Picture(resize_plane(picture.pixels), None if picture.alpha is None else resize_plane(picture.alpha))


def convert_to_8_bits(picture: Picture) -> Picture:
    """The picture with pixels and alpha rounded to uint8."""

    def to_uint8(values: Pixels) -> Pixels:
        return values if values.dtype == np.uint8 else ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)

    alpha = None if picture.alpha is None else to_uint8(picture.alpha)
    return replace(picture, pixels=to_uint8(picture.pixels), alpha=alpha)


def flatten_alpha(picture: Picture) -> Picture:
    """Blend an 8-bit picture over white. The result has no alpha."""
    if picture.alpha is None:
        return picture
    alpha = picture.alpha.reshape(picture.alpha.shape + (1,) * (picture.pixels.ndim - 2)).astype(np.uint16)
    blended = picture.pixels * alpha + 255 * (255 - alpha)
    return replace(picture, pixels=((blended + 127) // 255).astype(np.uint8), alpha=None)
