"""PyAV's video frames as planes, without a copy."""

from __future__ import annotations

import av

from colorizer.frames.pyav import FULL_RANGE, plane_of
from colorizer.frames.yuv import Planes

FORMAT = "yuv420p"


def planes_of(frame: av.VideoFrame) -> Planes:
    """The frame's own memory as planes; a frame of another format than 4:2:0 is converted first."""
    if frame.format.name not in (FORMAT, "yuvj420p"):
        frame = frame.reformat(format=FORMAT)
    y, u, v = (plane_of(plane) for plane in frame.planes)
    return Planes(y, u, v, full_range=frame.format.name == "yuvj420p" or frame.color_range == FULL_RANGE)


def new_frame(width: int, height: int, full_range: bool) -> av.VideoFrame:
    """A 4:2:0 frame of its own memory, its content arbitrary."""
    frame = av.VideoFrame(width, height, FORMAT)
    if full_range:
        frame.color_range = FULL_RANGE
    return frame
