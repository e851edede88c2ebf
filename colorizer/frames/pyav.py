"""The luma of a decoded frame in 8 bits, whatever the frame's format."""

from __future__ import annotations

import re
from typing import Any

import av
import cv2
import numpy as np
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from colorizer.arrays import Plane
from colorizer.frames.yuv import YuvFrame

_LUMA_PLANE_FIRST = re.compile(r"(yuva?|yuvj)4\d\dp(\d+le)?|gray(\d+le)?|nv12")
LIMITED_RANGE, FULL_RANGE = 1, 2  # FFmpeg's AVCOL_RANGE_MPEG and AVCOL_RANGE_JPEG


def read_luma(frame: av.VideoFrame) -> Plane:
    """(H, W) uint8, rows perhaps padded: the frame's own memory where it has 8 bits, else rounded to 8.

    A frame without a luma plane (RGB, palettes, packed YUV) is converted: BT.601, 16..235.
    """
    if not _has_luma(frame):
        frame = frame.reformat(format="yuv420p", dst_color_range=LIMITED_RANGE)
    bits = frame.format.components[0].bits
    if bits <= 8:
        return plane_to_array(frame.planes[0])
    deep = plane_to_array(frame.planes[0], np.uint16)
    return np.asarray(cv2.convertScaleAbs(deep, alpha=0.5 ** (bits - 8)), np.uint8)


def is_full_range(frame: av.VideoFrame) -> bool:
    """Whether `luma_of` the frame is 0..255 instead of 16..235. Grey without a mark is, as FFmpeg has it."""
    if not _has_luma(frame):
        return False
    marked = frame.color_range in (LIMITED_RANGE, FULL_RANGE)
    return frame.color_range == FULL_RANGE if marked else frame.format.name.startswith(("yuvj", "gray"))


def plane_to_array(plane: VideoPlane, dtype: type[np.uint8 | np.uint16] = np.uint8) -> NDArray[Any]:
    """The plane's own memory: (H, W) of `dtype`, rows perhaps padded."""
    return np.frombuffer(memoryview(plane), dtype).reshape(plane.height, -1)[:, : plane.width]


def _has_luma(frame: av.VideoFrame) -> bool:
    """Whether its first plane is luma; one that is stored bottom up is left to FFmpeg."""
    return bool(_LUMA_PLANE_FIRST.fullmatch(frame.format.name)) and frame.planes[0].line_size > 0


FORMAT = "yuv420p"


def frame_to_yuv(frame: av.VideoFrame) -> YuvFrame:
    """The frame's own memory as planes; a frame of another format than 4:2:0 is converted first."""
    if frame.format.name not in (FORMAT, "yuvj420p"):
        frame = frame.reformat(format=FORMAT)
    y, u, v = (plane_to_array(plane) for plane in frame.planes)
    return YuvFrame(y, u, v, full_range=frame.format.name == "yuvj420p" or frame.color_range == FULL_RANGE)


def new_frame(width: int, height: int, full_range: bool) -> av.VideoFrame:
    """A 4:2:0 frame of its own memory, its content arbitrary."""
    frame = av.VideoFrame(width, height, FORMAT)
    if full_range:
        frame.color_range = FULL_RANGE
    return frame
