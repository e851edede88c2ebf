"""Dust and dirt: blotches that are in one frame alone, found along the motion and filled from both neighbours.

The detector is the simplified rank order detector (s-ROD) on motion-compensated neighbours; what it finds grows to the
whole blotch by the weaker test of the spike detection index (SDIp), with hysteresis. Sources: J. Biemond, P. M. B. van
Roosmalen, R. L. Lagendijk, Improved blotch detection by postprocessing, ICASSP 1999; M. J. Nadenau, S. K. Mitra, Blotch
and scratch detection in image sequences based on rank ordered differences, 1996; A. C. Kokaram, Motion Picture
Restoration, Springer 1998.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Pixels, Plane
from colorizer.frames.repair.blotches import Blotch, Neighbor, is_blotch, remove_blotch
from colorizer.frames.repair.motion import Motion, fetch, motion_picture
from colorizer.frames.repair.views import make_view, tone_change, view_factor
from colorizer.frames.repair.window import Window, slide

RADIUS = 3  # frames; a film with repeated frames has the same dust in two or three of them
_VIEW = 1280  # pixels, longer side of the picture in which dust is looked for
# Levels of 255 by which a blotch leaves the range of its neighbours: in its core and all over; and in units of grain.
_CORE, _WHOLE, _CORE_GRAIN, _WHOLE_GRAIN = 8.0, 5.0, 4.0, 2.0
_DENSE = 0.5  # of the pixels around one that must be beyond the weaker figure, too
_MOST_SHARE = 0.03  # of a frame; where more seems to be dust, the motion was not found
_LARGEST_SHARE = 0.02  # of a frame, of the square around one blotch
_AROUND, _PLAUSIBLE, _MOST = 17, 7.0, 400  # pixels around a blotch; its least score, see `_score`; blotches in a frame
_REACH = np.ones((3, 3), np.uint8)  # pixels around the end of a way, which is not exact


@dataclass(frozen=True)
class _Frame:
    luma: Pixels
    view: Plane
    square: Plane

    @classmethod
    def of(cls, luma: Pixels, bits: int) -> _Frame:
        view = make_view(luma, bits, _VIEW)
        return cls(luma, view, motion_picture(view))


def remove_dust(planes: Iterable[Pixels], bits: int) -> Iterator[Pixels]:
    """The luma planes of one shot without dust: same shapes and dtypes, the same bits outside the blotches.

    `planes`: (H, W) uint8, or uint16 with values of `bits` bits. A frame without dust is returned itself.
    """
    motion = Motion()
    for window in slide((_Frame.of(luma, bits) for luma in planes), RADIUS):
        frame, others = window.center, _choose_neighbors(window)
        if len(others) < 2:
            yield frame.luma
            continue
        yield _clean(frame, [_compensate(frame, other, step, motion) for step, other in others], bits)


def _choose_neighbors(window: Window[_Frame]) -> list[tuple[int, _Frame]]:
    """The nearest frame on either side, or two on one side at a shot's end, each with its distance in frames.

    Repeated frames do not count.
    """
    frame = window.center
    sides = [
        [(sign * distance, other) for distance, other in enumerate(side, start=1) if not _is_same(other, frame)]
        for sign, side in ((-1, window.before), (1, window.after))
    ]
    if all(sides):
        return [side[0] for side in sides]
    only = max(sides, key=len)
    return [only[0], *(each for each in only[1:] if not _is_same(each[1], only[0][1]))][:2] if only else []


def _is_same(one: _Frame, other: _Frame) -> bool:
    """Whether nothing in one frame would count as dust beside the other: a repeated frame, perhaps encoded anew."""
    return float(cv2.norm(one.view, other.view, cv2.NORM_INF)) <= _CORE


def _compensate(frame: _Frame, other: _Frame, step: int, motion: Motion) -> Neighbor:
    ways = motion.ways(frame.square, other.square, (frame.view.shape[0], frame.view.shape[1]))
    gain, offset = tone_change(other.square[::2, ::2], frame.square[::2, ::2])
    moved = cv2.convertScaleAbs(fetch(other.view, ways), alpha=gain, beta=offset)
    usual = np.median(ways[::8, ::8].reshape(-1, 2), axis=0)
    return Neighbor(other.luma, other.view, np.asarray(moved, np.uint8), ways, usual, step)


def _clean(frame: _Frame, neighbors: list[Neighbor], bits: int) -> Pixels:
    grain = float(np.median([estimate_grain(frame.view, neighbor.moved) for neighbor in neighbors]))
    found = [
        blotch for blotch in _find(frame.view, neighbors, grain) if is_blotch(frame.view, blotch, neighbors, grain)
    ]
    if not found or sum(np.count_nonzero(blotch.mask) for blotch in found) > _MOST_SHARE * frame.view.size:
        return frame.luma
    luma = frame.luma.copy()
    factor = view_factor(frame.luma, _VIEW)
    for blotch in found:
        remove_blotch(luma, blotch, neighbors, factor, grain * (1 << (bits - 8)))
    return luma


def estimate_grain(view: Plane, moved: Plane) -> float:
    """The standard deviation of a frame's grain, in levels, from its difference to a motion-compensated neighbour."""
    off = cv2.absdiff(view[::3, ::3], moved[::3, ::3])
    counts = np.bincount(off.reshape(-1), minlength=256).cumsum()
    rank = counts[-1] * 0.5
    level = int(np.searchsorted(counts, rank))
    below = counts[level - 1] if level else 0
    median = level - 0.5 + (rank - below) / (counts[level] - below)  # levels are whole numbers, grain is not
    return float(max(0.0, median) * 1.4826 / np.sqrt(2))


