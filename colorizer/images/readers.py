"""Pixels out of opened files, each by the reader that loses least: Pillow, which knows 16-bit colour only at 8 bits,
opens all; imagecodecs (libjpeg-turbo, libpng) and tifffile read what they do faster or deeper."""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

from colorizer.arrays import Pixels
from colorizer.errors import InvalidImage
from colorizer.images.jpeg import scan_start
from colorizer.images.metadata import EXIF_DAMAGE

# What the readers raise on damaged files; a damaged TIFF can put any type where a number should be. The codecs' own
# errors are RuntimeErrors.
DAMAGE = (*EXIF_DAMAGE, RuntimeError)
_BITS_PER_SAMPLE, _SAMPLES = 258, 277
_ASSOCIATED, _UNASSOCIATED = 1, 2  # kinds of TIFF's extra samples that are alpha


def read_pixels(image: Image.Image, data: bytes) -> tuple[Pixels, Pixels | None]:
    """Grey (H, W), RGB (H, W, 3) or CMYK (H, W, 4; 0 is no ink), and alpha (H, W) or None: uint8 or uint16.

    `image`: `data` opened by Pillow. Raises InvalidImage for floats, one of DAMAGE for what cannot be read.
    """
    if image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB"):
        return _read_jpeg(data), None
    if image.format == "PNG" and data[24] == 16 and image.mode != "I;16":  # the depth in its header
        image.load()  # for what stands behind the pixels
        return _split_alpha(np.asarray(imagecodecs.png_decode(data)))
    if image.format == "TIFF" and _is_deep(image):
        return _read_tiff(data, image.size)
    image.load()
    return _read_with_pillow(image)


def _read_jpeg(data: bytes) -> Pixels:
    if data.find(b"\xff\xd9", scan_start(data)) < 0:
        raise OSError("the end is missing")  # libjpeg would fill up with grey
    return np.asarray(imagecodecs.jpeg8_decode(data), np.uint8)


def _is_deep(image: Image.Image) -> bool:
    tags = image.tag_v2  # type: ignore[attr-defined]
    bits = tags.get(_BITS_PER_SAMPLE, (1,))
    return bool(max(bits) == 16 and tags.get(_SAMPLES, 1) > 1)


def _read_tiff(data: bytes, size: tuple[int, int]) -> tuple[Pixels, Pixels | None]:
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages.first
        if (page.imagewidth, page.imagelength) != size or page.imagedepth != 1 or page.samplesperpixel > 5:
            raise InvalidImage(f"expected a TIFF of {size[0]} x {size[1]} and up to 5 channels, got {page.shape}")
        channels = np.asarray(page.asarray(maxworkers=1))
        if page.planarconfig == tifffile.PLANARCONFIG.SEPARATE:
            channels = np.ascontiguousarray(np.moveaxis(channels, 0, -1))
        kinds = tuple(page.extrasamples)
        ink = page.photometric == tifffile.PHOTOMETRIC.SEPARATED
    if channels.dtype != np.uint16:
        raise InvalidImage(f"expected whole-number pixels (8 or 16 bits), got {channels.dtype}")
    colors = channels.shape[2] - len(kinds)
    if colors not in ((4,) if ink else (1, 3)):
        raise InvalidImage(f"expected a TIFF of grey, RGB or CMYK, got one of {colors} channels")
    pixels = np.ascontiguousarray(channels[..., :colors] if colors > 1 else channels[..., 0])
    if not kinds or kinds[0] not in (_ASSOCIATED, _UNASSOCIATED):
        return pixels, None
    alpha = np.ascontiguousarray(channels[..., colors])
    return (_unpremultiply(pixels, alpha) if kinds[0] == _ASSOCIATED else pixels), alpha


def _unpremultiply(pixels: Pixels, alpha: Pixels) -> Pixels:
    """uint16 colours that were multiplied by alpha -> as they were."""
    share = alpha.reshape(alpha.shape + (1,) * (pixels.ndim - 2)).astype(np.uint32)
    unassociated = (pixels.astype(np.uint32) * 65535 + share // 2) // np.maximum(share, 1)
    return np.asarray(np.minimum(unassociated, 65535), np.uint16)


def _read_with_pillow(image: Image.Image) -> tuple[Pixels, Pixels | None]:
    """Any of Pillow's modes. 16-bit grey stays 16 bits."""
    if image.mode.startswith("I"):
        return _read_16_bit_gray(image), None
    if image.mode == "F":
        raise InvalidImage("expected whole-number pixels (8 or 16 bits), got floating-point ones")
    if image.mode == "CMYK":
        return np.asarray(image), None
    is_gray = image.mode in ("1", "L", "LA", "La")
    if image.has_transparency_data:
        return _split_alpha(np.asarray(image.convert("LA" if is_gray else "RGBA")))
    return np.ascontiguousarray(image.convert("L" if is_gray else "RGB")), None


def _split_alpha(channels: Pixels) -> tuple[Pixels, Pixels | None]:
    """(H, W) or (H, W, 1..4), of which an even number has alpha last."""
    if channels.ndim == 2:
        return channels, None
    count = channels.shape[2]
    pixels = np.ascontiguousarray(channels[..., 0] if count < 3 else channels[..., :3])
    return pixels, np.ascontiguousarray(channels[..., -1]) if count % 2 == 0 else None


def _read_16_bit_gray(image: Image.Image) -> Pixels:
    values = np.asarray(image)
    if values.min() < 0 or values.max() > 65535:
        raise InvalidImage(f"expected grey values of 0..65535, got {values.min()}..{values.max()}")
    return np.ascontiguousarray(values.astype(np.uint16))
