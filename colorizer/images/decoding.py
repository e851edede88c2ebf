"""Decode picture files: rotate them by their EXIF orientation, convert them to sRGB, and note what was lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import cv2
import numpy as np
from PIL import UnidentifiedImageError

from colorizer.arrays import Pixels
from colorizer.color.encoding import describe_encoding, is_hdr, is_srgb, to_srgb
from colorizer.errors import ImageTooLarge, InvalidImage, Problem
from colorizer.images import icc
from colorizer.images.kinds import READABLE_TEXT, Medium, describe_unread, kind_of
from colorizer.images.metadata import EXIF_DAMAGE, normalize_exif
from colorizer.images.readers import DAMAGE, read
from colorizer.images.samples import CheckSize, Samples, describe_pages, describe_untaken
from colorizer.images.truncation import ends_early
from colorizer.images.xmp import normalize_xmp
from colorizer.picture import Picture

DEFAULT_MAX_PIXELS = 100_000_000
Result = TypeVar("Result")

_UPRIGHT = {  # EXIF orientation -> rotation that makes the pixels upright, and whether they are mirrored afterwards
    2: (None, True), 3: (cv2.ROTATE_180, False), 4: (cv2.ROTATE_180, True), 5: (cv2.ROTATE_90_CLOCKWISE, True),
    6: (cv2.ROTATE_90_CLOCKWISE, False), 7: (cv2.ROTATE_90_COUNTERCLOCKWISE, True),
    8: (cv2.ROTATE_90_COUNTERCLOCKWISE, False),
}  # fmt: skip


def decode(
    data: bytes, *, max_pixels: int = DEFAULT_MAX_PIXELS, on_size: Callable[[int, int], None] | None = None
) -> Picture:
    """Decode a picture file (READABLE_TEXT): upright, in sRGB, with its metadata.

    The EXIF orientation is applied. An ICC profile of another colour space is applied, too, or the encoding that a file
    without one names with numbers (gamma, PQ, ...); RGB of curves and primaries becomes a grey picture of the same L
    (see `icc` and `color.encoding`). Of several pages or pictures, the first is read. `Picture.notes` says what the
    picture does not keep of the file.
    `max_pixels`: the limit for width times height, checked before the pixels are decoded. `on_size`: called with width
    and height after that check.
    Raises ImageTooLarge above that limit, and InvalidImage if `data` is empty, damaged or not a picture, or if there is
    too little memory for it.

    Pillow's own guard against decompression bombs, `Image.MAX_IMAGE_PIXELS`, has one limit for the whole process. The
    first call of this function switches it off, so other code in the process that opens files with Pillow must check
    their sizes itself.
    """

    def check_size(width: int, height: int) -> None:
        _check_size(max_pixels, width, height)
        if on_size is not None:
            on_size(width, height)

    return _read(data, check_size, _make_picture)


def read_xmp(data: bytes, *, max_pixels: int = DEFAULT_MAX_PIXELS) -> bytes | None:
    """The XMP packet of a picture file as it is there, with what `decode` takes out of it. Raises as `decode` does."""
    return _read(data, partial(_check_size, max_pixels), lambda samples: samples.metadata.xmp)


def _read(data: bytes, check_size: CheckSize, use: Callable[[Samples], Result]) -> Result:
    if not data:
        raise InvalidImage(f"expected a {READABLE_TEXT} picture, got an empty file", problem=Problem.EMPTY)
    try:
        return use(read(data, check_size))
    except UnidentifiedImageError:
        is_photo = kind_of(data).medium is Medium.PHOTO
        raise InvalidImage(
            f"expected a {READABLE_TEXT} picture, got {describe_unread(data)}",
            problem=Problem.DAMAGED if is_photo else Problem.OTHER_KIND,
        ) from None
    except (MemoryError, cv2.error) as error:
        if isinstance(error, cv2.error) and error.code != cv2.Error.StsNoMem:
            raise
        raise InvalidImage(
            "expected a picture that can be read with the memory that is free, got one that needs more",
            problem=Problem.NO_MEMORY,
        ) from error
    except DAMAGE as error:
        # The file's signature was valid, so the file is damaged. Some readers' messages have several lines.
        cause = " ".join(str(error).split())
        raise InvalidImage(
            f"expected a complete picture, got a damaged or truncated file ({cause})",
            problem=Problem.TRUNCATED if ends_early(data) else Problem.DAMAGED,
        ) from error


def _check_size(max_pixels: int, width: int, height: int) -> None:
    pixels = width * height
    if pixels > max_pixels:
        raise ImageTooLarge(
            f"expected at most {_megapixels(max_pixels)}, got {_megapixels(pixels)} ({width} x {height})"
        )


def _megapixels(pixels: int) -> str:
    return f"{float(f'{pixels / 1e6:.3g}'):.15g} megapixels"


def _make_picture(samples: Samples) -> Picture:
    """Make the samples upright and sRGB."""
    alpha, metadata = samples.alpha, samples.metadata
    pixels, profile, conversion = _convert_to_srgb(samples)
    notes = [*describe_pages(samples.pages), *samples.notes, *conversion]
    pixels = _rotate(_cmyk_to_rgb(pixels), samples.orientation)
    alpha = None if alpha is None else _rotate(alpha, samples.orientation)
    try:
        exif = None if metadata.exif is None else normalize_exif(metadata.exif, pixels.shape[1], pixels.shape[0])
    except EXIF_DAMAGE as error:
        exif = None
        notes.append(f"EXIF dropped, because it is damaged ({error})")
    xmp, lost = (None, ()) if metadata.xmp is None else normalize_xmp(metadata.xmp)
    notes += describe_untaken(lost)
    dpi = metadata.dpi[::-1] if metadata.dpi and samples.orientation >= 5 else metadata.dpi
    changed = replace(metadata, exif=exif, xmp=xmp, icc_profile=profile, dpi=dpi)
    return Picture(pixels, alpha, changed, tuple(notes), samples.pages)


def _convert_to_srgb(samples: Samples) -> tuple[Pixels, bytes | None, tuple[str, ...]]:
    """The pixels in sRGB, as far as the file says what they are, with their profile, and notes on it."""
    pixels, profile, encoding = samples.pixels, samples.metadata.icc_profile, samples.encoding
    if profile:
        try:
            if icc.is_srgb(profile):
                return pixels, profile, ()
            converted = icc.to_srgb(pixels, profile)
            note = f"colour profile {icc.describe_profile(profile)} applied; the result is sRGB"
        except icc.BROKEN as error:
            return pixels, None, (f"colour profile ignored, because it cannot be used ({error})",)
        return converted, icc.srgb_profile(), (note,)
    if encoding is None or is_srgb(encoding, gray=pixels.ndim == 2):
        return pixels, None, ()
    try:
        converted = to_srgb(pixels, encoding)
    except ValueError as error:
        return pixels, None, (f"colour encoding ignored, because it cannot be used ({error})",)
    loss = ", without the brightness of HDR" if is_hdr(encoding) else ""
    return converted, None, (f"colour encoding {describe_encoding(encoding)} applied; the result is sRGB{loss}",)


def _cmyk_to_rgb(pixels: Pixels) -> Pixels:
    """CMYK (0 is no ink) without a usable profile -> RGB: (1 - ink) * (1 - black). Other pixels are not changed."""
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    top = int(np.iinfo(pixels.dtype).max)
    light = (top - pixels).astype(np.uint32)
    return ((light[..., :3] * light[..., 3:] + top // 2) // top).astype(pixels.dtype)


def _rotate(values: Pixels, orientation: int) -> Pixels:
    rotation, mirrored = _UPRIGHT.get(orientation, (None, False))
    if rotation is not None:
        values = np.asarray(cv2.rotate(values, rotation), values.dtype)
    return np.asarray(cv2.flip(values, 1), values.dtype) if mirrored else values