def _find(view: Plane, neighbors: list[Neighbor], grain: float) -> list[Blotch]:
    one, other = (neighbor.moved for neighbor in neighbors)
    low, high = cv2.min(one, other), cv2.max(one, other)
    core = cv2.max(cv2.subtract(view, cv2.dilate(high, _REACH)), cv2.subtract(cv2.erode(low, _REACH), view))
    seeds = core > max(_CORE, _CORE_GRAIN * grain)
    if not seeds.any():
        return []
    whole = cv2.max(cv2.subtract(view, high), cv2.subtract(low, view)) > max(_WHOLE, _WHOLE_GRAIN * grain)
    dense = cv2.blur(whole.astype(np.float32), _REACH.shape) > _DENSE  # single pixels are grain
    near = cv2.dilate(seeds.astype(np.uint8), _REACH) > 0
    parts = (whole & (dense | near)).astype(np.uint8)
    labels, boxes = (
        np.asarray(each, np.int32) for each in cv2.connectedComponentsWithStats(parts, connectivity=8)[1:3]
    )
    seeded = np.unique(labels[seeds])
    scores = _score(view, neighbors, labels, boxes[:, cv2.CC_STAT_AREA])[seeded]
    best = seeded[np.argsort(-scores, kind="stable")][: min(_MOST, np.count_nonzero(scores > _PLAUSIBLE))]
    blotches = [Blotch.cut(labels, int(label), boxes[label], neighbors) for label in best]
    return [blotch for blotch in blotches if blotch.mask.size <= _LARGEST_SHARE * view.size]


def _score(
    view: Plane, neighbors: list[Neighbor], labels: NDArray[np.int32], areas: NDArray[np.int32]
) -> NDArray[np.float64]:
    """For each label, how much its part differs for its size from what is around it: a quick test before that of each.

    The mean difference to the neighbours over that of the surroundings, times the root of the number of pixels.
    """
    one, other = (neighbor.moved for neighbor in neighbors)
    off = cv2.absdiff(view, cv2.addWeighted(one, 0.5, other, 0.5, 0))
    usual = cv2.blur(off, (_AROUND, _AROUND))
    places = np.flatnonzero(labels)
    numbers = labels.reshape(-1)[places]
    inside, around = (
        np.bincount(numbers, picture.reshape(-1)[places], minlength=len(areas)) for picture in (off, usual)
    )
    return np.asarray(inside / np.maximum(around, 1) * np.sqrt(areas), np.float64)
