"""Decode picture files: rotate them by their EXIF orientation, convert them to sRGB, and note what was lost."""

from __future__ import annotations

import io
from functools import cache

import cv2
import numpy as np
from pi_heif import register_heif_opener
from PIL import ExifTags, Image, ImageFile, IptcImagePlugin, TiffImagePlugin, UnidentifiedImageError

from colorizer.arrays import Pixels
from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.images import icc
from colorizer.images.metadata import EXIF_DAMAGE, normalize_exif, normalize_xmp, read_exif
from colorizer.images.readers import DAMAGE, read_pixels
from colorizer.picture import Metadata, Picture

READABLE = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "AVIF", "HEIF")  # JPEG includes MPO, which phones write as .jpg
READABLE_TEXT = "JPEG, PNG, WebP, TIFF, BMP, HEIC or AVIF"
READABLE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif")
DEFAULT_MAX_PIXELS = 100_000_000
_MAX_DPI = 65535  # the maximum in JPEG

# The first bytes of other kinds of files that users try; some have four bytes of length before them.
_OTHER_KINDS = {
    b"GIF8": "a GIF",
    b"%PDF": "a PDF",
    b"ftypheic": "a damaged HEIC",
    b"ftypavif": "a damaged AVIF",
    b"ftyp": "a video",
    b"PK\x03\x04": "a ZIP",
    b"II*\0": "a damaged or unusual TIFF",
    b"MM\0*": "a damaged or unusual TIFF",
}

_UPRIGHT = {  # EXIF orientation -> rotation that makes the pixels upright, and whether they are mirrored afterwards
    2: (None, True), 3: (cv2.ROTATE_180, False), 4: (cv2.ROTATE_180, True), 5: (cv2.ROTATE_90_CLOCKWISE, True),
    6: (cv2.ROTATE_90_CLOCKWISE, False), 7: (cv2.ROTATE_90_COUNTERCLOCKWISE, True),
    8: (cv2.ROTATE_90_COUNTERCLOCKWISE, False),
}  # fmt: skip


def decode(data: bytes, *, max_pixels: int = DEFAULT_MAX_PIXELS) -> Picture:
    """Decode a picture file (READABLE_TEXT): upright, in sRGB, with its metadata.

    The EXIF orientation is applied. An ICC profile of another colour space is applied, too; RGB with a profile of
    curves and primaries becomes a grey picture of the same L (see `icc`). Of several pages or pictures, the first is
    read. `Picture.notes` says what the picture does not keep of the file.
    `max_pixels`: the limit for width times height, checked before the pixels are decoded.
    Raises ImageTooLarge above that limit, and InvalidImage if `data` is empty, damaged or not a picture.

    Pillow's own guard against decompression bombs, `Image.MAX_IMAGE_PIXELS`, has one limit for the whole process. The
    first call of this function switches it off, so other code in the process that opens files with Pillow must check
    their sizes itself.
    """
    if not data:
        raise InvalidImage(f"expected a {READABLE_TEXT} picture, got an empty file")
    _prepare_pillow()
    try:
        with Image.open(io.BytesIO(data), formats=READABLE) as image:
            _check_size(image, max_pixels)
            pixels, alpha = read_pixels(image, data)
            return _make_picture(image, pixels, alpha)
    except UnidentifiedImageError:
        raise InvalidImage(f"expected a {READABLE_TEXT} picture, got {_describe(data)}") from None
    except DAMAGE as error:
        # The file's signature was valid, so the file is damaged. Some readers' messages have several lines.
        cause = " ".join(str(error).split())
        raise InvalidImage(f"expected a complete picture, got a damaged or truncated file ({cause})") from error


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


def _check_size(image: Image.Image, max_pixels: int) -> None:
    pixels = image.width * image.height
    if pixels > max_pixels:
        raise ImageTooLarge(
            f"expected at most {_megapixels(max_pixels)}, got {_megapixels(pixels)} ({image.width} x {image.height})"
        )


def _megapixels(pixels: int) -> str:
    return f"{float(f'{pixels / 1e6:.3g}'):.15g} megapixels"


def _describe(data: bytes) -> str:
    for signature, kind in _OTHER_KINDS.items():
        if data.startswith(signature) or data[4:].startswith(signature):
            return f"{kind} file"
    try:
        data[:1024].decode("utf-8")
    except UnicodeDecodeError:
        return "another kind of file"
    return "a text file"


def _make_picture(image: ImageFile.ImageFile, pixels: Pixels, alpha: Pixels | None) -> Picture:
    """Build the picture from the decoded pixels and the file's metadata."""
    notes = []
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":  # the extra images in a phone's MPO file are not pages
        notes.append(f"the first of {frames} pages or pictures")
    profile = image.info.get("icc_profile")
    try:
        if profile and not icc.is_srgb(profile):
            pixels = icc.to_srgb(pixels, profile)
            notes.append(f"colour profile {icc.describe_profile(profile)} applied; the result is sRGB")
            profile = icc.srgb_profile()
    except icc.BROKEN as error:
        profile = None
        notes.append(f"colour profile ignored, because it cannot be used ({error})")
    pixels = _cmyk_to_rgb(pixels)
    turn = _read_orientation(image)
    pixels, alpha = _rotate(pixels, turn), None if alpha is None else _rotate(alpha, turn)
    try:
        exif = read_exif(image)
        exif = None if exif is None else normalize_exif(exif, pixels.shape[1], pixels.shape[0])
    except EXIF_DAMAGE as error:
        exif = None
        notes.append(f"EXIF dropped, because it is damaged ({error})")
    if _has_iptc(image):
        notes.append("IPTC dropped: captions and keywords that older programs write in addition to EXIF and XMP")
    xmp = image.info.get("xmp") or None
    xmp = xmp.encode() if isinstance(xmp, str) else xmp
    metadata = Metadata(exif, None if xmp is None else normalize_xmp(xmp), profile or None, _read_dpi(image))
    return Picture(pixels, alpha, metadata, tuple(notes))


def _cmyk_to_rgb(pixels: Pixels) -> Pixels:
    """CMYK (0 is no ink) without a usable profile -> RGB: (1 - ink) * (1 - black). Other pixels are not changed."""
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    top = int(np.iinfo(pixels.dtype).max)
    light = (top - pixels).astype(np.uint32)
    return ((light[..., :3] * light[..., 3:] + top // 2) // top).astype(pixels.dtype)


def _read_orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except EXIF_DAMAGE:
        return 1  # a damaged orientation tag does not make the picture unreadable


def _rotate(values: Pixels, orientation: int) -> Pixels:
    rotation, mirrored = _UPRIGHT.get(orientation, (None, False))
    if rotation is not None:
        values = np.asarray(cv2.rotate(values, rotation), values.dtype)
    return np.asarray(cv2.flip(values, 1), values.dtype) if mirrored else values


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
