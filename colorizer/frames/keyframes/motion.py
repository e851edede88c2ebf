"""The motion from one frame to another, with a measure of how far each place can be trusted.

A place counts as far as the flow there and back leads to where it began (N. Sundaram, T. Brox and K. Keutzer, Dense
Point Trajectories by GPU-accelerated Large Displacement Optical Flow, ECCV 2010) and as the lightness is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from colorizer.arrays import Floats, Plane
from colorizer.frames.optical_flow import SIDE, OpticalFlow, find_uncovered, pixel_grid, warp

# Between the two numbers of each, trust falls from 1 to 0. Pixels of the small picture: by how much the way there and
# back misses its start, and by how much the way differs from its neighbours' mean. CIE L: by how much the lightness
# differs, apart from the change of the whole picture.
_MISS = (0.75, 2.0)
_BEND = (0.5, 1.5)
_CHANGE = (4.0, 14.0)
_PATCH, _NEIGHBORS = 3, 7  # pixels: sides of the squares over which lightness and ways are compared
_LEVELS = np.float32(100 / 255)  # CIE L of one level of a flow picture
_MOST_CONTRAST = 2.0  # times as much or as little that a whole picture may have in the light of another frame
_TINY = 1e-6


@dataclass(frozen=True)
class Motion:
    """The motion from the frame before to `picture`, which is as `flow_picture` returns it.

    `origins`: where each of its pixels was in the frame before, x and y (SIDE, SIDE, 2). `trust`: in that, (SIDE,
    SIDE), 0..1. `alike`: the same by the lightness alone, which asks less: of two things that pass each other, it holds
    for what merely looks as before.
    """

    picture: Plane
    origins: Floats
    trust: Floats
    alike: Floats


class MotionMeter:
    """Measures the motion from each frame to the next or, where frames come backwards, to the one before.

    For one thread.
    """

    def __init__(self) -> None:
        self._flow = OpticalFlow(precise=True)
        self._last: Plane | None = None

    def measure(self, picture: Plane) -> Motion | None:
        """The motion to the next frame; None for the first. `picture`: of the frame, as `flow_picture` returns it."""
        last, self._last = self._last, picture
        if last is None:
            return None
        ways = self._flow.displacements(picture, last), self._flow.displacements(last, picture)
        origins, trust = match_ways(*ways)
        alike = compare_lightness(last, picture, origins, trust)
        alike[find_uncovered(origins)] = 0
        return Motion(picture, origins, trust * alike, alike)


def match_ways(back: Floats, onwards: Floats) -> tuple[Floats, Floats]:
    """Where each pixel is in another frame, x and y (SIDE, SIDE, 2), and the trust in it (SIDE, SIDE), 0..1.

    `back`, `onwards`: the flow to the other frame and from there, as `OpticalFlow.displacements` returns it.
    """
    origins = pixel_grid(SIDE, SIDE) + back
    missed = back + warp(onwards, origins)
    bend = back - np.asarray(cv2.blur(back, (_NEIGHBORS, _NEIGHBORS)), np.float32)
    trust = _falling(_length(missed), *_MISS) * _falling(_length(bend), *_BEND)
    trust[find_uncovered(origins)] = 0
    return origins, trust


def match_lightness(before: Plane, after: Plane, back: Floats, onwards: Floats) -> tuple[Floats, Floats]:
    """The same as `match_ways` for the pixels of `after` in `before`, where the lightness counts too."""
    origins, trust = match_ways(back, onwards)
    return origins, trust * compare_lightness(before, after, origins, trust)


def compare_lightness(before: Plane, after: Plane, origins: Floats, weight: Floats) -> Floats:
    """1 where the pixels of `after` are as light as their `origins` in `before`, down to 0: (SIDE, SIDE).

    A change of light of the whole picture does not count. It is measured with a `weight` (SIDE, SIDE) of each pixel.
    """
    then, now = warp(_LEVELS * before.astype(np.float32), origins), _LEVELS * after.astype(np.float32)
    change = cv2.blur(now - _relight(then, now, weight), (_PATCH, _PATCH))
    return _falling(np.abs(np.asarray(change, np.float32)), *_CHANGE)


def _relight(then: Floats, now: Floats, weight: Floats) -> Floats:
    """L of one frame in the light of another: a line is fitted to both, for a fade or flicker of the whole picture."""
    total = float(weight.sum()) + _TINY
    mean_then, mean_now = float((weight * then).sum()) / total, float((weight * now).sum()) / total
    varying = weight * (then - mean_then)
    spread = float((varying * (then - mean_then)).sum()) / total
    slope = float((varying * (now - mean_now)).sum()) / total / spread if spread > 1 else 1.0
    slope = min(max(slope, 1 / _MOST_CONTRAST), _MOST_CONTRAST)
    return np.asarray(np.float32(slope) * (then - np.float32(mean_then)) + np.float32(mean_now), np.float32)


def _length(vectors: Floats) -> Floats:
    return np.asarray(cv2.magnitude(vectors[..., 0], vectors[..., 1]), np.float32)


def _falling(values: Floats, begin: float, end: float) -> Floats:
    """1 up to `begin`, 0 from `end` on, linear between."""
    return np.asarray(np.clip((np.float32(end) - values) / np.float32(end - begin), 0, 1), np.float32)
