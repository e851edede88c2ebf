"""The pixels of AVIF and HEIC files, at their own depth."""

from __future__ import annotations

import struct

import cv2
import imagecodecs
import numpy as np
import pi_heif

from colorizer.arrays import Pixels
from colorizer.images.readers import pillow
from colorizer.images.readers.heif.boxes import Item
from colorizer.images.samples import CheckSize

Decoded = tuple[Pixels, Pixels | None, int, tuple[str, ...]]  # pixels, alpha, EXIF orientation, notes

# EXIF orientation by the quarter turns to the left ("irot") and the mirroring after them ("imir"): none, top and bottom
# exchanged, left and right exchanged.
_ORIENTATIONS = ((1, 4, 2), (8, 5, 7), (3, 2, 4), (6, 7, 5))


def read_avif(data: bytes, coded: list[Item], frames: int, check_size: CheckSize) -> Decoded:
    """Decode with libavif, which neither crops nor turns; of a sequence, with Pillow at 8 bits, the first frame."""
    bits = max((_av1_bits(item.property("av1C") or b"") for item in coded), default=8)
    notes: tuple[str, ...] = ()
    if frames:
        with pillow.open_image(data, "AVIF", check_size=check_size) as image:
            image.load()
            channels: Pixels = np.asarray(image)
        notes = (f"{bits} bits per channel reduced to 8",) if bits > 8 else ()
    else:
        channels = np.asarray(imagecodecs.avif_decode(data, numthreads=cv2.getNumThreads()))
        channels = pillow.stretch(channels, bits) if channels.dtype == np.uint16 else channels
    turns = (coded[0].property("irot") or b"\0")[0] & 3
    mirrored = coded[0].property("imir")
    orientation = _ORIENTATIONS[turns][0 if not mirrored else 1 + (mirrored[0] & 1)]
    pixels, alpha = pillow.split_alpha(_crop(channels, coded[0].property("clap") or b""))
    return pixels, alpha, orientation, notes


def read_heic(data: bytes, check_size: CheckSize) -> Decoded:
    """Decode with libheif, which crops and turns the picture."""
    file = pi_heif.open_heif(data, convert_hdr_to_8bit=False, hdr_to_16bit=False)
    image = file[file.primary_index]
    check_size(*image.size)
    channels: Pixels = np.array(image)  # a copy, because the file's memory is freed with it: pi-heif 1.4 gives a view
    bits = image.info["bit_depth"]
    pixels, alpha = pillow.split_alpha(pillow.stretch(channels, bits) if channels.dtype == np.uint16 else channels)
    if alpha is not None and image.premultiplied_alpha:
        pixels = pillow.unassociate(pixels, alpha)
    return pixels, alpha, 1, ()


def _av1_bits(configuration: bytes) -> int:
    """The depth in the box "av1C" (AV1 in ISOBMFF, clause 2.3.3)."""
    flags = configuration[2] if len(configuration) > 2 else 0
    return 8 if not flags & 0x40 else 12 if flags & 0x20 else 10


def _crop(channels: Pixels, aperture: bytes) -> Pixels:
    """Crop to the clean aperture ("clap"): width, height and the offset of the centre, as fractions."""
    if len(aperture) != 32:
        return channels
    values = struct.unpack(">8i", aperture)
    if not all(values[1::2]):
        return channels
    width, height, across, down = (top / bottom for top, bottom in zip(values[::2], values[1::2], strict=True))
    left = round((channels.shape[1] - width) / 2 + across)
    above = round((channels.shape[0] - height) / 2 + down)
    inside = min(left, above, channels.shape[1] - left - width, channels.shape[0] - above - height) >= 0
    if not inside or min(width, height) < 1:
        return channels
    return channels[above : above + round(height), left : left + round(width)]
