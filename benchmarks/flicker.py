"""Flicker of the colours in a clip: their change from frame to frame along the motion."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats
from colorizer.frames.optical_flow import warp

_TRUSTED = 3.0  # CIE L: the flow is trusted where the warped earlier frame differs by less
_EDGE = 5  # pixels: side of the square over which that difference is averaged

Flow = tuple[Floats, NDArray[np.bool_]]


def flows(luminances: Sequence[Floats]) -> list[Flow]:
    """For each frame after the first: the position of each pixel in the frame before (H, W, 2), and where to trust it.

    Computed by DIS at its medium preset and at full resolution; `Smoother` uses other settings.
    """
    method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    found = []
    for before, after in pairwise(luminances):
        now, was = (cv2.convertScaleAbs(one, alpha=2.55) for one in (after, before))
        flow = np.asarray(method.calc(now, was, np.zeros((*after.shape, 2), np.float32)), np.float32)
        rows, columns = np.mgrid[: after.shape[0], : after.shape[1]].astype(np.float32)
        origins = np.dstack([columns, rows]) + flow
        inside = (origins >= 0).all(axis=2) & (origins <= np.array(after.shape[::-1]) - 1).all(axis=2)
        off = cv2.blur(warp(before, origins) - after, (_EDGE, _EDGE))
        found.append((origins, inside & (np.abs(off) < _TRUSTED)))
    return found


def flicker(colors: Sequence[Floats], between: Sequence[Flow]) -> float:
    """The mean change of ab (CIE units) from frame to frame, after warping the earlier frame to the later one."""
    changes = []
    for (before, after), (origins, known) in zip(pairwise(colors), between, strict=True):
        size = known.shape[::-1]
        was, now = (np.asarray(cv2.resize(one, size), np.float32) for one in (before, after))
        changes.append(np.abs(warp(was, origins) - now)[known].mean())
    return float(np.mean(changes))


def mean_chroma(colors: Sequence[Floats]) -> float:
    """The mean chroma (CIE units) over all pixels of all frames."""
    return float(np.mean([np.hypot(ab[..., 0], ab[..., 1]).mean() for ab in colors]))
