"""JPEG files of many kinds, and their segments, made without the code that reads them."""

from __future__ import annotations

import io
import struct
from typing import Any

import cv2
import numpy as np
from PIL import Image

from colorizer.arrays import Pixels


def photo(height: int = 96, width: int = 128, channels: int = 1) -> Pixels:
    """A smooth uint8 picture with some grain: (height, width), or (height, width, channels)."""
    random = np.random.default_rng(7)
    coarse = random.integers(20, 230, (5, 6, channels)).astype(np.uint8)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, channels)
    grain = cv2.add(smooth, random.integers(0, 20, smooth.shape).astype(np.uint8)).reshape(smooth.shape)
    return np.asarray(grain[..., 0] if channels == 1 else grain, np.uint8)


def jpeg(pixels: Pixels | None = None, **options: Any) -> bytes:
    """A file that Pillow wrote. `options`: Pillow's."""
    buffer = io.BytesIO()
    Image.fromarray(photo() if pixels is None else pixels).save(buffer, "JPEG", **{"quality": 90, **options})
    return buffer.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def with_segments(data: bytes, *segments: bytes) -> bytes:
    """The file with segments behind its first one, JFIF."""
    (length,) = struct.unpack_from(">H", data, 4)
    return data[: 4 + length] + b"".join(segments) + data[4 + length :]


def scan_start(data: bytes) -> int:
    """The offset of the first scan's data."""
    place = data.index(b"\xff\xda")
    return place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
