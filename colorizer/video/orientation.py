"""How a player turns and mirrors a film's stored pictures: the display matrix of the container.

A film keeps its stored pictures and its matrix. Whoever looks at a picture (the network, the page) first makes it
upright with `make_upright`.
"""

from __future__ import annotations

import math
import struct
from typing import Any, TypeVar, cast

import av
import numpy as np
from numpy.typing import NDArray

from colorizer.video.losses import read_side_data
from colorizer.video.types import VideoInfo

Array = TypeVar("Array", bound=NDArray[Any])
_ONE = 1 << 16
DisplayMatrix = tuple[int, ...]  # nine numbers a, b, u, c, d, v, x, y, w, as in FFmpeg's libavutil/display.h


def read_display_matrix(frame: av.VideoFrame) -> DisplayMatrix | None:
    """The display matrix of a decoded frame's film; None: shown as it is stored."""
    matrix = read_side_data(frame).get("DISPLAYMATRIX")
    if matrix is not None:
        return struct.unpack("=9i", bytes(matrix))
    if frame.rotation % 360 == 0:
        return None
    turn = math.radians(frame.rotation)  # the matrix is among data that PyAV cannot list
    cos, sin = round(math.cos(turn) * _ONE), round(math.sin(turn) * _ONE)
    return cos, -sin, 0, sin, cos, 0, 0, 0, 1 << 30


def read_orientation(matrix: DisplayMatrix | None) -> tuple[int, bool]:
    """The rotation, degrees counter-clockwise 0 .. 359, and whether the picture is mirrored left to right after it.

    A player moves the stored pixel (x, y) to (a x + c y, b x + d y). A rotation by t has b = -sin t and d = cos t, and
    mirroring left to right only changes the signs of a and c.
    """
    if matrix is None:
        return 0, False
    a, b, _, c, d = matrix[:5]
    return round(math.degrees(math.atan2(-b, d))) % 360, a * d - b * c < 0


def make_upright(stored: Array, info: VideoInfo) -> Array:
    """A stored picture (H, W, ...) of a film as a player shows it; the rotation is rounded to a multiple of 90."""
    turned = np.rot90(stored, round(info.rotation / 90))
    return cast(Array, np.ascontiguousarray(turned[:, ::-1] if info.mirrored else turned))


def make_stored(upright: Array, info: VideoInfo) -> Array:
    """The inverse of `make_upright`."""
    turned = upright[:, ::-1] if info.mirrored else upright
    return cast(Array, np.ascontiguousarray(np.rot90(turned, -round(info.rotation / 90))))
