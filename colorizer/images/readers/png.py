"""Read PNG files (PNG specification, third edition)."""

from __future__ import annotations

import imagecodecs
import numpy as np

from colorizer.images.readers import pillow
from colorizer.images.samples import CheckSize, Samples


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read a PNG. Raises as `readers.read` does."""
    with pillow.open_image(data, "PNG", check_size=check_size) as image:
        if data[24] == 16 and image.mode != "I;16":  # the bit depth in the IHDR chunk
            image.load()  # reads the metadata after the pixels
            return pillow.make_samples(image, *pillow.split_alpha(np.asarray(imagecodecs.png_decode(data))))
        image.load()
        return pillow.make_samples(image, *pillow.read_pixels(image))
