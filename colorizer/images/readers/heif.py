"""Read AVIF and HEIC files, which are pictures in an ISO base media file (ISO/IEC 23008-12)."""

from __future__ import annotations

from colorizer.images.readers import pillow
from colorizer.images.samples import CheckSize, Samples


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read the first picture of an AVIF or HEIC file. Raises as `readers.read` does."""
    return pillow.read(data, check_size, "AVIF", "HEIF")
