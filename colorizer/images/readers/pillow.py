"""Read files with Pillow: WebP and BMP, and whatever of the other formats needs no reader of its own."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from pi_heif import register_heif_opener
from PIL import ExifTags, Image, ImageFile, IptcImagePlugin, TiffImagePlugin

from colorizer.arrays import Pixels
from colorizer.errors import InvalidImage
from colorizer.images.metadata import EXIF_DAMAGE, read_exif
from colorizer.images.samples import CheckSize, Samples
from colorizer.picture import Metadata

_MAX_DPI = 65535  # the maximum in JPEG


def read(data: bytes, check_size: CheckSize, *formats: str) -> Samples:
    """Read the first picture of a file in one of `formats`, as Pillow names them. Raises as `readers.read` does."""
    with open_image(data, *formats, check_size=check_size) as image:
        image.load()
        return make_samples(image, *read_pixels(image))


def open_image(data: bytes, *formats: str, check_size: CheckSize) -> ImageFile.ImageFile:
    """Open a file without decoding its pixels.

    Raises UnidentifiedImageError if it is in none of `formats`, and what `check_size` raises for its size.
    """
    _prepare_pillow()
    image = Image.open(io.BytesIO(data), formats=formats)
    check_size(image.width, image.height)
    return image


def make_samples(image: ImageFile.ImageFile, pixels: Pixels, alpha: Pixels | None) -> Samples:
    """The samples of an open file whose pixels are read, with its metadata."""
    notes = []
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":  # the extra images in a phone's MPO file are not pages
        notes.append(f"the first of {frames} pages or pictures")
    try:
        exif = read_exif(image)
    except EXIF_DAMAGE as error:
        exif = None
        notes.append(f"EXIF dropped, because it is damaged ({error})")
    if _has_iptc(image):
        notes.append("IPTC dropped: captions and keywords that older programs write in addition to EXIF and XMP")
    xmp = image.info.get("xmp") or None
    xmp = xmp.encode() if isinstance(xmp, str) else xmp
    metadata = Metadata(exif, xmp, image.info.get("icc_profile") or None, _read_dpi(image))
    return Samples(pixels, alpha, orientation=_read_orientation(image), metadata=metadata, notes=tuple(notes))


@cache
def _prepare_pillow() -> None:
    register_heif_opener()
    # Pillow's table of TIFF modes lacks 16-bit grey with alpha. With these entries Pillow opens such files; `readers`
    # then reads the pixels with tifffile. Keys: byte order, photometric interpretation (MINISBLACK), sample format
    # (UINT), fill order (MSB2LSB), bits per sample, extra samples.
    for order in (b"II", b"MM"):
        for alpha in (1, 2):  # associated, unassociated
            TiffImagePlugin.OPEN_INFO.setdefault((order, 1, (1,), 1, (16, 16), (alpha,)), ("LA", "LA"))
    Image.MAX_IMAGE_PIXELS = None  # replaced by `_check_size`, which knows the caller's limit


def _read_orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except EXIF_DAMAGE:
        return 1  # a damaged orientation tag does not make the picture unreadable


def _has_iptc(image: ImageFile.ImageFile) -> bool:
    try:
        return bool(IptcImagePlugin.getiptcinfo(image))
    except EXIF_DAMAGE:
        return True  # the file has IPTC, although it is damaged


def _read_dpi(image: Image.Image) -> tuple[float, float] | None:
    """The file's resolution, or None if the fields are missing or invalid."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", ()))
    except (TypeError, ValueError, ArithmeticError):
        return None
    return (across, down) if 1 <= across <= _MAX_DPI and 1 <= down <= _MAX_DPI else None


def read_pixels(image: Image.Image) -> tuple[Pixels, Pixels | None]:
    """Read pixels of any of Pillow's modes. 16-bit grey stays 16 bits."""
    if image.mode.startswith("I"):
        return _read_16_bit_gray(image), None
    if image.mode == "F":
        raise InvalidImage("expected whole-number pixels (8 or 16 bits), got floating-point ones")
    if image.mode == "CMYK":
        return np.asarray(image), None
    is_gray = image.mode in ("1", "L", "LA", "La")
    if image.has_transparency_data:
        return split_alpha(np.asarray(image.convert("LA" if is_gray else "RGBA")))
    return np.ascontiguousarray(image.convert("L" if is_gray else "RGB")), None


def split_alpha(channels: Pixels) -> tuple[Pixels, Pixels | None]:
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
