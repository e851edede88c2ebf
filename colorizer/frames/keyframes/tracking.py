"""Follow the places of a frame back to a key frame, with a measure of how far each can be trusted.

Two measurements are joined, as a predictor and a corrector. The motion from frame to frame is added up: it follows
what turns, bends or changes its light, but drifts. The flow between the frame and the key frame itself, which begins
from there, does not drift, and finds what was hidden for a while.

A place counts as far as the flow there and back leads to where it began (N. Sundaram, T. Brox and K. Keutzer, Dense
Point Trajectories by GPU-accelerated Large Displacement Optical Flow, ECCV 2010) and as the lightness is the same.
"""

from __future__ import annotations

import cv2
import numpy as np

from colorizer.arrays import Floats, Plane
from colorizer.frames.keyframes.key_frame import attenuate
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

# Shares of the trust that a place keeps from frame to frame without a direct match: with the lightness that it has in
# the key frame, and with another.
_KEPT, _KEPT_OTHERWISE = np.float32(0.995), np.float32(0.8)
_GAIN = np.float32(0.5)  # share of the way to a higher trust by a direct match, in each frame
_INERTIA = np.float32(1.0)  # how much the added-up motion counts beside a direct match
_NEIGHBORHOOD = 31  # pixels: side of the square whose motion is the guess for a lost place
_PRIOR = np.float32(1e-3)  # weight of the last guess where nothing near is trusted
_BESIDE = 31  # pixels: side of the square over which trusted colours go on beyond the key frame's edges

_TINY = np.float32(1e-6)


class Tracker:
    """Carries a layer of colours away from a key frame, frame by frame. For one thread."""

    def __init__(self, picture: Plane, layer: Floats) -> None:
        """`picture`: of the key frame, as `flow_picture` returns it. `layer`: its colours (SIDE, SIDE, 4)."""
        self._flow = OpticalFlow(precise=True)
        self._key, self._layer = picture, layer
        self._last = picture
        self._places = pixel_grid(SIDE, SIDE)  # in the key frame, of the last frame's pixels
        self._trust = np.ones((SIDE, SIDE), np.float32)
        self._guess = np.zeros((SIDE, SIDE, 2), np.float32)  # from the last frame to the key frame, smooth
        self._onwards = np.zeros((SIDE, SIDE, 2), np.float32)  # from the key frame to the last frame
        self._age = 0

    def advance(self, picture: Plane) -> Floats:
        """The layer (SIDE, SIDE, 4) as it is in the next frame (or, backwards, the one before), `picture`."""
        self._age += 1
        places, trust = self._follow(picture)
        found, direct = self._find(picture, places)
        certain = direct * direct
        share = certain / (certain + _INERTIA * trust * trust + _TINY)
        self._places = places + share[..., np.newaxis] * (found - places)
        kept = _KEPT_OTHERWISE + (_KEPT - _KEPT_OTHERWISE) * compare_lightness(self._key, picture, places, trust)
        self._trust = np.maximum(kept * trust, trust + _GAIN * (direct - trust))
        self._last = picture
        # What the camera brings into view begins with the colours beside it: they are nearer than a guess.
        beside = np.where(find_uncovered(self._places), cv2.blur(self._trust, (_BESIDE, _BESIDE)), 0)
        return attenuate(warp(self._layer, self._places), np.maximum(self._trust, beside), self._age)

    def _follow(self, picture: Plane) -> tuple[Floats, Floats]:
        """Where each place is in the key frame by the motion from frame to frame, and the trust in it.

        A lost place is guessed by the motion around it, or by the last guess if all is lost, as in a flash.
        """
        grid = pixel_grid(SIDE, SIDE)
        back = self._flow.displacements(picture, self._last)
        onwards = self._flow.displacements(self._last, picture)
        origins, steady = match_lightness(self._last, picture, back, onwards)
        ways = warp(self._places - grid, origins) + back
        trust = warp(self._trust, origins) * steady
        trust[find_uncovered(grid + ways)] = 0
        weight = trust[..., np.newaxis]
        side = (_NEIGHBORHOOD, _NEIGHBORHOOD)
        around = cv2.blur(np.dstack([weight * ways + _PRIOR * self._guess, weight + _PRIOR]), side)
        self._guess = np.asarray(around[..., :2] / around[..., 2:], np.float32)
        return grid + self._guess + weight * (ways - self._guess), trust

    def _find(self, picture: Plane, places: Floats) -> tuple[Floats, Floats]:
        """Where each place is in the key frame itself, looked for around `places`, and the trust in it."""
        back = self._flow.displacements(picture, self._key, places - pixel_grid(SIDE, SIDE))
        self._onwards = self._flow.displacements(self._key, picture, self._onwards)
        return match_lightness(self._key, picture, back, self._onwards)


def match_lightness(before: Plane, after: Plane, back: Floats, onwards: Floats) -> tuple[Floats, Floats]:
    """Where each pixel of `after` is in `before`, x and y (SIDE, SIDE, 2), and the trust in it (SIDE, SIDE), 0..1.

    `back`, `onwards`: the flow from `after` to `before` and the other way, as `OpticalFlow.displacements` returns it.
    """
    origins = pixel_grid(SIDE, SIDE) + back
    missed = back + warp(onwards, origins)
    bend = back - np.asarray(cv2.blur(back, (_NEIGHBORS, _NEIGHBORS)), np.float32)
    trust = _falling(_length(missed), *_MISS) * _falling(_length(bend), *_BEND)
    trust[find_uncovered(origins)] = 0
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
    total = float(weight.sum()) + float(_TINY)
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
