"""Make a clip from a photograph, as a moving camera would film it: pan, zoom and seeded grain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

from colorizer.arrays import Plane

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def moving_luma(name: str, frames: int, *, size: tuple[int, int] = (640, 480), grain: float = 4.0) -> Iterator[Plane]:
    """The sample `name` with pan and zoom: (H, W) uint8, 16..235. `grain`: standard deviation in levels of 255."""
    with Image.open(SAMPLES / f"{name}.jpg") as picture:
        photo = np.asarray(picture.convert("L"), np.float32)
    rng = np.random.default_rng(0)
    rows, columns = photo.shape
    for number in range(frames):
        share = number / max(1, frames - 1)
        window = 0.75 - 0.2 * share  # of the photograph's width and height
        left, top = (columns - window * columns) * share, (rows - window * rows) * (1 - share)
        across, down = size[0] / (window * columns), size[1] / (window * rows)
        place = np.array([[across, 0, -left * across], [0, down, -top * down]], np.float64)
        view = cv2.warpAffine(photo, place, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        noisy = np.clip(view + rng.normal(0, grain, view.shape), 0, 255)
        yield np.rint(16 + noisy * (219 / 255)).astype(np.uint8)


def write_clip(path: Path, name: str, frames: int, *, rate: int = 25, size: tuple[int, int] = (640, 480)) -> None:
    """Write `moving_luma` as a grey H.264 file with `rate` frames a second. `size`: width and height, even."""
    write_lumas(path, moving_luma(name, frames, size=size), rate=rate, size=size)


def write_lumas(path: Path, lumas: Iterable[Plane], *, rate: int = 25, size: tuple[int, int] = (640, 480)) -> None:
    """The same with any frames of that `size`, each (H, W) uint8, 16..235."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "20"}, width=size[0], height=size[1])
        for number, luma in enumerate(lumas):
            height, width = luma.shape
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = luma
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
