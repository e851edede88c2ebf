"""Read JPEG files with libjpeg-turbo."""

from __future__ import annotations

import imagecodecs
import numpy as np

from colorizer.arrays import Pixels
from colorizer.images.jpeg import find_scan_start
from colorizer.images.readers import pillow
from colorizer.images.samples import CheckSize, Samples


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read a JPEG, also the first of several in an MPO file. Raises as `readers.read` does."""
    with pillow.open_image(data, "JPEG", check_size=check_size) as image:
        if image.mode in ("L", "RGB"):
            return pillow.make_samples(image, _read_pixels(data), None)
        image.load()
        return pillow.make_samples(image, *pillow.read_pixels(image))


def _read_pixels(data: bytes) -> Pixels:
    if data.find(b"\xff\xd9", find_scan_start(data)) < 0:
        raise OSError("the end is missing")  # libjpeg would fill the missing part with grey
    return np.asarray(imagecodecs.jpeg8_decode(data), np.uint8)
