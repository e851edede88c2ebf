"""What is known of the frames of a film so far: their colours, and where the motion has taken them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from colorizer.arrays import Floats, Plane
from colorizer.frames.optical_flow import OpticalFlow, find_uncovered, flow_picture, pixel_grid, warp

# Changes in CIE L. Below the first, nothing has moved (film grain, averaged over a pixel of the small picture, and what
# codecs do to a still picture). Below the second, a pixel counts as unchanged. From the third on, it shows something
# else and takes its new colours at once.
_MOVES, _MOTION_BEGINS, _MOTION_IS_CERTAIN = 1.0, 3.0, 12.0
_AROUND = (3, 3)  # pixels over which changes are averaged


@dataclass(frozen=True)
class History:
    """The frames so far. Arrays are (h, w) or (h, w, 2).

    In the pixels of the frame predicted last: `ab`, smoothed, which moves on to `predicted`, by up to `gap` CIE units.
    `luminance`: what the colours belong to.
    In the pixels of the last frame: `places`, where they were in the frame predicted last (None: where they are),
    `moved`, the luminance there, and `shown`, its colours, when they had `gone` so far to the prediction, 0..1.
    `frame`: the last frame in which something had moved, as `flow_picture` returns it; None: motion is not followed.
    `outdated`: how much of the picture has shown something new since the prediction, times seconds.
    """

    ab: Floats
    predicted: Floats
    gap: float
    luminance: Floats
    moved: Floats
    shown: Floats
    frame: Plane | None
    places: Floats | None = None
    gone: float = 0.0
    shown_gone: float = 0.0
    outdated: float = 0.0

    def colors(self) -> Floats:
        """The smoothed colours of the last frame."""
        ab = self.ab if self.gone == 0 else self.ab + np.float32(self.gone) * (self.predicted - self.ab)
        return ab if self.places is None else warp(ab, self.places)


def has_moved(history: History, small: Floats) -> bool:
    """Whether the next frame, whose luminance (h, w) is `small`, shows anything in another place."""
    return float(_change(history.moved, small).max()) >= _MOVES


def follow(history: History, luminance: Floats, flow: OpticalFlow) -> History:
    """The history in the pixels of the next frame, by the motion. Only for one with a `frame`.

    `luminance`: (H, W) float32, 0..100, of that frame at any size.
    """
    assert history.frame is not None
    height, width = history.moved.shape
    frame, grid = flow_picture(luminance), pixel_grid(height, width)
    origins = flow.origins(history.frame, frame, height, width)
    # The ways are moved, not the places: what comes into view goes on like its neighbours, from outside the picture.
    ways = origins - grid if history.places is None else warp(history.places - grid, origins) + (origins - grid)
    places = grid + ways
    return replace(history, places=places, moved=warp(history.luminance, places), frame=frame)


def find_new(history: History, small: Floats) -> Floats:
    """For each pixel of the frame to which a history has been moved: 0 (same object) .. 1 (another object)."""
    if history.places is None:
        return _certainty(_change(history.moved, small))
    # Lighter beside darker cancels out: an edge that the flow has missed by a part of a pixel is the same object.
    change = np.asarray(cv2.blur(small - history.moved, _AROUND), np.float32)
    new = _certainty(np.abs(change, out=change))
    new[find_uncovered(history.places)] = 1
    return new


def _change(before: Floats, after: Floats) -> Floats:
    """The change of L around each pixel."""
    # Slightly larger than the object that moved, because the network colours an object together with its surroundings.
    return np.asarray(cv2.blur(np.abs(after - before), _AROUND), np.float32)


def _certainty(change: Floats) -> Floats:
    """How certainly a change of L, 0 or more, means another object: 0..1."""
    span = np.float32(_MOTION_IS_CERTAIN - _MOTION_BEGINS)
    return np.asarray(np.clip((change - np.float32(_MOTION_BEGINS)) / span, 0, 1), np.float32)
