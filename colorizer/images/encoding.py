"""Encode pictures as files, with everything that the format can store."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np
from PIL import Image

from colorizer.errors import InvalidImage
from colorizer.images import jpeg, png, tiff
from colorizer.picture import Metadata, Picture, convert_to_8_bits, flatten_alpha

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


def _no_losses(_: Metadata) -> Iterable[str]:
    return ()


_FIELDS = frozenset(item.name for item in fields(Metadata))


@dataclass(frozen=True)
class _Format:
    """What a file format can store.

    `longest`: the maximum width and height, in pixels. `metadata`: fields of Metadata. `find_losses`: names what such
    fields hold that does not fit all the same.
    """

    name: str
    longest: int = 2**31 - 1
    sixteen_bits: bool = False
    alpha: bool = True
    metadata: frozenset[str] = _FIELDS
    find_losses: Callable[[Metadata], Iterable[str]] = _no_losses


_NAMES = {
    "exif": "EXIF",
    "xmp": "XMP",
    "icc_profile": "the colour profile",
    "dpi": "the resolution (DPI)",
    "iptc": "IPTC",
}
_BLOCKS = frozenset({"exif", "xmp", "icc_profile"})
_JPEG = _Format("JPEG", jpeg.LONGEST_SIDE, alpha=False, find_losses=jpeg.find_losses)
_PNG = _Format("PNG", sixteen_bits=True)
_WEBP = _Format("WebP", 16383, metadata=_BLOCKS)
_TIFF = _Format("TIFF", sixteen_bits=True, find_losses=tiff.find_losses)
_BMP = _Format("BMP", alpha=False, metadata=frozenset({"dpi"}))
_AVIF = _Format("AVIF", 65535, metadata=_BLOCKS)
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
    lost = ["16 bits per channel"] if picture.pixels.dtype == np.uint16 and not kind.sixteen_bits else []
    lost += ["transparency"] if picture.alpha is not None and not kind.alpha else []
    held = {item.name: getattr(metadata, item.name) for item in fields(Metadata)}
    lost += [_name_field(name, metadata) for name, content in held.items() if content and name not in kind.metadata]
    lost += kind.find_losses(metadata)
    return tuple(f"{kind.name} cannot hold {what}" for what in lost)


def format_name(suffix: str) -> str:
    """The name of the format of `suffix`, for example "JPEG". Raises as `describe_losses` does."""
    return _find_format(suffix).name


def holds(suffix: str, field: str) -> bool:
    """Whether the format of `suffix` can store a field of Metadata. Raises as `describe_losses` does."""
    return field in _find_format(suffix).metadata


def _name_field(name: str, metadata: Metadata) -> str:
    """A field of the metadata, for the user."""
    if name != "texts":
        return _NAMES[name]
    keywords = dict.fromkeys(keyword for keyword, _ in metadata.texts)
    return "the comment" if [*keywords] == [jpeg.COMMENT] else f"the texts {', '.join(keywords)}"


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
    held = {name: getattr(picture.metadata, name) for name in kind.metadata}
    stored: dict[str, Any] = {name: content for name, content in held.items() if content is not None}
    if "dpi" in kind.metadata:
        stored.setdefault("dpi", (0, 0))  # no resolution; without it, Pillow would write one
    buffer = io.BytesIO()
    image.save(buffer, kind.name.upper(), quality=options.quality, **stored)
    return buffer.getvalue()
