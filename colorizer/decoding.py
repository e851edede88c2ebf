"""Encoded files to pictures."""

from __future__ import annotations

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.picture import Picture

READABLE = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")  # JPEG takes in MPO, what many phones write under .jpg
READABLE_TEXT = "JPEG, PNG, WebP, TIFF or BMP"
READABLE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp")
DEFAULT_MAX_PIXELS = 100_000_000

# What Pillow's readers raise on damaged files; a damaged TIFF can put any type where a number should be.
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, ArithmeticError, struct.error)

# How kinds that people try begin, at once or after four bytes of length.
_OTHER_KINDS = {
    b"GIF8": "a GIF",
    b"%PDF": "a PDF",
    b"ftypheic": "a HEIC",
    b"ftypavif": "an AVIF",
    b"ftyp": "a video",
    b"PK\x03\x04": "a ZIP",
}

_Turn = Image.Transpose
_UPRIGHT = {  # by EXIF orientation
    2: _Turn.FLIP_LEFT_RIGHT, 3: _Turn.ROTATE_180, 4: _Turn.FLIP_TOP_BOTTOM, 5: _Turn.TRANSPOSE,
    6: _Turn.ROTATE_270, 7: _Turn.TRANSVERSE, 8: _Turn.ROTATE_90,
}  # fmt: skip


def decode(data: bytes, *, max_pixels: int = DEFAULT_MAX_PIXELS) -> Picture:
    """The picture in an encoded file, turned upright as its EXIF orientation says.

    Raises InvalidImage (not a picture, damaged, empty) or, before anything is decoded, ImageTooLarge.
    """
    if not data:
        raise InvalidImage(f"expected a {READABLE_TEXT} picture, got an empty file")
    try:
        with Image.open(io.BytesIO(data), formats=READABLE) as image:
            _check_size(image, max_pixels)
            image.load()
            return _picture(_upright(image))
    except UnidentifiedImageError:
        raise InvalidImage(f"expected a {READABLE_TEXT} picture, got {_describe(data)}") from None
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(f"expected at most {_megapixels(max_pixels)}, got a far larger picture ({error})") from None
    except _DAMAGE as error:
        # The beginning was right, or it would be unidentified.
        raise InvalidImage(f"expected a complete picture, got a damaged or truncated file ({error})") from error


def _upright(image: Image.Image) -> Image.Image:
    # Not ImageOps.exif_transpose: it writes the EXIF data anew, and fails on a camera's odd entries.
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _DAMAGE:
        orientation = 1  # a camera's broken note about a picture is no reason to refuse the picture
    turn = _UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)


def _check_size(image: Image.Image, max_pixels: int) -> None:
    pixels = image.width * image.height
    if pixels > max_pixels:
        raise ImageTooLarge(
            f"expected at most {_megapixels(max_pixels)}, got {_megapixels(pixels)} ({image.width} x {image.height})"
        )


def _megapixels(pixels: int) -> str:
    return f"{pixels / 1e6:.3g} megapixels"


def _describe(data: bytes) -> str:
    for signature, kind in _OTHER_KINDS.items():
        if data.startswith(signature) or data[4:].startswith(signature):
            return f"{kind} file"
    try:
        data[:1024].decode("utf-8")
    except UnicodeDecodeError:
        return "another kind of file"
    return "a text file"


def _picture(image: Image.Image) -> Picture:
    """Any of Pillow's modes -> Picture. 16-bit grey stays 16 bits."""
    if image.mode.startswith("I"):
        return Picture(_sixteen_bits(image))
    if image.mode == "F":
        raise InvalidImage("expected whole-number pixels (8 or 16 bits), got floating-point ones")
    has_alpha = image.has_transparency_data
    is_grey = image.mode in ("1", "L", "LA", "La")
    if has_alpha:
        channels = np.asarray(image.convert("LA" if is_grey else "RGBA"))
        pixels = channels[..., 0] if is_grey else channels[..., :3]
        return Picture(np.ascontiguousarray(pixels), np.ascontiguousarray(channels[..., -1]))
    return Picture(np.ascontiguousarray(image.convert("L" if is_grey else "RGB")))


def _sixteen_bits(image: Image.Image) -> NDArray[np.uint16]:
    values = np.asarray(image)
    if values.min() < 0 or values.max() > 65535:
        raise InvalidImage(f"expected grey values of 0..65535, got {values.min()}..{values.max()}")
    return np.ascontiguousarray(values.astype(np.uint16))
