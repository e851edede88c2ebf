"""Encode pictures as files, with everything that the format can store."""

from __future__ import annotations

import io
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from PIL import Image

from colorizer.errors import InvalidImage
from colorizer.images import jpeg, png, tiff
from colorizer.picture import Picture, convert_to_8_bits, flatten_alpha

SUBSAMPLINGS = tuple(jpeg.MCU_SIZES)  # of JPEG's chroma, highest resolution first


@dataclass(frozen=True)
class EncodeOptions:
    """How to compress a picture; formats that do not use an option ignore it.

    `quality`: of JPEG, WebP and AVIF, 1..100.
    `subsampling`: of JPEG's chroma, "4:4:4" (full size), "4:2:2" (half the width) or "4:2:0" (half the width and
    height).
    Raises ValueError for other values.
    """

    quality: int = 95
    subsampling: str = "4:4:4"

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise ValueError(f"expected a quality from 1 to 100, got {self.quality}")
        if self.subsampling not in SUBSAMPLINGS:
            raise ValueError(f"expected a subsampling of {', '.join(SUBSAMPLINGS)}, got {self.subsampling!r}")


@dataclass(frozen=True)
class _Format:
    """What a file format can store. `longest`: the maximum width and height, in pixels."""

    name: str
    longest: int = 2**31 - 1
    sixteen_bits: bool = False
    alpha: bool = True
    metadata: bool = True  # EXIF, XMP, and a profile
    dpi: bool = True


_JPEG = _Format("JPEG", jpeg.LONGEST_SIDE, alpha=False)
_PNG = _Format("PNG", sixteen_bits=True)
_WEBP = _Format("WebP", 16383, dpi=False)
_TIFF = _Format("TIFF", sixteen_bits=True)
_BMP = _Format("BMP", alpha=False, metadata=False)
_AVIF = _Format("AVIF", 65535, dpi=False)
_FORMATS = MappingProxyType(
    {
        ".jpg": _JPEG,
        ".jpeg": _JPEG,
        ".png": _PNG,
        ".webp": _WEBP,
        ".tif": _TIFF,
        ".tiff": _TIFF,
        ".bmp": _BMP,
        ".avif": _AVIF,
    }
)
WRITABLE_SUFFIXES = tuple(_FORMATS)  # lower case, with the dot


def describe_losses(picture: Picture, suffix: str) -> tuple[str, ...]:
    """List, as sentences, what the format of `suffix` (".jpg", ...) cannot store; empty if nothing is lost.

    Raises ValueError for a suffix that is not in WRITABLE_SUFFIXES.
    """
    kind, metadata = _find_format(suffix), picture.metadata
    segments = {"EXIF": metadata.exif, "XMP": metadata.xmp}
    lost = {
        "16 bits per channel": picture.pixels.dtype == np.uint16 and not kind.sixteen_bits,
        "transparency": picture.alpha is not None and not kind.alpha,
        **{name: content is not None and not kind.metadata for name, content in segments.items()},
        "the colour profile": metadata.icc_profile is not None and not kind.metadata,
        "the resolution (DPI)": metadata.dpi is not None and not kind.dpi,
    }
    if kind is _JPEG:
        for name, content in segments.items():
            lost[f"{name} of {len(content or b'')} bytes"] = content is not None and not jpeg.fits_segment(content)
    return tuple(f"{kind.name} cannot hold {what}" for what, is_lost in lost.items() if is_lost)


def _find_format(suffix: str) -> _Format:
    kind = _FORMATS.get(suffix.lower())
    if kind is None:
        raise ValueError(f"expected one of the endings {', '.join(WRITABLE_SUFFIXES)}, got {suffix.lower()!r}")
    return kind


def encode(picture: Picture, suffix: str, options: EncodeOptions | None = None) -> bytes:
    """Encode a picture in the format of `suffix` (".png", ".jpg", ...) and return the bytes of the file.

    What the format cannot store (see `describe_losses`) is dropped: 16 bits are rounded to 8, alpha is blended over
    white, and the metadata in question is left out. `options`: None for the defaults.
    Raises ValueError for a suffix that is not in WRITABLE_SUFFIXES, InvalidImage for a picture that is too large for
    the format.
    """
    kind, options = _find_format(suffix), options or EncodeOptions()
    if max(picture.width, picture.height) > kind.longest:
        raise InvalidImage(
            f"expected a picture that {kind.name} ({suffix}) can store, up to {kind.longest} pixels wide and high, "
            f"got one of {picture.width} x {picture.height}"
        )
    picture = picture if kind.sixteen_bits else convert_to_8_bits(picture)
    picture = picture if kind.alpha else flatten_alpha(picture)
    if kind is _JPEG:
        return jpeg.encode(picture.pixels, picture.metadata, quality=options.quality, subsampling=options.subsampling)
    if kind is _PNG:
        return png.encode(picture.pixels, picture.alpha, picture.metadata)
    if kind is _TIFF:
        return tiff.encode(picture.pixels, picture.alpha, picture.metadata)
    return _encode_with_pillow(picture, kind, options)


def _encode_with_pillow(picture: Picture, kind: _Format, options: EncodeOptions) -> bytes:
    pixels = picture.pixels
    if picture.alpha is not None:
        pixels = np.dstack([pixels, picture.alpha])
    modes = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
    image = Image.fromarray(pixels, modes[pixels.shape[2] if pixels.ndim == 3 else 1])
    metadata = picture.metadata
    fields: dict[str, Any] = {"exif": metadata.exif, "xmp": metadata.xmp, "icc_profile": metadata.icc_profile}
    fields = {name: content for name, content in fields.items() if content is not None} if kind.metadata else {}
    if kind.dpi and metadata.dpi is not None:
        fields["dpi"] = metadata.dpi
    buffer = io.BytesIO()
    image.save(buffer, kind.name.upper(), quality=options.quality, **fields)
    return buffer.getvalue()
