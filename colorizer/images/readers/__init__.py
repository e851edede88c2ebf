"""Read picture files: each format has a module of its own, and returns `Samples`."""

from __future__ import annotations

from collections.abc import Callable

from PIL import UnidentifiedImageError

from colorizer.images.metadata import EXIF_DAMAGE
from colorizer.images.readers import bmp, heif, jpeg, png, tiff, webp
from colorizer.images.samples import CheckSize, Samples

# What the readers raise for damaged files; in a damaged TIFF, a value of any type can stand in place of a number. The
# codecs' own exceptions are RuntimeErrors.
DAMAGE = (*EXIF_DAMAGE, RuntimeError)

# The offset and the bytes of a format's signature, and its reader.
_READERS: tuple[tuple[int, tuple[bytes, ...], Callable[[bytes, CheckSize], Samples]], ...] = (
    (0, (b"\xff\xd8\xff",), jpeg.read),
    (0, (b"\x89PNG\r\n\x1a\n",), png.read),
    (0, (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), tiff.read),
    (4, (b"ftyp",), heif.read),
    (0, (b"RIFF",), webp.read),
    (0, (b"BM",), bmp.read),
)


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read a picture file: its samples, and what the file says they mean.

    `check_size`: called with width and height before pixels are decoded; what it raises is passed on.
    Raises UnidentifiedImageError for a file of another format, InvalidImage for an unsupported kind of pixels, one of
    DAMAGE for a damaged file.
    """
    for offset, signatures, reader in _READERS:
        if data.startswith(signatures, offset):
            return reader(data, check_size)
    raise UnidentifiedImageError("the file has no known signature")
