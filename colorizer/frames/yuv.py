"""Video frames as they arrive: a full-size luma plane and two chroma planes of half the size (4:2:0), 8 bits.

Colour is put into the planes directly. The float work happens at half the frame's width and height, where the chroma
lives; the full-size luma only takes a small correction, so that CIE L stays what it was although chroma came in.
Off from the exact way (`lab.merge` at full size) by 0.6 levels of RGB in the mean, 2 to 3 at the 99th percentile and
up to 12 on sharp edges (at strength 1.6: 0.7, 4 and 36, where colours leave sRGB); L by 0.2 in the mean, 0.6 there.
`tests/colorizer/frames/test_yuv.py` holds it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from colorizer.arrays import Floats, Plane
from colorizer.color import lab

NEUTRAL_CHROMA = 128

# ITU-R BT.601: sRGB 0..1 -> luma 0..1 and chroma -0.5..0.5.
_TO_LUMA_AND_CHROMA = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float64
)


@dataclass(frozen=True)
class YuvFrame:
    """One frame.

    `y`: (H, W) uint8, luma. `u`, `v`: ((H + 1) // 2, (W + 1) // 2) uint8, chroma, 128 for grey. Rows may be padded.
    `full_range`: luma is 0..255 instead of video's usual 16..235, chroma 0..255 instead of 16..240.
    """

    y: Plane
    u: Plane
    v: Plane
    full_range: bool = False

    @classmethod
    def empty(cls, width: int, height: int, *, full_range: bool = False) -> YuvFrame:
        """A frame of its own memory, its content arbitrary."""
        half = ((height + 1) // 2, (width + 1) // 2)
        return cls(np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8), full_range)

    @property
    def width(self) -> int:
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        return int(self.y.shape[0])


class YuvColorizer:
    """Paints colours into frames. Keeps its buffers from frame to frame: not for several threads at once."""

    def __init__(self) -> None:
        self._shape = (0, 0)

    def colorize(self, source: YuvFrame, ab: Floats, out: YuvFrame, *, strength: float = 1.0) -> None:
        """Colour the grey picture in `source.y` by `ab`, into `out`, of the same size and range and other memory.

        `ab`: (h, w, 2) float32, CIE units, any size, stretched linearly over the frame. `strength`: factor on ab;
        0 gives exactly grey. CIE L of the result is that of the source's luma, to about half a unit.
        """
        if strength == 0:
            copy_gray(source, out)
            return
        luma, u, v = self._colors(source, ab, strength)
        cv2.convertScaleAbs(u, dst=out.u)  # rounds, and stays within 0..255
        cv2.convertScaleAbs(v, dst=out.v)
        # Chroma alone would change L: blue is darker than a grey of its luma. What the luma lacks is smooth.
        cv2.subtract(luma, self._light, dst=self._missing_luma, dtype=cv2.CV_16S)
        lack = cv2.resize(
            self._missing_luma,
            (source.width, source.height),
            dst=self._missing_luma_full,
            interpolation=cv2.INTER_LINEAR,
        )
        cv2.add(source.y, lack, dst=out.y, dtype=cv2.CV_8U)

    def colorize_chroma(self, frame: YuvFrame, ab: Floats, *, strength: float = 1.0) -> None:
        """Colour a frame in place: its chroma is replaced, its luma stays as it is, bit by bit.

        For films, which are to give back the very grey picture when the colour is taken away. Saturated colours are
        then a little lighter or darker in CIE L than the grey was (blue is darker than a grey of its luma).
        """
        if strength == 0:
            frame.u[:] = frame.v[:] = NEUTRAL_CHROMA
            return
        _, u, v = self._colors(frame, ab, strength)
        cv2.convertScaleAbs(u, dst=frame.u)
        cv2.convertScaleAbs(v, dst=frame.v)

    def _colors(self, source: YuvFrame, ab: Floats, strength: float) -> Sequence[MatLike]:
        """Luma and chroma of the colours at half size, unrounded; `_light` is then the source's luma there."""
        self._allocate((source.height, source.width))
        half = source.u.shape[::-1]
        light = cv2.resize(source.y, half, dst=self._light, interpolation=cv2.INTER_AREA)
        cv2.LUT(light, _luminance_table(source.full_range), dst=self._luminance)
        colors = cv2.resize(ab * np.float32(strength), half, dst=self._ab, interpolation=cv2.INTER_LINEAR)
        cv2.mixChannels([self._luminance, colors], [self._lab], [0, 0, 1, 1, 2, 2])
        cv2.cvtColor(self._lab, cv2.COLOR_Lab2RGB, dst=self._rgb)
        cv2.transform(self._rgb, _rgb_to_yuv(source.full_range), dst=self._yuv)
        return cv2.split(self._yuv)

    def _allocate(self, shape: tuple[int, int]) -> None:
        """Buffers for frames of (height, width)."""
        if shape == self._shape:
            return
        half = ((shape[0] + 1) // 2, (shape[1] + 1) // 2)
        self._light = np.empty(half, np.uint8)
        self._luminance = np.empty(half, np.float32)
        self._ab = np.empty((*half, 2), np.float32)
        self._lab, self._rgb, self._yuv = (np.empty((*half, 3), np.float32) for _ in range(3))
        self._missing_luma = np.empty(half, np.int16)
        self._missing_luma_full = np.empty(shape, np.int16)
        self._shape = shape


def copy_gray(source: YuvFrame, out: YuvFrame) -> None:
    """The source without its colour, into `out`, of the same size."""
    out.y[:] = source.y
    out.u[:] = out.v[:] = NEUTRAL_CHROMA


def shrink_luminance(source: YuvFrame, side: int) -> Floats:
    """CIE L of the frame's luma taken as grey: (side, side) float32, 0..100."""
    small = cv2.resize(source.y, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.LUT(small, _luminance_table(source.full_range)), np.float32)


def to_gray_pixels(source: YuvFrame) -> Plane:
    """The frame's luma as a grey picture: (H, W) uint8, 0 black .. 255 white, of its own memory."""
    return np.asarray(cv2.LUT(source.y, _gray_table(source.full_range)), np.uint8)


@cache
def _gray_table(full_range: bool) -> Plane:
    luma = np.arange(256, dtype=np.float64)
    unit = luma / 255 if full_range else (luma - 16) / 219
    return np.rint(255 * np.clip(unit, 0, 1)).astype(np.uint8)


@cache
def _luminance_table(full_range: bool) -> Floats:
    return np.asarray(lab.luminance(_gray_table(full_range)[np.newaxis])[0], np.float32)


@cache
def _rgb_to_yuv(full_range: bool) -> NDArray[np.float64]:
    """(3, 4): sRGB 0..1 -> the 8-bit planes' values, unrounded."""
    scale = np.array([255.0, 255.0, 255.0] if full_range else [219.0, 224.0, 224.0])
    offset = np.array([0.0 if full_range else 16.0, NEUTRAL_CHROMA, NEUTRAL_CHROMA])
    return np.column_stack([_TO_LUMA_AND_CHROMA * scale[:, np.newaxis], offset])
