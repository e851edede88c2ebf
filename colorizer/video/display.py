"""A frame as a player shows it: upright, with square pixels."""

from __future__ import annotations

from colorizer.arrays import Pixels
from colorizer.resize import fit_within, resize
from colorizer.video.orientation import make_upright
from colorizer.video.types import VideoInfo


def display_size(info: VideoInfo) -> tuple[int, int]:
    """The width and height, in square pixels, at which a player shows the film; no side is below the stored one."""
    aspect = info.pixel_aspect
    return (round(info.width * aspect), info.height) if aspect >= 1 else (info.width, round(info.height / aspect))


def to_display(frame: Pixels, info: VideoInfo, longest: int) -> Pixels:
    """A stored frame (H, W, 3) as a player shows it, shrunk so that no side is longer than `longest` pixels."""
    return resize(make_upright(frame, info), *fit_within(*display_size(info), longest))
