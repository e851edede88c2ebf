"""A picture in memory, whatever file it came from, and the smaller pictures made of it for showing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from colorizer.arrays import Pixels


@dataclass(frozen=True)
class Metadata:
    """`exif`: a TIFF structure, as EXIF has it, without the prefix "Exif"; its orientation is 1.

    `xmp`: the packet, in XML. `icc_profile`: that of the pixels, which are sRGB. `dpi`: dots per inch across and down.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    icc_profile: bytes | None = None
    dpi: tuple[float, float] | None = None


@dataclass(frozen=True)
class Picture:
    """A decoded picture, upright, in sRGB.

    `pixels`: grey (H, W) or RGB (H, W, 3); `alpha`: (H, W) of the same dtype (uint8 or uint16), or None.
    `metadata`: what the file said of the picture. `notes`: sentences on what of the file is not in this picture.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    metadata: Metadata = field(default_factory=Metadata)
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


def point_to_pixel(x: float, y: float, shape: tuple[int, int]) -> tuple[int, int]:
    """The row and column of the pixel at `x`, `y`, 0..1 of the width and height, in a picture of (height, width)."""
    height, width = shape
    return min(int(y * height), height - 1), min(int(x * width), width - 1)


def shrink(picture: Picture, longest: int) -> Picture:
    """The picture with its longest side at most `longest` pixels, 8 bits, without metadata, for showing."""
    scale = min(1.0, longest / max(picture.width, picture.height))
    return _resize_picture(picture, max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))


def crop_to_fill(picture: Picture, width: int, height: int) -> Picture:
    """The largest centred part with the shape of `width` x `height`, at that size, 8 bits, without metadata."""
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
    """The picture with its values rounded to uint8."""

    def to_uint8(values: Pixels) -> Pixels:
        return values if values.dtype == np.uint8 else ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)

    alpha = None if picture.alpha is None else to_uint8(picture.alpha)
    return replace(picture, pixels=to_uint8(picture.pixels), alpha=alpha)


def flatten_alpha(picture: Picture) -> Picture:
    """A picture of 8 bits laid over white."""
    if picture.alpha is None:
        return picture
    alpha = picture.alpha.reshape(picture.alpha.shape + (1,) * (picture.pixels.ndim - 2)).astype(np.uint16)
    blended = picture.pixels * alpha + 255 * (255 - alpha)
    return replace(picture, pixels=((blended + 127) // 255).astype(np.uint8), alpha=None)
