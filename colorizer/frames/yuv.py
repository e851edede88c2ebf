"""Video frames as YUV planes: luma at full size and two chroma planes, as a rule at half its width and height (4:2:0).

Colours are written into the planes directly. The float arithmetic runs at the size of the chroma planes. The full-size
luma only gets a small correction, which keeps CIE L although the chroma changes.
The difference to the exact result (`merge` at full size) is 0.6 levels of RGB on average, 2 to 3 at the 99th percentile
and up to 12 at sharp edges (at strength 1.6: 0.7, 4 and 36, where colours leave the sRGB gamut). L differs by 0.2 on
average and by 0.6 at the 99th percentile. `tests/colorizer/frames/test_yuv.py` keeps the differences small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike

from colorizer.arrays import Floats, Pixels
from colorizer.edits.look import Look, apply_look
from colorizer.frames.color_system import (
    BT601,
    ColorSystem,
    encode_light,
    gray_table,
    light_gain_table,
    luminance_table,
    rgb_to_yuv,
)
from colorizer.resize import resize

NEUTRAL_CHROMA = 128  # of 8 bits
_NEUTRAL = Look()


@dataclass(frozen=True)
class YuvFrame:
    """One frame, usually 4:2:0 of 8 bits.

    `y`: (H, W), luma. `u`, `v`: chroma, for 4:2:0 ((H + 1) // 2, (W + 1) // 2); `neutral` is grey. Rows may be padded.
    `full_range`: luma is 0..255 instead of the usual 16..235, and chroma is 0..255 instead of 16..240.
    `bits`: of each value: 8 in uint8, more in uint16, where all of these numbers are 2 ** (bits - 8) times as large and
    the maximum is 2 ** bits - 1. `system`: what colours the planes stand for.
    """

    y: Pixels
    u: Pixels
    v: Pixels
    full_range: bool = False
    bits: int = 8
    system: ColorSystem = BT601

    @classmethod
    def empty(cls, width: int, height: int, *, full_range: bool = False) -> YuvFrame:
        """A new frame of `width` x `height` pixels; its content is uninitialised."""
        half = ((height + 1) // 2, (width + 1) // 2)
        return cls(np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8), full_range)

    @classmethod
    def of_luma(cls, luma: Pixels, *, full_range: bool) -> YuvFrame:
        """A grey frame for functions that read its luma alone: (H, W) uint8. Its chroma planes are empty."""
        nothing = np.empty((0, 0), np.uint8)
        return cls(luma, nothing, nothing, full_range)

    @property
    def width(self) -> int:
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        return int(self.y.shape[0])

    @property
    def neutral(self) -> int:
        """The chroma of grey."""
        return NEUTRAL_CHROMA << (self.bits - 8)


class YuvColorizer:
    """Writes colours into frames. It reuses its buffers, so only one thread may use it at a time."""

    def __init__(self) -> None:
        self._layout: tuple[object, ...] = ()

    def colorize(self, source: YuvFrame, ab: Floats, out: YuvFrame, look: Look = _NEUTRAL) -> None:
        """Colour the luma of `source` by `ab` and write the frame into `out`; both 4:2:0, of 8 bits and the same size.

        `ab`: (h, w, 2) float32, CIE units, any size, upsampled linearly to the frame. `look`: its warmth and strength
        are applied to `ab`; strength 0 gives exactly grey. CIE L of the result is that of the source's luma, to about
        half a unit. `out` must not share memory with `source`.
        """
        if look.strength == 0:
            copy_gray(source, out)
            return
        light = shrink_light(source)
        luma, u, v = self._colors(source, light, ab, look)
        cv2.convertScaleAbs(u, dst=out.u)  # rounds, and stays within 0..255
        cv2.convertScaleAbs(v, dst=out.v)
        # Chroma alone would change L: blue is darker than grey of the same luma. The correction of the luma is smooth,
        # so it is computed at half size and upsampled.
        cv2.subtract(luma, light, dst=self._missing_luma, dtype=cv2.CV_16S)
        correction = cv2.resize(
            self._missing_luma,
            (source.width, source.height),
            dst=self._missing_luma_full,
            interpolation=cv2.INTER_LINEAR,
        )
        cv2.add(source.y, correction, dst=out.y, dtype=cv2.CV_8U)

    def colorize_chroma(
        self, frame: YuvFrame, ab: Floats, look: Look = _NEUTRAL, *, light: Pixels | None = None
    ) -> None:
        """Colour a frame in place: replace its chroma and keep its luma unchanged, bit for bit.

        Films use this, so that removing the colour gives exactly the grey film again. CIE L of saturated colours then
        differs a little from the original (blue is darker than grey of the same luma). `ab`, `look`: as in `colorize`.
        `light`: what `shrink_light` returns for the frame, if that is known already.
        """
        if look.strength == 0:
            frame.u[:] = frame.v[:] = frame.neutral
            return
        _, *chroma = self._colors(frame, shrink_light(frame) if light is None else light, ab, look)
        for values, plane in zip(chroma, (frame.u, frame.v), strict=True):
            if frame.bits == 8:
                cv2.convertScaleAbs(values, dst=plane)
            else:
                plane[:] = np.clip(np.rint(values, out=values), 0, (1 << frame.bits) - 1, out=values)

    def _colors(self, source: YuvFrame, light: Pixels, ab: Floats, look: Look) -> Sequence[MatLike]:
        """The coloured Y, U and V at the chroma's size, float32, unrounded. `light`: the luma at that size."""
        self._allocate(source)
        size, coding = source.u.shape[::-1], (source.system, source.bits, source.full_range)
        cv2.LUT(light, luminance_table(*coding), dst=self._luminance)
        ab = apply_look(ab, self._luminance, look)
        colors = cv2.resize(ab, size, dst=self._ab, interpolation=cv2.INTER_LINEAR)
        cv2.mixChannels([self._luminance, colors], [self._lab], [0, 0, 1, 1, 2, 2])
        if source.system.is_plain:
            cv2.cvtColor(self._lab, cv2.COLOR_Lab2RGB, dst=self._rgb)
        else:
            cv2.cvtColor(self._lab, cv2.COLOR_Lab2LRGB, dst=self._rgb)
            gain = cv2.LUT(light, light_gain_table(*coding)) if source.system.is_hdr else None
            self._rgb[:] = encode_light(
                self._rgb, source.system, None if gain is None else np.asarray(gain, np.float32)
            )
        cv2.transform(self._rgb, rgb_to_yuv(source.system.matrix, source.bits, source.full_range), dst=self._yuv)
        return cv2.split(self._yuv)

    def _allocate(self, source: YuvFrame) -> None:
        """Allocate the buffers for frames like `source`, unless they are for such frames already."""
        shape, half = source.y.shape, source.u.shape
        layout = (shape, half, source.y.dtype)
        if layout == self._layout:
            return
        self._luminance = np.empty(half, np.float32)
        self._ab = np.empty((*half, 2), np.float32)
        self._lab, self._rgb, self._yuv = np.empty((3, *half, 3), np.float32)
        self._missing_luma = np.empty(half, np.int16)
        self._missing_luma_full = np.empty(shape, np.int16)
        self._layout = layout


def shrink_light(source: YuvFrame) -> Pixels:
    """A frame's luma at the size of its chroma, of the same dtype."""
    light = cv2.resize(source.y, source.u.shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(light, source.y.dtype)


def copy_gray(source: YuvFrame, out: YuvFrame) -> None:
    """Copy the luma of `source` into `out`, of the same size, and set the chroma to grey."""
    out.y[:] = source.y
    out.u[:] = out.v[:] = out.neutral


def shrink_luminance(source: YuvFrame, side: int) -> Floats:
    """CIE L of the frame's luma, shrunk to a square: (side, side) float32, 0..100."""
    small = resize(source.y, side, side)
    return np.asarray(cv2.LUT(small, luminance_table(source.system, source.bits, source.full_range)), np.float32)


def to_gray_pixels(source: YuvFrame) -> Pixels:
    """The frame's luma as a grey picture, in new memory: (H, W), 0 (black) .. the maximum of luma's dtype (white)."""
    return np.asarray(cv2.LUT(source.y, gray_table(source.system, source.bits, source.full_range)), source.y.dtype)
