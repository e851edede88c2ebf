"""Follow the places of a frame back to a key frame, with a measure of how far each can be trusted.

Two measurements are joined, as a predictor and a corrector. The motion from frame to frame is added up: it follows
what turns, bends or changes its light, but drifts. The flow between the frame and the key frame itself, which begins
from there, does not drift, and finds what was hidden for a while.
"""

from __future__ import annotations

import cv2
import numpy as np

from colorizer.arrays import Floats, Plane
from colorizer.frames.keyframes.key_frame import attenuate
from colorizer.frames.keyframes.motion import Motion, compare_lightness, match_lightness
from colorizer.frames.optical_flow import SIDE, OpticalFlow, find_uncovered, pixel_grid, warp

# Shares of the trust that a place keeps from frame to frame without a direct match: with the lightness that it has in
# the key frame, and with another.
_KEPT, _KEPT_OTHERWISE = np.float32(0.995), np.float32(0.8)
# Share of the way to a higher trust by a direct match, in each frame, of what was there in the one before. What is new
# has its trust at once: it has no past to flicker with.
_GAIN = np.float32(0.5)
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
        self._places = pixel_grid(SIDE, SIDE)  # in the key frame, of the last frame's pixels
        self._trust = np.ones((SIDE, SIDE), np.float32)
        self._guess = np.zeros((SIDE, SIDE, 2), np.float32)  # from the last frame to the key frame, smooth
        self._onwards = np.zeros((SIDE, SIDE, 2), np.float32)  # from the key frame to the last frame
        self._age = 0

    def advance(self, motion: Motion) -> Floats:
        """The layer (SIDE, SIDE, 4) as it is in the next frame (or, backwards, the one before).

        `motion`: from the last frame to it; the first time, from the key frame.
        """
        self._age += 1
        places, trust = self._follow(motion)
        found, direct = self._find(motion.picture, places)
        certain = direct * direct
        share = certain / (certain + _INERTIA * trust * trust + _TINY)
        self._places = places + share[..., np.newaxis] * (found - places)
        alike = compare_lightness(self._key, motion.picture, places, trust)
        kept = _KEPT_OTHERWISE + (_KEPT - _KEPT_OTHERWISE) * alike
        gain = 1 - (1 - _GAIN) * motion.trust
        self._trust = np.maximum(kept * trust, trust + gain * (direct - trust))
        # What the camera brings into view begins with the colours beside it: they are nearer than a guess.
        beside = np.where(find_uncovered(self._places), cv2.blur(self._trust, (_BESIDE, _BESIDE)), 0)
        return attenuate(warp(self._layer, self._places), np.maximum(self._trust, beside), self._age)

    def _follow(self, motion: Motion) -> tuple[Floats, Floats]:
        """Where each place is in the key frame by the motion from frame to frame, and the trust in it.

        A lost place is guessed by the motion around it, or by the last guess if all is lost, as in a flash.
        """
        grid = pixel_grid(SIDE, SIDE)
        ways = warp(self._places - grid, motion.origins) + motion.origins - grid
        trust = warp(self._trust, motion.origins) * motion.trust
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
