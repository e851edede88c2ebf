"""The restoration of a shot: its levels and its border, measured once, so that no frame differs from the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

import cv2
import numpy as np

from colorizer.arrays import Floats, Pixels, depth_for
from colorizer.color import lab
from colorizer.edits.restoration import (
    CLIPPED_PERCENT,
    SMALLEST_RANGE,
    WHOLE,
    Part,
    Restoration,
    find_picture_part,
)
from colorizer.resize import resize
from colorizer.video.directing.direction import Direction
from colorizer.video.types import GrayFrame

MEASURED_SIDE = 128  # pixels: of the square in which a shot is measured
_MAX_SAMPLES = 64  # frames of a shot that are measured, evenly spread


@dataclass(frozen=True)
class ShotTone:
    """`low`, `high`: the grey values, 0 (black) .. 1 (white), that become black and white. `part`: the rows and columns
    of a square of MEASURED_SIDE pixels, the upright frame stretched to it, that are inside the border."""

    low: float = 0.0
    high: float = 1.0
    part: Part = WHOLE

    def apply(self, frame: GrayFrame, *, full_range: bool) -> GrayFrame:
        """A frame in the shot's levels."""
        if (self.low, self.high) == (0.0, 1.0):
            return frame
        table = _luma_table(self.low, self.high, frame.bits, full_range)
        luma = cv2.LUT(frame.luma, table) if frame.bits == 8 else np.take(table, frame.luma, mode="clip")
        return replace(frame, luma=np.asarray(luma, table.dtype))

    def crop(self, square: Floats) -> Floats:
        """What is inside the border of a square map (side, side, ...) of the upright frame."""
        return square if self.part == WHOLE else np.ascontiguousarray(square[self._scaled(len(square))])

    def embed(self, ab: Floats, side: int) -> Floats:
        """The colours (h, w, 2) of what is inside the border in a map of the frame: (side, side, 2), grey around it."""
        if self.part == WHOLE:
            return ab
        whole = np.zeros((side, side, 2), np.float32)
        part = self._scaled(side)
        height, width = whole[part].shape[:2]
        whole[part] = resize(ab, width, height)
        return whole

    def _scaled(self, side: int) -> Part:
        rows, columns = (
            slice(*(round(edge * side / MEASURED_SIDE) for edge in edges))
            for edges in ((one.start or 0, MEASURED_SIDE if one.stop is None else one.stop) for one in self.part)
        )
        return rows, columns


NO_TONE = ShotTone()


class Measured(Protocol):
    """A frame as `ShotSource` reads it."""

    def luminance(self, side: int) -> Floats: ...


def is_measured(restoration: Restoration) -> bool:
    """Whether a shot is measured for a restoration before it is coloured, by `measure_tone`."""
    return restoration.levels or restoration.crop_border


def measures_shots(direction: Direction) -> bool:
    """Whether any shot of a film is measured before it is coloured."""
    own = (shot.restoration for shot in direction.shots)
    return any(is_measured(each) for each in (direction.restoration, *own) if each is not None)


def measure_tone(frames: Iterable[Measured], restoration: Restoration) -> ShotTone:
    """What a restoration does to a shot with these frames. As for photographs: see `restore`, `find_picture_part`."""
    samples = _spread_samples(frames)
    if not samples:
        return NO_TONE
    part = find_picture_part(np.asarray(np.mean(samples, axis=0), np.float32))
    tone = ShotTone(part=part if restoration.crop_border else WHOLE)
    if not restoration.levels:
        return tone
    light = np.stack([sample[part] for sample in samples])
    edges = np.asarray(np.percentile(light, (CLIPPED_PERCENT, 100 - CLIPPED_PERCENT)), np.float32)
    low, high = (lab.luminance_to_rgb(edges[np.newaxis], np.uint16)[0, :, 0] / np.iinfo(np.uint16).max).tolist()
    return tone if high - low < SMALLEST_RANGE else replace(tone, low=low, high=high)


def _spread_samples(frames: Iterable[Measured]) -> list[Floats]:
    """Every n-th frame's luminance, n a power of two, so that there are at most _MAX_SAMPLES."""
    samples: list[Floats] = []
    step = 1
    for number, frame in enumerate(frames):
        if number % step:
            continue
        if len(samples) == _MAX_SAMPLES:
            samples, step = samples[::2], step * 2
            if number % step:
                continue
        samples.append(frame.luminance(MEASURED_SIDE))
    return samples


@cache
def _luma_table(low: float, high: float, bits: int, full_range: bool) -> Pixels:
    """The new luma of every luma of that many bits: (2**bits,) uint8 or uint16."""
    top = 2**bits - 1
    black, white = (0, top) if full_range else (16 << (bits - 8), 235 << (bits - 8))
    unit = (np.arange(top + 1) - black) / (white - black)
    stretched = np.clip((unit - low) / (high - low), 0, 1) * (white - black) + black
    return np.asarray(np.rint(stretched), depth_for(bits))
