"""Convert PyAV's video frames: to luma from any pixel format, and to YUV 4:2:0."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import av
import cv2
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange
from numpy.typing import DTypeLike, NDArray

from colorizer.arrays import Pixels
from colorizer.frames.color_system import luma_values
from colorizer.frames.tone_mapping import luma_table, special_transfer
from colorizer.frames.yuv import YuvFrame

FORMAT = "yuv420p"  # of the frames that we make: 8 bits, 4:2:0
_DEEP_FORMAT = "yuv420p{}le"  # in between, of frames that are converted; FFmpeg's conversion to 8 bits is coarser
_PLANAR_BITS = (9, 10, 12, 14)  # for which FFmpeg has such a format; else 16
_LUMA_PLANE_FIRST = re.compile(r"(yuva?|yuvj)4\d\dp(\d+[lb]e)?|gray(\d+[lb]e)?|nv(12|16|21|24|42)")
# Formats with luma, in planes or packed: all but RGB, XYZ, Bayer patterns, palettes and bits that are black or white.
_YUV = re.compile(r"yuv|yuyv|yvyu|uyvy|uyyv|gray|nv\d|p\d|y\d|ya\d|ayuv|vuy|vyu|xv\d|v\d")
LIMITED_RANGE, FULL_RANGE = ColorRange.MPEG, ColorRange.JPEG  # luma 16..235, luma 0..255


def read_luma(frame: av.VideoFrame, *, bits: int = 8, tone_mapped: bool = True, limited: bool = False) -> Pixels:
    """The luma of a frame: (H, W), uint8 for 8 `bits`, else uint16; rows may be padded. `is_full_range` says its range.

    Luma that has as many bits is a view of the frame's own memory; more bits are rounded, and fewer scaled so that
    black and white stay what they are. `tone_mapped`: for an ordinary display also if the film is for others (HDR). A
    frame without luma (RGB, palette) is converted to BT.601 luma of 16..235. `limited`: luma of the full range is
    converted to 16..235, in units of 8 bits, too; not together with `tone_mapped`.
    """
    full_range, transfer, frame = is_full_range(frame), frame.color_trc, _with_luma_plane(frame)
    limited = limited and full_range
    stored = frame.format.components[0].bits
    if stored <= 8:
        luma = plane_to_array(frame.planes[0])
    else:
        luma = plane_to_array(frame.planes[0], np.dtype(">u2" if frame.format.is_big_endian else "<u2"))
        luma = np.asarray(luma, np.uint16)
    if tone_mapped and special_transfer(transfer) is not None:
        return np.take(luma_table(transfer, stored, full_range, bits), luma, mode="clip")
    if not limited and (bits == stored or max(bits, stored) <= 8):
        return luma
    scale, black = _depth_scale(stored, bits, full_range, limited)
    if bits == 8:
        return np.asarray(cv2.convertScaleAbs(luma, alpha=scale, beta=black), np.uint8)
    return np.asarray(cv2.LUT(luma, _depth_table(stored, bits, scale, black)), np.uint16)


def _depth_scale(stored: int, bits: int, full_range: bool, limited: bool) -> tuple[float, float]:
    """What luma of `stored` bits is multiplied with for `bits`, and what is added then."""
    if not full_range:
        return 2.0 ** (bits - stored), 0.0
    unit = 2.0 ** (bits - 8)
    return (219 * unit if limited else 2.0**bits - 1) / (2.0**stored - 1), 16 * unit if limited else 0.0


@cache
def _depth_table(stored: int, bits: int, scale: float, black: float) -> Pixels:
    """Luma of `bits` bits, above 8, by luma of `stored` bits: as long as `luma_values`, uint16."""
    return np.rint(np.minimum(luma_values(stored) * scale + black, 2.0**bits - 1)).astype(np.uint16)


def is_full_range(frame: av.VideoFrame) -> bool:
    """Whether `read_luma` returns 0..255 instead of 16..235. Unmarked grey formats are full range, as in FFmpeg."""
    if not _is_yuv(frame):
        return False
    marked = frame.color_range in (LIMITED_RANGE, FULL_RANGE)
    return frame.color_range == FULL_RANGE if marked else frame.format.name.startswith(("yuvj", "gray"))


def plane_to_array(plane: VideoPlane, dtype: DTypeLike = np.uint8) -> NDArray[Any]:
    """A view of the plane's memory: (H, W) of `dtype`; rows may be padded."""
    return np.frombuffer(memoryview(plane), dtype).reshape(plane.height, -1)[:, : plane.width]


def _with_luma_plane(frame: av.VideoFrame) -> av.VideoFrame:
    """The frame in a format whose first plane is luma, stored from top to bottom, with all its bits and its range."""
    if _LUMA_PLANE_FIRST.fullmatch(frame.format.name) and frame.planes[0].line_size > 0:
        return frame
    if not _is_yuv(frame):
        return frame.reformat(format=_DEEP_FORMAT.format(16), dst_color_range=LIMITED_RANGE)
    bits = depth_of(frame)
    deep = _DEEP_FORMAT.format(bits if bits in _PLANAR_BITS else 16)
    target_range = FULL_RANGE if is_full_range(frame) else LIMITED_RANGE
    return frame.reformat(format=deep if bits > 8 else FORMAT, dst_color_range=target_range)


def depth_of(frame: av.VideoFrame) -> int:
    """How many bits the values of a frame have."""
    return max(part.bits for part in frame.format.components)


def subsampling_of(frame: av.VideoFrame) -> str:
    """The chroma subsampling that holds a frame's colours: "4:2:0", "4:2:2" or "4:4:4"; "4:2:0" for a grey one."""
    if not _is_yuv(frame):
        return "4:4:4"
    if len(frame.format.components) < 3:
        return "4:2:0"
    if frame.format.chroma_width(frame.width) * 2 > frame.width + 1:
        return "4:4:4"
    return "4:2:0" if frame.format.chroma_height(frame.height) * 2 <= frame.height + 1 else "4:2:2"


def _is_yuv(frame: av.VideoFrame) -> bool:
    """Whether the frame has luma of its own."""
    return _YUV.match(frame.format.name) is not None


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
