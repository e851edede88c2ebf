"""Encoded pictures <-> pixels. Pillow reads, OpenCV writes what Pillow cannot (16 bits per channel)."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import PurePath

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.lab import Pixels

READABLE = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")  # JPEG takes in MPO, what many phones write under .jpg
READABLE_TEXT = "JPEG, PNG, WebP, TIFF or BMP"
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp")
DEFAULT_MAX_PIXELS = 100_000_000
JPEG_QUALITY = 95

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


@dataclass(frozen=True)
class Picture:
    """A decoded picture, upright.

    `pixels`: grey (H, W) or RGB (H, W, 3); `alpha`: (H, W) of the same dtype (uint8 or uint16), or None.
    """

    pixels: Pixels
    alpha: Pixels | None = None

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


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


def shrink(picture: Picture, longest: int) -> Picture:
    """The picture with its longest side at most `longest` pixels, 8 bits, for showing."""
    scale = min(1.0, longest / max(picture.width, picture.height))
    return _resized(picture, max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))


def cut(picture: Picture, width: int, height: int) -> Picture:
    """The largest centred part of the picture with the shape of `width` x `height`, at that size, 8 bits."""
    scale = min(picture.width / width, picture.height / height)
    part_width, part_height = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (picture.width - part_width) // 2, (picture.height - part_height) // 2
    part = (slice(top, top + part_height), slice(left, left + part_width))
    alpha = None if picture.alpha is None else np.ascontiguousarray(picture.alpha[part])
    return _resized(Picture(np.ascontiguousarray(picture.pixels[part]), alpha), width, height)


def _resized(picture: Picture, width: int, height: int) -> Picture:
    picture = _eight_bits(picture)
    if (width, height) == (picture.width, picture.height):
        return picture

    def resized(values: Pixels) -> Pixels:
        return np.asarray(cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA), np.uint8)

    return Picture(resized(picture.pixels), None if picture.alpha is None else resized(picture.alpha))


def encode(picture: Picture, suffix: str) -> bytes:
    """A picture as a file of the kind its suffix names (".png", ".jpg", ...).

    JPEG and BMP hold neither 16 bits nor transparency: depth is rounded to 8 bits and alpha is laid over white.
    Raises ValueError for a suffix we do not write, InvalidImage for a picture too large for the format.
    """
    suffix = suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"expected one of the endings {', '.join(SUFFIXES)}, got {suffix!r}")
    if suffix in (".jpg", ".jpeg", ".bmp"):
        picture = _opaque(_eight_bits(picture))
    elif suffix == ".webp":
        picture = _eight_bits(picture)
    options = {
        ".jpg": [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111],  # 4:4:4
        ".png": [cv2.IMWRITE_PNG_COMPRESSION, 3],
        ".webp": [cv2.IMWRITE_WEBP_QUALITY, JPEG_QUALITY],
    }
    options[".jpeg"] = options[".jpg"]
    done, data = cv2.imencode(suffix, _bgr(picture), options.get(suffix, []))
    if not done:
        raise InvalidImage(f"expected a picture that {suffix} can hold, got one of {picture.width} x {picture.height}")
    return data.tobytes()


def _eight_bits(picture: Picture) -> Picture:
    def narrow(values: Pixels) -> Pixels:
        return values if values.dtype == np.uint8 else ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)

    return Picture(narrow(picture.pixels), None if picture.alpha is None else narrow(picture.alpha))


def _opaque(picture: Picture) -> Picture:
    if picture.alpha is None:
        return picture
    alpha = picture.alpha.reshape(picture.alpha.shape + (1,) * (picture.pixels.ndim - 2)).astype(np.uint16)
    blended = picture.pixels * alpha + 255 * (255 - alpha)
    return Picture(((blended + 127) // 255).astype(np.uint8))


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


def colorized_name(original: str, suffix: str | None = None) -> str:
    """`grandma.jpg` -> `grandma_colorized.jpg`; the same ending unless `suffix` names another."""
    path = PurePath(original)
    return f"{path.stem}_colorized{suffix if suffix is not None else path.suffix}"
