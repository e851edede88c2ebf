"""A clip that Chromium shows in place of a camera: a real photograph, panned over. Needs no encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tests.support.paths import SAMPLES

WIDTH, HEIGHT, RATE = 640, 480, 15
TINT = (70, 190)  # U and V: a bright orange that no network would choose for the whole picture
_FRAMES = 30  # two seconds, there and back, so that the loop has no jump


def write_clip(path: Path, *, sample: str = "coffee.jpg") -> None:
    """Write the clip as YUV4MPEG2: 640 x 480, 15 frames a second; its colour is one tint all over."""
    with Image.open(SAMPLES / sample) as picture:
        luma = np.asarray(picture.convert("L").resize((WIDTH + 80, HEIGHT + 60), Image.Resampling.BICUBIC))
    luma = np.rint(16 + luma * (219 / 255)).astype(np.uint8)
    chroma = b"".join(bytes([value]) * (WIDTH * HEIGHT // 4) for value in TINT)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420\n".encode())
        for number in range(_FRAMES):
            share = 1 - abs(2 * number / _FRAMES - 1)
            left, top = round(80 * share), round(60 * share)
            file.write(b"FRAME\n" + luma[top : top + HEIGHT, left : left + WIDTH].tobytes() + chroma)
