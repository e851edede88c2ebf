"""Convert PyAV's video frames: to 8-bit luma from any pixel format, and to YUV 4:2:0."""

from __future__ import annotations

import re
from typing import Any

import av
import cv2
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from colorizer.arrays import Plane
from colorizer.frames.yuv import YuvFrame

FORMAT = "yuv420p"  # of the frames that we make: 8 bits, 4:2:0
_LUMA_PLANE_FIRST = re.compile(r"(yuva?|yuvj)4\d\dp(\d+le)?|gray(\d+le)?|nv12")
LIMITED_RANGE, FULL_RANGE = ColorRange.MPEG, ColorRange.JPEG  # luma 16..235, luma 0..255


def read_luma(frame: av.VideoFrame) -> Plane:
    """The luma of a frame: (H, W) uint8; rows may be padded. See `is_full_range` for its range.

    8-bit luma is a view of the frame's own memory; higher bit depths are rounded to 8 bits. A frame without a luma
    plane (RGB, palette, packed YUV) is converted to BT.601 luma of 16..235.
    """
    if not _has_luma(frame):
        frame = frame.reformat(format=FORMAT, dst_color_range=LIMITED_RANGE)
    bits = frame.format.components[0].bits
    if bits <= 8:
        return plane_to_array(frame.planes[0])
    deep = plane_to_array(frame.planes[0], np.uint16)
    return np.asarray(cv2.convertScaleAbs(deep, alpha=0.5 ** (bits - 8)), np.uint8)


def is_full_range(frame: av.VideoFrame) -> bool:
    """Whether `read_luma` returns 0..255 instead of 16..235. Unmarked grey formats are full range, as in FFmpeg."""
    if not _has_luma(frame):
        return False
    marked = frame.color_range in (LIMITED_RANGE, FULL_RANGE)
    return frame.color_range == FULL_RANGE if marked else frame.format.name.startswith(("yuvj", "gray"))


def plane_to_array(plane: VideoPlane, dtype: type[np.uint8 | np.uint16] = np.uint8) -> NDArray[Any]:
    """A view of the plane's memory: (H, W) of `dtype`; rows may be padded."""
    return np.frombuffer(memoryview(plane), dtype).reshape(plane.height, -1)[:, : plane.width]


def _has_luma(frame: av.VideoFrame) -> bool:
    """Whether the first plane is luma, stored from top to bottom; other frames are converted by FFmpeg."""
    return bool(_LUMA_PLANE_FIRST.fullmatch(frame.format.name)) and frame.planes[0].line_size > 0


def frame_to_yuv(frame: av.VideoFrame) -> YuvFrame:
    """A view of the frame's planes. A frame that is not 8-bit 4:2:0 is converted first."""
    if frame.format.name not in (FORMAT, "yuvj420p"):
        frame = frame.reformat(format=FORMAT)
    y, u, v = (plane_to_array(plane) for plane in frame.planes)
    return YuvFrame(y, u, v, full_range=frame.format.name == "yuvj420p" or frame.color_range == FULL_RANGE)


def new_frame(width: int, height: int, full_range: bool) -> av.VideoFrame:
    """A new 8-bit 4:2:0 frame of `width` x `height` pixels; its content is uninitialised."""
    frame = av.VideoFrame(width, height, FORMAT)
    if full_range:
        frame.color_range = FULL_RANGE
    return frame
