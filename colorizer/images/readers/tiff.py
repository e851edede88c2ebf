"""Read TIFF files: what the file's tags say about its samples decides how they are read."""

from __future__ import annotations

import io

import numpy as np
import tifffile
from PIL import ExifTags

from colorizer.arrays import Pixels
from colorizer.errors import InvalidImage
from colorizer.images.readers import pillow
from colorizer.images.samples import CheckSize, Samples


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read the first picture of a TIFF. Raises as `readers.read` does."""
    with pillow.open_image(data, "TIFF", check_size=check_size) as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        bits = tags.get(ExifTags.Base.BitsPerSample, (1,))
        if max(bits) == 16 and tags.get(ExifTags.Base.SamplesPerPixel, 1) > 1:
            pixels, alpha = _read_pixels(data, image.size)
        else:
            image.load()
            pixels, alpha = pillow.read_pixels(image)
        return pillow.make_samples(image, pixels, alpha)


def _read_pixels(data: bytes, size: tuple[int, int]) -> tuple[Pixels, Pixels | None]:
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
