"""Pictures to encoded files, with all that the format can hold."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from colorizer.errors import InvalidImage
from colorizer.lab import Pixels
from colorizer.picture import Picture, eight_bits, opaque

_SUBSAMPLING = MappingProxyType({"4:4:4": 0x111111, "4:2:2": 0x211111, "4:2:0": 0x221111})


@dataclass(frozen=True)
class EncodeOptions:
    """`quality`: of JPEG and WebP, 1..100. `subsampling` of JPEG's chroma: "4:4:4" (full size), "4:2:2" or "4:2:0".

    Raises ValueError for other values.
    """

    quality: int = 95
    subsampling: str = "4:4:4"

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise ValueError(f"expected a quality from 1 to 100, got {self.quality}")
        if self.subsampling not in _SUBSAMPLING:
            raise ValueError(f"expected a subsampling of {', '.join(_SUBSAMPLING)}, got {self.subsampling!r}")


@dataclass(frozen=True)
class _Format:
    """What a kind of file can hold."""

    name: str
    sixteen_bits: bool = False
    alpha: bool = False
    exif: bool = False
    xmp: bool = False
    icc_profile: bool = False
    dpi: bool = False


_JPEG = _Format("JPEG", exif=True, xmp=True, icc_profile=True, dpi=True)
_PNG = _Format("PNG", sixteen_bits=True, alpha=True, exif=True, xmp=True, icc_profile=True, dpi=True)
_WEBP = _Format("WebP", alpha=True, exif=True, xmp=True, icc_profile=True)
_TIFF = _Format("TIFF", sixteen_bits=True, alpha=True, exif=True, xmp=True, icc_profile=True, dpi=True)
_BMP = _Format("BMP", dpi=True)
_FORMATS = MappingProxyType(
    {".jpg": _JPEG, ".jpeg": _JPEG, ".png": _PNG, ".webp": _WEBP, ".tif": _TIFF, ".tiff": _TIFF, ".bmp": _BMP}
)
SUFFIXES = tuple(_FORMATS)  # of the files that can be written


def not_kept(picture: Picture, suffix: str) -> tuple[str, ...]:
    """Sentences on what of the picture a file with that ending cannot hold; none where it holds all.

    Raises ValueError for a suffix we do not write.
    """
    kind = _format(suffix)
    there = {
        "16 bits per channel": (picture.pixels.dtype == np.uint16, kind.sixteen_bits),
        "transparency": (picture.alpha is not None, kind.alpha),
        "EXIF": (picture.metadata.exif is not None, kind.exif),
        "XMP": (picture.metadata.xmp is not None, kind.xmp),
        "the colour profile": (picture.metadata.icc_profile is not None, kind.icc_profile),
        "the resolution (DPI)": (picture.metadata.dpi is not None, kind.dpi),
    }
    return tuple(f"{kind.name} cannot hold {what}" for what, (has, holds) in there.items() if has and not holds)


def _format(suffix: str) -> _Format:
    kind = _FORMATS.get(suffix.lower())
    if kind is None:
        raise ValueError(f"expected one of the endings {', '.join(SUFFIXES)}, got {suffix.lower()!r}")
    return kind


def encode(picture: Picture, suffix: str, options: EncodeOptions | None = None) -> bytes:
    """A picture as a file of the kind its suffix names (".png", ".jpg", ...).

    What the format cannot hold (`not_kept`) is left out: depth is rounded to 8 bits and alpha is laid over white.
    Raises ValueError for a suffix we do not write, InvalidImage for a picture too large for the format.
    """
    kind, options = _format(suffix), options or EncodeOptions()
    picture = picture if kind.sixteen_bits else eight_bits(picture)
    picture = picture if kind.alpha else opaque(picture)
    parameters = {
        "JPEG": [
            *(cv2.IMWRITE_JPEG_QUALITY, options.quality),
            *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, _SUBSAMPLING[options.subsampling]),
        ],
        "PNG": [cv2.IMWRITE_PNG_COMPRESSION, 3],
        "WebP": [cv2.IMWRITE_WEBP_QUALITY, options.quality],
    }
    done, data = cv2.imencode(suffix.lower(), _bgr(picture), parameters.get(kind.name, []))
    if not done:
        raise InvalidImage(f"expected a picture that {suffix} can hold, got one of {picture.width} x {picture.height}")
    return data.tobytes()


def _bgr(picture: Picture) -> Pixels:
    if picture.pixels.ndim == 2:
        code = None if picture.alpha is None else cv2.COLOR_GRAY2BGRA
        pixels = picture.pixels if code is None else cv2.cvtColor(picture.pixels, code)
    else:
        code = cv2.COLOR_RGB2BGR if picture.alpha is None else cv2.COLOR_RGB2BGRA
        pixels = cv2.cvtColor(picture.pixels, code)
    if picture.alpha is not None:
        pixels[..., 3] = picture.alpha
    return pixels  # type: ignore[return-value]
