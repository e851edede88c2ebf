"""Fill vertical scratches along the row, from both sides, and keep what can be seen through them.

A scratch in the base of a film is a shadow or a gleam over the picture; one in its emulsion has nothing below it. Which
one it is shows in the picture's detail: it goes on below a transparent one, of which only the line itself is taken off
(V. Bruni, D. Vitulano, A Generalized Model for Scratch Detection, IEEE Transactions on Image Processing 13, 2004, model
scratches so). In an opaque one the detail is missing, and both sides are joined.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Mask, Pixels

_SLANTS = (0, -1, 1, -2, 2)  # rows by which the sides of a pixel may lie above and below it; the first one wins a draw
_SIDE = 2  # columns on either side that are averaged, against grain
_SUPPORT = 5  # rows over which a slant must fit
_PREFERENCE = 1.0  # levels of 255 by which a slant must fit better than the row itself
_STRONGEST = 1.5  # times its usual contrast, that a line may have in one frame

Places = NDArray[np.int64]


def fill_lines(luma: Pixels, lines: Sequence[Mask], usual: Floats, bits: int) -> Pixels:
    """A copy of the luma (H, W) without its lines.

    `lines`: for each the mask, (bands, W) bool; band n of N covers the rows from n / N to (n + 1) / N of the height.
    `usual`: the bands' means of rows, averaged over the frames around, in the luma's levels: (bands, W) float32.
    """
    filled = luma.copy()
    for mask in lines:
        _fill(luma, filled, mask, usual, bits)
    return filled


def _fill(luma: Pixels, filled: Pixels, mask: Mask, usual: Floats, bits: int) -> None:
    """Fill one line; of each band, all from the first to the last column of the mask."""
    height, width = luma.shape
    bands = np.arange(height) * len(mask) // height
    rows = np.flatnonzero(np.any(mask, axis=1, keepdims=True)[bands, 0])
    if not rows.size:
        return
    bands = bands[rows]
    left, right = mask.argmax(axis=1)[bands], width - mask[:, ::-1].argmax(axis=1)[bands]
    columns = left[:, np.newaxis] + np.arange((right - left).max())
    inside = columns < right[:, np.newaxis]
    columns = np.minimum(columns, width - 1)
    here = luma[rows[:, np.newaxis], columns].astype(np.float32)
    joined = _between(*_join(luma, rows, left, right, bits), left, right)
    before, after = _side(usual, bands, left - _SIDE, left), _side(usual, bands, right, right + _SIDE)
    line = usual[bands[:, np.newaxis], columns] - _between(*_fall_back(before, after, left, right, width), left, right)
    strength = min(_ratio(((here - joined) * line)[inside], np.square(line)[inside]), _STRONGEST)
    beside = luma[rows[:, np.newaxis], np.clip(np.column_stack([left - 1, right]), 0, width - 1)].astype(np.float32)
    steps = np.square(np.diff(here, axis=0))[inside[1:] & inside[:-1]]
    seen_through = min(_ratio(steps, np.square(np.diff(beside, axis=0))), 1.0)
    wanted = joined + np.float32(seen_through) * (here - np.float32(strength) * line - joined)
    result = np.rint(np.clip(wanted, 0, (1 << bits) - 1)).astype(luma.dtype)
    filled[np.broadcast_to(rows[:, np.newaxis], columns.shape)[inside], columns[inside]] = result[inside]


def _join(luma: Pixels, rows: Places, left: Places, right: Places, bits: int) -> tuple[Floats, Floats]:
    """The values of both sides of each row, (n,) float32, from the rows above and below that agree best."""
    height, width = luma.shape
    best, least = np.zeros((2, len(rows)), np.float32), np.full(len(rows), np.inf, np.float32)
    for slant in _SLANTS:
        before = _side(luma, np.clip(rows + slant, 0, height - 1), left - _SIDE, left)
        after = _side(luma, np.clip(rows - slant, 0, height - 1), right, right + _SIDE)
        pair = np.stack(_fall_back(before, after, left, right, width))
        off = cv2.blur(np.abs(pair[0] - pair[1])[np.newaxis], (_SUPPORT, 1))[0]
        off = off + abs(slant) * _PREFERENCE * (1 << (bits - 8))
        better = off < least
        best[:, better], least[better] = pair[:, better], off[better]
    return best[0], best[1]


def _side(picture: Pixels | Floats, rows: Places, begin: Places, end: Places) -> Floats:
    """The mean from column `begin` to `end` of each row, as far as the picture goes: (n,) float32."""
    columns = begin[:, np.newaxis] + np.arange(_SIDE)
    columns = np.clip(columns, np.maximum(begin, 0)[:, np.newaxis], np.maximum(end - 1, 0)[:, np.newaxis])
    values = picture[rows[:, np.newaxis], np.minimum(columns, picture.shape[1] - 1)]
    return np.asarray(values.mean(axis=1, dtype=np.float32), np.float32)


def _fall_back(before: Floats, after: Floats, left: Places, right: Places, width: int) -> tuple[Floats, Floats]:
    """Both sides, or the same one twice where the line is at the edge of the picture."""
    return np.where(left > 0, before, after), np.where(right < width, after, before)


def _between(before: Floats, after: Floats, left: Places, right: Places) -> Floats:
    """Values in equal steps from one side of each row to the other: (n, widest) float32."""
    steps = np.arange(1, (right - left).max() + 1, dtype=np.float32)
    share = steps / (right - left + 1).astype(np.float32)[:, np.newaxis]
    return np.asarray(before[:, np.newaxis] * (1 - share) + after[:, np.newaxis] * share, np.float32)


def _ratio(part: Floats, whole: Floats) -> float:
    """The mean of one over that of the other, at least 0; 0 where there is nothing to compare with."""
    if not part.size or not whole.size or not (base := float(whole.mean())):
        return 0.0
    return max(0.0, float(part.mean()) / base)
