"""One frame of a film as a photograph, to choose the colours by before anything long begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from colorizer import Colorizer, images
from colorizer.color.merge import merge
from colorizer.frames.yuv import YuvFrame, to_gray_pixels
from colorizer.images import Picture
from colorizer.network.predictor import Prediction
from colorizer.video.reader import VideoReader
from colorizer.video.types import GrayFrame

SIDE = 960  # pixels, the longest of what travels to the page


@dataclass
class StillFrame:
    """A frame, at most `SIDE` pixels wide and high, and what has been predicted for it, by model.

    `seconds`: where in the film it was looked for. `grey`: the same without colour, as JPEG.
    """

    seconds: float
    picture: Picture
    gray: bytes
    predictions: dict[str, Prediction] = field(default_factory=dict)

    def colorize(self, colorizer: Colorizer, *, strength: float, vividness: float) -> bytes:
        """It in colour, as JPEG; the network runs once for each model."""
        name = colorizer.spec.name
        if name not in self.predictions:
            self.predictions[name] = colorizer.predict(self.picture.pixels)
        ab = self.predictions[name].ab_at(vividness)
        return images.encode(Picture(merge(self.picture.pixels, ab, strength=strength)), ".jpg")


def read_still(path: Path, seconds: float) -> StillFrame | None:
    """The first frame at or after `seconds`; None where there is none. Raises InvalidVideo."""
    with VideoReader(path) as reader:
        frame = next((item for item in reader.read(seconds) if isinstance(item, GrayFrame)), None)
        if frame is None:
            return None
        no_chroma = np.empty((0, 0), np.uint8)
        gray = to_gray_pixels(YuvFrame(frame.luma, no_chroma, no_chroma, full_range=reader.full_range))
        upright = np.ascontiguousarray(np.rot90(gray, reader.info.rotation // 90))
    picture = images.shrink(Picture(upright), SIDE)
    return StillFrame(seconds, picture, images.encode(picture, ".jpg"))
