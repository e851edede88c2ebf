"""Care for old photographs: fading undone, levels, a border kept from the network. Off by default.

Fading and levels change the picture's lightness, which is otherwise never touched; the border changes what the network
sees, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.resize import shrink_to_working_size

Part = tuple[slice, slice]  # rows and columns
WHOLE: Part = (slice(None), slice(None))

CLIPPED_PERCENT = 0.5  # of the pixels at either end, which say nothing of a channel's range: dust, scratches, glare
SMALLEST_RANGE = 1 / 32  # of all levels: a flatter channel holds noise, and is not stretched
MIN_PAPER_LIGHTNESS = 70.0  # L: what is darker is no paper
PAPER_TOLERANCE = 6.0  # L, either way, of the paper of one border
BORDER_SHARE = 0.95  # of a row or column that must be paper; the rest is dust
MAX_BORDER_SHARE = 0.25  # of a side


@dataclass(frozen=True, kw_only=True)
class Restoration:
    """What is to be done for an old photograph before it is coloured.

    `unfade`: every channel given the widest range that any of them has kept, so that a tint (sepia, yellowed paper, one
    faded dye) goes. A grey picture stays as it is.
    `levels`: the darkest pixels made black and the lightest white, all channels alike.
    `crop_border`: a print's light border is not shown to the network, and stays grey. The picture keeps its size.
    """

    unfade: bool = False
    levels: bool = False
    crop_border: bool = False


def restore(pixels: Pixels, restoration: Restoration) -> Pixels:
    """Grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16, with `unfade` and `levels`: same shape and dtype."""
    if not (restoration.levels or (restoration.unfade and pixels.ndim == 3)):
        return pixels
    table = _tone_table(pixels, restoration)
    if pixels.dtype == np.uint8:
        return np.asarray(cv2.LUT(pixels, table[np.newaxis]), np.uint8).reshape(pixels.shape)
    if pixels.ndim == 2:
        return np.asarray(table[pixels, 0], pixels.dtype)
    return np.dstack([table[pixels[..., channel], channel] for channel in range(3)])


def _tone_table(pixels: Pixels, restoration: Restoration) -> Pixels:
    """(levels, channels): what each level of each channel becomes."""
    small = shrink_to_working_size(pixels)
    light = lab.luminance(small)
    part = find_picture_part(light)  # paper is no part of what has faded
    top = np.iinfo(pixels.dtype).max
    own = _channel_ranges(np.atleast_3d(small[part]) / top)
    if restoration.unfade:
        # Fading only ever narrows a channel: the widest ends that any has kept are nearest to what the print had.
        target = np.array([[own[0].min()], [own[1].max()]])
    else:
        target = _channel_ranges(lab.luminance_to_rgb(light[part], np.uint16)[..., :1] / np.iinfo(np.uint16).max)
        own = np.repeat(target, own.shape[1], axis=1)
    if restoration.levels:
        target = np.array([[0.0], [1.0]])
    flat = np.diff(own, axis=0)[0] < SMALLEST_RANGE
    own = np.where(flat, np.array([[0.0], [1.0]]), own)
    target = np.where(flat, own, target)
    low, high = own
    levels = np.linspace(0, 1, top + 1)[:, np.newaxis]
    curve = target[0] + (levels - low) * (target[1] - target[0]) / (high - low)
    return np.asarray(np.rint(np.clip(curve, 0, 1) * top), pixels.dtype)


def _channel_ranges(unit: NDArray[np.floating]) -> NDArray[np.float64]:
    """The darkest and the lightest of each channel of (h, w, c), 0..1: (2, c)."""
    return np.asarray(np.percentile(unit, (CLIPPED_PERCENT, 100 - CLIPPED_PERCENT), axis=(0, 1)), np.float64)


def find_picture_part(luminance: Floats) -> Part:
    """The part of a scan within a print's light border, or all of it.

    `luminance`: (h, w), L 0..100. A border has to go round all four sides, for a light sky goes along one.
    """
    ring = np.concatenate([luminance[0], luminance[-1], luminance[:, 0], luminance[:, -1]])
    paper = float(np.median(ring))
    if paper < MIN_PAPER_LIGHTNESS:
        return WHOLE
    is_paper = np.abs(luminance - paper) < PAPER_TOLERANCE
    top, bottom = _find_margins(is_paper)
    left, right = _find_margins(is_paper[top : len(is_paper) - bottom].T)
    if not all((top, bottom, left, right)):
        return WHOLE
    height, width = luminance.shape
    return slice(top, height - bottom), slice(left, width - right)


def _find_margins(is_paper: NDArray[np.bool_]) -> tuple[int, int]:
    """How many rows of paper there are at either end, with the one across the print's edge; 0 for too many."""
    other = np.flatnonzero(is_paper.mean(axis=1) < BORDER_SHARE)
    if not len(other):
        return 0, 0
    margins = int(other[0]), len(is_paper) - 1 - int(other[-1])
    if max(margins) > MAX_BORDER_SHARE * len(is_paper):
        return 0, 0
    first, last = (margin + 1 if margin else 0 for margin in margins)
    return first, last
