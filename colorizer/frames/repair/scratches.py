"""Vertical scratches: narrow lines that stay in their column over several frames.

A line in one frame may be part of the scene: a mast, the edge of a door. A scratch stays where it is while the scene
moves past it. Where the scene is at rest, a line must span most of the picture to count as one. Sources for persistence
as the mark of a scratch: A. C. Kokaram, Motion Picture Restoration, Springer 1998; A. Newson, A. Almansa, Y. Gousseau,
P. Perez, Robust Automatic Line Scratch Detection in Films, IEEE Transactions on Image Processing 23, 2014.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from colorizer.arrays import Floats, Mask, Pixels, Plane
from colorizer.frames.repair.motion import SIDE, Motion, motion_picture
from colorizer.frames.repair.scratch_filling import fill_lines
from colorizer.frames.repair.scratch_lines import BANDS, find_lines, line_strength, make_bands
from colorizer.frames.repair.views import make_view
from colorizer.frames.repair.window import Window, slide, tap

RADIUS = 8  # frames
_AVERAGED = 4  # frames on either side, over which lines are averaged: the scene moves on, a scratch stays
_VIEW = 128  # pixels, longer side of the view that motion is looked for in


@dataclass(frozen=True)
class _Frame:
    """`bands`, `lines`: as `make_bands` and `line_strength` make them.

    `travel`: how far the scene has moved horizontally since the shot's beginning, in pixels, see `find_lines`.
    """

    bands: Floats
    lines: Floats
    travel: Floats


def remove_scratches(planes: Iterable[Pixels], bits: int) -> Iterator[Pixels]:
    """The luma planes of one shot without vertical scratches: same shapes and dtypes, the same bits beside them.

    `planes`: (H, W) uint8, or uint16 with values of `bits` bits. A frame without scratches is returned itself.
    """
    waiting: deque[Pixels] = deque()
    for window in slide(_measure(tap(planes, waiting), bits), RADIUS):
        luma = waiting.popleft()
        near = (window.center, *window.before[:_AVERAGED], *window.after[:_AVERAGED])
        lines = _find(window, np.mean([frame.lines for frame in near], axis=0))
        if lines:
            usual = np.mean([frame.bands for frame in near], axis=0) * np.float32(1 << (bits - 8))
            luma = fill_lines(luma, lines, usual, bits)
        yield luma


def _find(window: Window[_Frame], average: Floats) -> list[Mask]:
    strengths = np.stack([frame.lines for frame in window.items])
    travels = np.stack([frame.travel for frame in window.items])
    return [line for sign in (1, -1) for line in find_lines(sign * strengths, sign * average, window.index, travels)]


def _measure(planes: Iterable[Pixels], bits: int) -> Iterator[_Frame]:
    motion, travel = Motion(), np.zeros((BANDS, BANDS), np.float32)
    step = SIDE // BANDS
    before: Plane | None = None
    for luma in planes:
        square = motion_picture(make_view(luma, bits, _VIEW))
        if before is not None:
            ways = motion.ways(before, square, (luma.shape[0], luma.shape[1]))
            travel = travel + ways[step // 2 :: step, step // 2 :: step, 0]
        before = square
        bands = make_bands(luma, bits)
        yield _Frame(bands, line_strength(bands), travel)
