"""Read the pixels of open files, each format with the reader that loses least.

Pillow opens all files, but it reads 16-bit colour as 8 bits. Where imagecodecs (libjpeg-turbo, libpng) or tifffile is
faster or keeps the bit depth, it reads the pixels.
"""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
import tifffile
from PIL import ExifTags, Image

from colorizer.arrays import Pixels
from colorizer.errors import InvalidImage
from colorizer.images.jpeg import find_scan_start
from colorizer.images.metadata import EXIF_DAMAGE

# What the readers raise for damaged files; in a damaged TIFF, a value of any type can stand in place of a number. The
# codecs' own exceptions are RuntimeErrors.
DAMAGE = (*EXIF_DAMAGE, RuntimeError)


def read_pixels(image: Image.Image, data: bytes) -> tuple[Pixels, Pixels | None]:
    """Read grey (H, W), RGB (H, W, 3) or CMYK (H, W, 4; 0 is no ink) pixels, and alpha (H, W) or None: uint8 or uint16.

    `data`: the bytes of the file. `image`: the same file, opened by Pillow.
    Raises InvalidImage for unsupported kinds of pixels (floats, ...), one of DAMAGE for a damaged file.
    """
    if image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB"):
        return _read_jpeg(data), None
    if image.format == "PNG" and data[24] == 16 and image.mode != "I;16":  # the bit depth in the IHDR chunk
        image.load()  # reads the metadata after the pixels
        return _split_alpha(np.asarray(imagecodecs.png_decode(data)))
    if image.format == "TIFF" and _is_deep(image):
        return _read_tiff(data, image.size)
    image.load()
    return _read_with_pillow(image)


def _read_jpeg(data: bytes) -> Pixels:
    if data.find(b"\xff\xd9", find_scan_start(data)) < 0:
        raise OSError("the end is missing")  # libjpeg would fill the missing part with grey
    return np.asarray(imagecodecs.jpeg8_decode(data), np.uint8)


def _is_deep(image: Image.Image) -> bool:
    tags = image.tag_v2  # type: ignore[attr-defined]
    bits = tags.get(ExifTags.Base.BitsPerSample, (1,))
    return bool(max(bits) == 16 and tags.get(ExifTags.Base.SamplesPerPixel, 1) > 1)


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
    if not kinds or kinds[0] not in (tifffile.EXTRASAMPLE.ASSOCALPHA, tifffile.EXTRASAMPLE.UNASSALPHA):
        return pixels, None
    alpha = np.ascontiguousarray(channels[..., colors])
    return (_unpremultiply(pixels, alpha) if kinds[0] == tifffile.EXTRASAMPLE.ASSOCALPHA else pixels), alpha


def _unpremultiply(pixels: Pixels, alpha: Pixels) -> Pixels:
    """Divide uint16 colours that were multiplied by alpha (premultiplied) by it; same shape."""
    share = alpha.reshape(alpha.shape + (1,) * (pixels.ndim - 2)).astype(np.uint32)
    unassociated = (pixels.astype(np.uint32) * 65535 + share // 2) // np.maximum(share, 1)
    return np.asarray(np.minimum(unassociated, 65535), np.uint16)


def _read_with_pillow(image: Image.Image) -> tuple[Pixels, Pixels | None]:
    """Read pixels of any of Pillow's modes. 16-bit grey stays 16 bits."""
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
    """Split (H, W) or (H, W, 1..4) into pixels and alpha, which is the last of two or four channels."""
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
