"""One frame of a film as a picture, to try the settings before the film is coloured."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from colorizer import Analysis, Colorizer, Look, images
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.edits.look import apply_look
from colorizer.frames.keyframes import KeyFrame
from colorizer.frames.yuv import YuvFrame, to_gray_pixels
from colorizer.images import Picture
from colorizer.network.predictor import Prediction
from colorizer.resize import resize
from colorizer.video.directing.direction import FilmKey
from colorizer.video.display import to_display
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits
from colorizer.video.reader import VideoReader
from colorizer.video.types import GrayFrame

SIDE = 960  # pixels, longest side of the picture that is sent to the page


@dataclass
class StillFrame:
    """A frame, at most `SIDE` pixels wide and high, with what the network says of it, by model.

    `gray`: the picture in grey, as JPEG. `seconds`: when the frame is first shown, from the film's beginning.
    """

    picture: Picture
    gray: bytes
    seconds: float
    predictions: dict[str, Prediction] = field(default_factory=dict)
    analyses: dict[str, Analysis] = field(default_factory=dict)

    def colorize(self, colorizer: Colorizer, look: Look, key: KeyFrame | None = None) -> bytes:
        """The frame in colour, as JPEG. The network runs once for each model. `key`: the colours to have."""
        name = colorizer.spec.name
        if name not in self.predictions:
            self.predictions[name] = colorizer.predict(self.picture.pixels)
        pixels = self.picture.pixels
        ab = apply_look(self.predictions[name].ab_at(look.vividness), lab.luminance(pixels), look)
        if key is not None:
            weight = key.weight[..., np.newaxis]
            ab = key.ab * weight + resize(ab, *key.weight.shape[::-1]) * (1 - weight)
        return images.encode(Picture(merge(pixels, ab)), ".jpg")

    def correct(self, colorizer: Colorizer, look: Look, key: FilmKey) -> bytes:
        """The frame with the corrections of a key frame, as JPEG. `look`: the shot's."""
        analysis = self.analyze(colorizer).variant(key.variant)
        return images.encode(analysis.colorize_picture(key.look or look, key.hints), ".jpg")

    def analyze(self, colorizer: Colorizer) -> Analysis:
        """The frame as a photograph. The network runs once for each model."""
        name = colorizer.spec.name
        if name not in self.analyses:
            self.analyses[name] = colorizer.analyze(self.picture.pixels)
        return self.analyses[name]


def read_still(path: Path, seconds: float, limits: VideoLimits = DEFAULT_LIMITS) -> StillFrame | None:
    """Read the first frame at or after `seconds`. Returns None if there is none. Raises InvalidVideo."""
    with VideoReader(path, limits) as reader:
        frame = next((item for item in reader.read(seconds) if isinstance(item, GrayFrame)), None)
        if frame is None:
            return None
        gray = to_gray_pixels(YuvFrame.of_luma(frame.luma, full_range=reader.full_range))
        picture = Picture(to_display(gray, reader.info, SIDE))
        shown_at = seconds + float(frame.pts * reader.time_base)  # its time counts from where reading began
    return StillFrame(picture, images.encode(picture, ".jpg"), shown_at)
