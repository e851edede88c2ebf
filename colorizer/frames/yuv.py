"""Video frames as YUV planes: luma at full size and two chroma planes at half the width and height (4:2:0), 8 bits.

Colours are written into the planes directly. The float arithmetic runs at the size of the chroma planes. The full-size
luma only gets a small correction, which keeps CIE L although the chroma changes.
The difference to the exact result (`merge` at full size) is 0.6 levels of RGB on average, 2 to 3 at the 99th percentile
and up to 12 at sharp edges (at strength 1.6: 0.7, 4 and 36, where colours leave the sRGB gamut). L differs by 0.2 on
average and by 0.6 at the 99th percentile. `tests/colorizer/frames/test_yuv.py` keeps the differences small.
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
from colorizer.edits.look import Look, apply_look

NEUTRAL_CHROMA = 128
_NEUTRAL = Look()

# ITU-R BT.601: sRGB 0..1 -> luma 0..1 and chroma -0.5..0.5.
_TO_LUMA_AND_CHROMA = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float64
)


@dataclass(frozen=True)
class YuvFrame:
    """One 4:2:0 frame.

    `y`: (H, W) uint8, luma. `u`, `v`: ((H + 1) // 2, (W + 1) // 2) uint8, chroma; 128 is grey. Rows may be padded.
    `full_range`: luma is 0..255 instead of the usual 16..235, and chroma is 0..255 instead of 16..240.
    """

    y: Plane
    u: Plane
    v: Plane
    full_range: bool = False

    @classmethod
    def empty(cls, width: int, height: int, *, full_range: bool = False) -> YuvFrame:
        """A new frame of `width` x `height` pixels; its content is uninitialised."""
        half = ((height + 1) // 2, (width + 1) // 2)
        return cls(np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8), full_range)

    @property
    def width(self) -> int:
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        return int(self.y.shape[0])


class YuvColorizer:
    """Writes colours into frames. It reuses its buffers, so only one thread may use it at a time."""

    def __init__(self) -> None:
        self._shape = (0, 0)

    def colorize(self, source: YuvFrame, ab: Floats, out: YuvFrame, look: Look = _NEUTRAL) -> None:
        """Colour the luma of `source` by `ab` and write the frame into `out`, which has the same size and range.

        `ab`: (h, w, 2) float32, CIE units, any size, upsampled linearly to the frame. `look`: its warmth and strength
        are applied to `ab`; strength 0 gives exactly grey. CIE L of the result is that of the source's luma, to about
        half a unit. `out` must not share memory with `source`.
        """
        if look.strength == 0:
            copy_gray(source, out)
            return
        luma, u, v = self._colors(source, ab, look)
        cv2.convertScaleAbs(u, dst=out.u)  # rounds, and stays within 0..255
        cv2.convertScaleAbs(v, dst=out.v)
        # Chroma alone would change L: blue is darker than grey of the same luma. The correction of the luma is smooth,
        # so it is computed at half size and upsampled.
        cv2.subtract(luma, self._light, dst=self._missing_luma, dtype=cv2.CV_16S)
        correction = cv2.resize(
            self._missing_luma,
            (source.width, source.height),
            dst=self._missing_luma_full,
            interpolation=cv2.INTER_LINEAR,
        )
        cv2.add(source.y, correction, dst=out.y, dtype=cv2.CV_8U)

    def colorize_chroma(self, frame: YuvFrame, ab: Floats, look: Look = _NEUTRAL) -> None:
        """Colour a frame in place: replace its chroma and keep its luma unchanged, bit for bit.

        Films use this, so that removing the colour gives exactly the grey film again. CIE L of saturated colours then
        differs a little from the original (blue is darker than grey of the same luma). `ab`, `look`: as in `colorize`.
        """
        if look.strength == 0:
            frame.u[:] = frame.v[:] = NEUTRAL_CHROMA
            return
        _, u, v = self._colors(frame, ab, look)
        cv2.convertScaleAbs(u, dst=frame.u)
        cv2.convertScaleAbs(v, dst=frame.v)

    def _colors(self, source: YuvFrame, ab: Floats, look: Look) -> Sequence[MatLike]:
        """The coloured Y, U and V at half size, float32, unrounded. Sets `_light` to the source's luma at half size."""
        self._allocate((source.height, source.width))
        half = source.u.shape[::-1]
        light = cv2.resize(source.y, half, dst=self._light, interpolation=cv2.INTER_AREA)
        cv2.LUT(light, _luminance_table(source.full_range), dst=self._luminance)
        ab = apply_look(ab, self._luminance, look)
        colors = cv2.resize(ab, half, dst=self._ab, interpolation=cv2.INTER_LINEAR)
        cv2.mixChannels([self._luminance, colors], [self._lab], [0, 0, 1, 1, 2, 2])
        cv2.cvtColor(self._lab, cv2.COLOR_Lab2RGB, dst=self._rgb)
        cv2.transform(self._rgb, _rgb_to_yuv(source.full_range), dst=self._yuv)
        return cv2.split(self._yuv)

    def _allocate(self, shape: tuple[int, int]) -> None:
        """Allocate the buffers for frames of `shape`, (height, width), unless they have that size."""
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
    """Copy the luma of `source` into `out`, of the same size, and set the chroma to grey."""
    out.y[:] = source.y
    out.u[:] = out.v[:] = NEUTRAL_CHROMA


def shrink_luminance(source: YuvFrame, side: int) -> Floats:
    """CIE L of the frame's luma, shrunk to a square: (side, side) float32, 0..100."""
    small = cv2.resize(source.y, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.LUT(small, _luminance_table(source.full_range)), np.float32)


def to_gray_pixels(source: YuvFrame) -> Plane:
    """The frame's luma as a grey picture, in new memory: (H, W) uint8, 0 (black) .. 255 (white)."""
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
    """(3, 4), a matrix and an offset: sRGB 0..1 -> 8-bit Y, U, V, unrounded."""
    scale = np.array([255.0, 255.0, 255.0] if full_range else [219.0, 224.0, 224.0])
    offset = np.array([0.0 if full_range else 16.0, NEUTRAL_CHROMA, NEUTRAL_CHROMA])
    return np.column_stack([_TO_LUMA_AND_CHROMA * scale[:, np.newaxis], offset])
