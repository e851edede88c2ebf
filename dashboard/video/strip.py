"""Small frames spread over a film, side by side in one picture, to choose a moment by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from colorizer import images
from colorizer.images import Picture
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits
from colorizer.video.sampling import sample_frames

FRAMES = 10
SIDE = 192  # pixels, longest side of a frame; twice as many as on most pages, for fine screens


@dataclass(frozen=True)
class FilmStrip:
    """Grey frames of equal size from left to right. `picture`: JPEG. `seconds`: the time of each. `ratio`: of a frame,
    width : height.
    """

    picture: bytes
    seconds: tuple[float, ...]
    ratio: float


def read_strip(path: Path, limits: VideoLimits = DEFAULT_LIMITS) -> FilmStrip | None:
    """Read about FRAMES frames of a film. None if it has fewer than two to choose from.

    Raises InvalidVideo if no frame can be decoded.
    """
    frames = sample_frames(path, FRAMES, longest=SIDE, limits=limits)
    if len(frames) < 2:
        return None
    height, width = frames[0].pixels.shape
    picture = Picture(np.hstack([frame.pixels for frame in frames]))
    return FilmStrip(images.encode(picture, ".jpg"), tuple(frame.seconds for frame in frames), width / height)
