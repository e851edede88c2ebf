"""An unsteady picture: the camera's path is followed by features and smoothed over time; a pan stays a pan.

Features: J. Shi, C. Tomasi, Good Features to Track, CVPR 1994; their motion from frame to frame by the pyramidal method
of Lucas and Kanade; the motion of most of them, a shift and a turn, by RANSAC, so that what moves in the scene is left
out.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Pixels, Plane
from colorizer.frames.repair.views import make_view, view_factor
from colorizer.frames.repair.window import slide, smooth_center, tap

RADIUS = 15  # frames
MARGIN = 0.04  # of the width and the height, by which the picture may be moved
_DEVIATION = 6.0  # frames
_VIEW = 640  # pixels, longer side
_FEATURES, _QUALITY, _DISTANCE, _WINDOW = 200, 0.01, 10, 21  # how many; relative to the best; pixels of the view
_FRAME_EDGE = 0.05  # of each side, where the film's own edge may show, which stands still
_CERTAIN, _SHARE = 12, 0.3  # features, and their share of all, that must agree
_OUTLIER = 1.0  # pixels of the view
_STILL = 0.05  # pixels, by which no picture is moved

Path = NDArray[np.float64]  # (3,): x, y in pixels, and an angle in radians, clockwise as the rows go down


def steady(planes: Iterable[Pixels], bits: int, *, crop: bool) -> Iterator[Pixels]:
    """The luma planes of one shot without shake: same shapes and dtypes.

    `planes`: (H, W) uint8, or uint16 with values of `bits` bits. `crop`: enlarge all pictures alike, so that no edge
    shows; otherwise the outermost pixels are repeated where the picture was moved away from the edge. Without `crop`,
    a frame that needs no move is returned itself.
    """
    waiting: deque[Pixels] = deque()
    for window in slide(_follow(tap(planes, waiting), bits), RADIUS):
        luma = waiting.popleft()
        path = np.stack(window.items)
        yield _move(luma, bits, smooth_center(path, window.index, _DEVIATION) - path[window.index], crop)


def _follow(planes: Iterable[Pixels], bits: int) -> Iterator[Path]:
    """Where the scene is in each frame, relative to the first."""
    before: Plane | None = None
    path: Path = np.zeros(3)
    for luma in planes:
        view = make_view(luma, bits, _VIEW)
        if before is not None:
            factor = view_factor(luma, _VIEW)
            path = path + find_shake(before, view) * np.array([factor, factor, 1.0])
        before = view
        yield path


def find_shake(before: Plane, after: Plane) -> Path:
    """How the scene moved between two views (h, w) uint8 of the same size: the shift of the center and the turn.

    All 0 where too few features agree, as in a dark or blurred picture.
    """
    height, width = before.shape
    inside = np.zeros(before.shape, np.uint8)
    top, left = round(height * _FRAME_EDGE), round(width * _FRAME_EDGE)
    inside[top : height - top, left : width - left] = 1
    begin = cv2.goodFeaturesToTrack(before, _FEATURES, _QUALITY, _DISTANCE, mask=inside)
    if begin is None or len(begin) < _CERTAIN:
        return np.zeros(3)
    no_guess = np.empty(0, np.float32)
    end, found, _ = cv2.calcOpticalFlowPyrLK(before, after, begin, no_guess, winSize=(_WINDOW, _WINDOW))
    kept = found.reshape(-1) == 1
    if np.count_nonzero(kept) < _CERTAIN:
        return np.zeros(3)
    matrix, agrees = cv2.estimateAffinePartial2D(begin[kept], end[kept], ransacReprojThreshold=_OUTLIER)
    if matrix is None or np.count_nonzero(agrees) < max(_CERTAIN, _SHARE * len(begin)):
        return np.zeros(3)
    center = np.array([(width - 1) / 2, (height - 1) / 2])
    shift = matrix[:, :2] @ center + matrix[:, 2] - center
    return np.array([*shift, math.atan2(matrix[1, 0], matrix[0, 0])])


def _move(luma: Pixels, bits: int, way: Path, crop: bool) -> Pixels:
    """The picture moved by `way`, at most as far as the margin allows."""
    height, width = luma.shape
    x, y, angle = _limit(way, height, width)
    if not crop and math.hypot(x, y) + abs(angle) * max(height, width) / 2 < _STILL:
        return luma
    scale = 1 / (1 - 2 * MARGIN) if crop else 1.0
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    center = np.array([(width - 1) / 2, (height - 1) / 2])
    turn = np.array([[cos, -sin], [sin, cos]])
    matrix = np.column_stack([turn, center + scale * np.array([x, y]) - turn @ center])
    moved = cv2.warpAffine(luma, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved if bits == 8 else np.minimum(moved, (1 << bits) - 1), luma.dtype)


def _limit(way: Path, height: int, width: int) -> Path:
    """A shorter way where this one would move a corner beyond the margin."""
    x, y, angle = np.abs(way)
    need = max((x + angle * height / 2) / (MARGIN * width), (y + angle * width / 2) / (MARGIN * height))
    return np.asarray(way / max(1.0, need), np.float64)
