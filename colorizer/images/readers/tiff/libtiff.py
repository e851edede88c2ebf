"""Decode a block with libtiff: LZW and the CCITT codes.

imagecodecs' own decoder of LZW crashes the process for some damaged data, and is slower; its decoders of CCITT codes do
not report damage. imagecodecs also has libtiff, which reads whole files only, so the block becomes a small one.
"""

from __future__ import annotations

import struct
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL.ExifTags import Base
from PIL.TiffTags import LONG

_HEADER = 8  # bytes before the block


def decode_with_libtiff(
    content: bytes, compression: int, width: int, rows: int, bits: int, options: int = 0
) -> NDArray[Any]:
    """Decode a block of one sample per pixel: (rows, width), uint8. Raises imagecodecs.TiffError for damage.

    `content`: the bytes of the block. `bits`: 1 or 8. `options`: for CCITT, as in the tags T4Options and T6Options.
    """
    tags = {
        Base.ImageWidth: width,
        Base.ImageLength: rows,
        Base.BitsPerSample: bits,
        Base.Compression: compression,
        Base.PhotometricInterpretation: 1,
        Base.StripOffsets: _HEADER,
        Base.RowsPerStrip: rows,
        Base.StripByteCounts: len(content),
        Base.T4Options: options,
    }
    padded = content + bytes(len(content) % 2)
    lines = b"".join(struct.pack("<HHII", tag, LONG, 1, value) for tag, value in sorted(tags.items()))
    head = struct.pack("<4sI", b"II*\0", _HEADER + len(padded))
    return np.asarray(imagecodecs.tiff_decode(b"".join([head, padded, struct.pack("<H", len(tags)), lines, bytes(4)])))
