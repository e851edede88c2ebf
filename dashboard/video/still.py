"""One frame of a film as a picture, to try the settings before the film is coloured."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from colorizer import Colorizer, Look, images
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.edits.look import apply_look
from colorizer.frames.yuv import YuvFrame, to_gray_pixels
from colorizer.images import Picture
from colorizer.network.predictor import Prediction
from colorizer.video.display import to_display
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits
from colorizer.video.reader import VideoReader
from colorizer.video.types import GrayFrame

SIDE = 960  # pixels, longest side of the picture that is sent to the page


@dataclass
class StillFrame:
    """A frame, at most `SIDE` pixels wide and high, with the predictions for it by model.

    `gray`: the picture in grey, as JPEG.
    """

    picture: Picture
    gray: bytes
    predictions: dict[str, Prediction] = field(default_factory=dict)

    def colorize(self, colorizer: Colorizer, look: Look) -> bytes:
        """The frame in colour, as JPEG. The network runs once for each model."""
        name = colorizer.spec.name
        if name not in self.predictions:
            self.predictions[name] = colorizer.predict(self.picture.pixels)
        pixels = self.picture.pixels
        ab = apply_look(self.predictions[name].ab_at(look.vividness), lab.luminance(pixels), look)
        return images.encode(Picture(merge(pixels, ab)), ".jpg")


def read_still(path: Path, seconds: float, limits: VideoLimits = DEFAULT_LIMITS) -> StillFrame | None:
    """Read the first frame at or after `seconds`. Returns None if there is none. Raises InvalidVideo."""
    with VideoReader(path, limits) as reader:
        frame = next((item for item in reader.read(seconds) if isinstance(item, GrayFrame)), None)
        if frame is None:
            return None
        no_chroma = np.empty((0, 0), np.uint8)
        gray = to_gray_pixels(YuvFrame(frame.luma, no_chroma, no_chroma, full_range=reader.full_range))
        picture = Picture(to_display(gray, reader.info, SIDE))
    return StillFrame(picture, images.encode(picture, ".jpg"))
