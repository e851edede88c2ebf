"""Read TIFF files: what a file's tags say about its samples decides how they are read."""

from __future__ import annotations

import numpy as np
from PIL.ExifTags import Base

from colorizer.arrays import Pixels
from colorizer.errors import InvalidImage
from colorizer.images.readers.tiff.blocks import Blocks, decode_area, find_blocks
from colorizer.images.readers.tiff.colors import Conversion, make_conversion, read_encoding
from colorizer.images.readers.tiff.layout import read_layout
from colorizer.images.readers.tiff.metadata import read_metadata
from colorizer.images.readers.tiff.pages import find_picture
from colorizer.images.samples import CheckSize, Samples
from colorizer.parallel import STRIP_PIXELS, map_strips


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read the first full picture of a TIFF or BigTIFF. Raises as `readers.read` does."""
    directory, pages, notes = find_picture(data)
    layout = read_layout(directory, check_size)
    conversion = make_conversion(directory, layout)
    pixels, alpha = _read_pixels(find_blocks(directory, layout), conversion)
    metadata, lost = read_metadata(directory)
    extra = layout.samples - layout.colors - (layout.alpha is not None)
    if extra:
        notes += (f"dropped: {extra} extra channel{'s' if extra > 1 else ''}, such as infrared",)
    return Samples(
        pixels,
        alpha,
        read_encoding(directory, layout),
        directory.number(Base.Orientation, 1),
        metadata,
        (*notes, *conversion.notes, *lost),
        pages,
    )


def _read_pixels(blocks: Blocks, conversion: Conversion) -> tuple[Pixels, Pixels | None]:
    """Decode and convert all blocks, on all cores."""
    layout = blocks.layout
    pixels = np.empty((layout.length, layout.width, *conversion.shape), conversion.dtype)
    alpha = None if layout.alpha is None else np.empty(pixels.shape[:2], conversion.dtype)

    def read_blocks(numbers: slice) -> None:
        for number in range(numbers.start, numbers.stop):
            row, column = divmod(number, blocks.across)
            top, left = row * layout.block_length, column * layout.block_width
            color, share = conversion.convert(decode_area(blocks, row, column, conversion.samples))
            place = slice(top, top + color.shape[0]), slice(left, left + color.shape[1])
            pixels[place] = color
            if alpha is not None and share is not None:
                alpha[place] = share

    count = blocks.down * blocks.across
    step = max(1, STRIP_PIXELS // (layout.block_width * layout.block_length))
    map_strips(read_blocks, [slice(first, min(first + step, count)) for first in range(0, count, step)])
    if layout.bits == 32 and not layout.signed and int(pixels.max()) - int(pixels.min()) < 2:
        raise InvalidImage("expected 32-bit values between 0 and 4294967295, got such that differ by less than 65538")
    return pixels, alpha
