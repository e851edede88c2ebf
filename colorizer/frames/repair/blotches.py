"""One blotch of dust: whether it is one, and its removal."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Mask, Pixels, Plane
from colorizer.frames.repair.motion import SIDE, fetch_part

_MARGIN = 4  # pixels of the view around a blotch, in which the motion must have been found
_RING = 12  # pixels of the motion around that part, whose motion counts
# Pixels of the view, from which on the motion is not to be trusted: between the quartiles of the ways around, where
# something moves past something else; of a thing's own way in a frame; and by which this way changes until the next.
_MOST_SPREAD, _LONGEST_WAY, _MOST_CHANGE = 4.0, 12.0, 5.0
_SEARCH = 12  # pixels of the view around a blotch, in which the same thing is looked for in a neighbour
_FOUND_AGAIN = 0.3  # of the squared difference that is left if it is there
# A blotch differs from its neighbours by so many times what its surroundings differ: any, and one of n pixels by the
# second figure over the root of n, for a few pixels are often as far off by grain.
_CONTRAST, _SIGNIFICANCE = 2.8, 8.0
_TO_MEAN = 0.7  # from the third quartile of a normal deviation to its mean; other blotches do not count in it
_AGREEMENT = 0.4  # of the blotch's contrast: by so much both neighbours may differ there
_FAINTEST = 6.0  # levels of 255
_EDGE_SHARE = 0.2  # of a blotch's contrast, to which its soft edge is removed

Way = tuple[float, float]  # x and y, in pixels of the view


@dataclass(frozen=True)
class Neighbor:
    """A neighbouring frame: its luma (H, W), its view (h, w), the view moved onto the frame, and the `ways` to it.

    `usual`: the way of most of the picture, x and y. `step`: which frame it is, -1 for the one before.
    """

    luma: Pixels
    view: Plane
    moved: Plane
    ways: Floats
    usual: Floats
    step: int

    def way(self, rows: slice, columns: slice) -> tuple[Way, float]:
        """The way of most of what is around a part of the view, and by how much the ways there differ, in pixels."""
        height, width = self.view.shape
        top, bottom = rows.start * SIDE // height, -(-rows.stop * SIDE // height)
        left, right = columns.start * SIDE // width, -(-columns.stop * SIDE // width)
        above, before = max(0, top - _RING), max(0, left - _RING)
        part = self.ways[above : bottom + _RING, before : right + _RING]
        around = np.ones(part.shape[:2], np.bool_)
        around[top - above : bottom - above, left - before : right - before] = False
        first, middle, third = np.percentile(part[around], (25, 50, 75), axis=0)
        return (float(middle[0]), float(middle[1])), float(np.max(third - first))


@dataclass(frozen=True)
class Blotch:
    """`rows`, `columns`: a part of the view with a margin around the blotch. `mask`: (h, w) bool, of that part.

    `ways`: to each neighbour, of the blotch's surroundings; the motion found within it may be wrong. `doubt`: about the
    motion; above 1, nothing follows from a difference.
    """

    rows: slice
    columns: slice
    mask: Mask
    ways: tuple[Way, ...]
    doubt: float

    @classmethod
    def cut(cls, labels: NDArray[np.int32], label: int, box: NDArray[np.int32], neighbors: list[Neighbor]) -> Blotch:
        """From connected components: the one with a label, whose row of the statistics is `box`."""
        left, top, width, height = (int(value) for value in box[:4])
        rows = slice(max(0, top - _MARGIN), min(labels.shape[0], top + height + _MARGIN))
        columns = slice(max(0, left - _MARGIN), min(labels.shape[1], left + width + _MARGIN))
        ways, spreads = zip(*(neighbor.way(rows, columns) for neighbor in neighbors), strict=True)
        speeds = [(np.array(way) - other.usual) / other.step for way, other in zip(ways, neighbors, strict=True)]
        longest = max(float(np.hypot(*speed)) for speed in speeds)
        change = float(np.hypot(*(speeds[0] - speeds[1])))
        doubt = max(max(spreads) / _MOST_SPREAD, longest / _LONGEST_WAY, change / _MOST_CHANGE)
        return cls(rows, columns, labels[rows, columns] == label, ways, doubt)


def is_blotch(view: Plane, blotch: Blotch, neighbors: list[Neighbor], grain: float) -> bool:
    """Whether what was found is in this frame alone, and not something whose motion was not found."""
    if blotch.doubt > 1:
        return False
    here = view[blotch.rows, blotch.columns].astype(np.float32)
    there = [
        fetch_part(each.view, blotch.rows, blotch.columns, way)
        for each, way in zip(neighbors, blotch.ways, strict=True)
    ]
    around = ~_grow(blotch.mask, 2)
    off = [_without_offset(np.subtract(here, each), around) for each in there]
    mean = (off[0] + off[1]) / 2
    inside = mean[blotch.mask]
    contrast = abs(float(inside.mean()))
    outside = float(_TO_MEAN * np.percentile(np.abs(mean[around]), 75)) if around.any() else 0.0
    least = outside * max(_CONTRAST, _SIGNIFICANCE / math.sqrt(inside.size))
    if contrast < max(_FAINTEST, 2 * grain, least) or contrast < 0.7 * float(np.abs(inside).mean()):
        return False
    if float(np.abs(off[0] - off[1])[blotch.mask].mean()) > max(_AGREEMENT * contrast, 3 * grain):
        return False
    pairs = zip(neighbors, blotch.ways, strict=True)
    return not any(_is_found_again(view, blotch, each, way, grain) for each, way in pairs)


def remove_blotch(luma: Pixels, blotch: Blotch, neighbors: list[Neighbor], factor: int, grain: float) -> None:
    """Fill a blotch in the luma (H, W) by the temporal median of the frames beside it, in place.

    `factor`: by which the view is smaller. `grain`: in levels of the luma. The median of two frames is their mean.
    """
    rows, columns = (slice(part.start * factor, part.stop * factor) for part in (blotch.rows, blotch.columns))
    here = luma[rows, columns].astype(np.float32)
    there = [
        fetch_part(each.luma, rows, columns, (factor * x, factor * y))
        for each, (x, y) in zip(neighbors, blotch.ways, strict=True)
    ]
    fill = (there[0] + there[1]) / np.float32(2)
    mask = np.asarray(np.kron(blotch.mask, np.ones((factor, factor), np.bool_)), np.bool_)
    around = ~_grow(mask, 2 * factor)
    off = _without_offset(here - fill, around)
    contrast = float(off[mask].mean())
    differs = np.sign(contrast) * off > max(1.5 * grain, _EDGE_SHARE * abs(contrast))
    mask = _close(_grow(mask, factor) & differs)
    wanted = np.clip(np.rint(here - off), 0, None)
    part = luma[rows, columns]
    part[mask] = np.minimum(wanted, np.iinfo(luma.dtype).max)[mask].astype(luma.dtype)


def _is_found_again(view: Plane, blotch: Blotch, neighbor: Neighbor, way: Way, grain: float) -> bool:
    """Whether the same thing is somewhere near in a neighbour: it moved on its own."""
    x, y = (round(value) for value in way)
    template = view[blotch.rows, blotch.columns]
    rows = _reach(blotch.rows, y, view.shape[0])
    columns = _reach(blotch.columns, x, view.shape[1])
    area = neighbor.view[rows, columns]
    if area.shape[0] < template.shape[0] or area.shape[1] < template.shape[1]:
        return False
    errors = cv2.matchTemplate(area, template, cv2.TM_SQDIFF) / template.size
    here = neighbor.moved[blotch.rows, blotch.columns].astype(np.float32) - template
    noise = 2 * grain * grain
    return float(errors.min()) - noise < _FOUND_AGAIN * (float(np.square(here).mean()) - noise)


def _reach(part: slice, way: int, side: int) -> slice:
    return slice(max(0, part.start + way - _SEARCH), max(0, min(side, part.stop + way + _SEARCH)))


def _without_offset(off: Floats, around: Mask) -> Floats:
    """A difference without its mean over the surroundings: flicker."""
    return off - np.float32(off[around].mean()) if around.any() else off


def _grow(mask: Mask, pixels: int) -> Mask:
    kernel = np.ones((2 * pixels + 1, 2 * pixels + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel), np.bool_)


def _close(mask: Mask) -> Mask:
    """Without holes of single pixels."""
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.bool_)
