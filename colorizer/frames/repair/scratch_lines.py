"""Vertical lines in the bands of a picture: how much they differ from their sides, and which are long and stay.

All arrays of bands are (BANDS, W) and in levels of 255.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from colorizer.arrays import Floats, Mask, Pixels, Plane

BANDS = 32  # groups of rows, over which a line is averaged: grain goes, the line stays
# Of the widest scratch: its share of the picture's width, or pixels if that is more.
_WIDEST_SHARE, _WIDEST_SMALL = 1 / 160, 4
_FAINTEST, _NOISE = 2.0, 2.5  # levels, and times the usual difference around, that a line differs from its sides
_EDGE = 0.3  # of a line's contrast, up to which its sides belong to it
_FEWEST_FRAMES = 5  # in which a line must be seen
_SEEN = 0.5  # of a line's contrast in the frame at the center: what it must have in another one to be seen there
_SPAN_MOVING, _SPAN_RESTING = 0.35, 0.85  # of the picture's height, if the scene moves past the line and if it does not
_DENSITY = 0.75  # of a line's bands, in which it must be seen
_GAP = 3  # bands that a line may be interrupted for


def make_bands(luma: Pixels, bits: int) -> Floats:
    """The luma (H, W), uint8 or uint16 with values of `bits` bits, by the means of groups of rows: float32."""
    bands = cv2.resize(luma, (luma.shape[1], BANDS), interpolation=cv2.INTER_AREA)
    return np.asarray(bands, np.float32) / np.float32(1 << (bits - 8))


def line_strength(bands: Floats) -> Floats:
    """By how much each pixel is lighter than what is on both its sides, or darker (below 0), if that is narrow.

    The difference of the white and the black top-hat, by a horizontal line wider than any scratch.
    """
    element = _across(widest(bands.shape[1]) // 2 + 1)
    light = cv2.morphologyEx(bands, cv2.MORPH_TOPHAT, element)
    dark = cv2.morphologyEx(bands, cv2.MORPH_BLACKHAT, element)
    return np.asarray(np.where(light >= dark, light, -dark), np.float32)


def widest(width: int) -> int:
    """The width of the widest scratch in a picture of this width, in pixels."""
    return max(_WIDEST_SMALL, round(width * _WIDEST_SHARE))


def find_lines(strengths: Floats, average: Floats, index: int, travels: Floats) -> Iterator[Mask]:
    """The masks of the light lines that are scratches, each (BANDS, W) bool; dark ones with all signs turned.

    `strengths`: the `line_strength` of each frame of a window, (frames, BANDS, W). `average`: of those near the frame
    at the center, whose number is `index`. `travels`: how far the scene has moved horizontally, in pixels, in BANDS by
    BANDS parts of each picture: (frames, BANDS, BANDS).
    """
    width = average.shape[1]
    reach, drift = widest(width), _drift(width)
    usual = cv2.blur(np.abs(average), (width // 16 * 2 + 1, 5))
    marks = (average > np.maximum(_FAINTEST, _NOISE * usual)).astype(np.uint8)
    leaning = np.asarray(cv2.dilate(marks, _across(drift)), np.uint8)
    cover = leaning.sum(axis=0, dtype=np.float32)
    cover[:reach] = cover[width - reach :] = 0  # a film's own edge stays, too
    while cover.max() >= _DENSITY * _SPAN_MOVING * BANDS:
        column = int(np.argmax(cover))
        around = slice(max(0, column - reach), column + reach + 1)
        cover[around] = 0
        top, bottom = _longest_run(leaning[:, column])
        if leaning[top:bottom, column].mean() < _DENSITY:
            continue
        close = strengths[:, top:bottom, max(0, column - drift) : column + drift + 1]
        part = travels[:, top:bottom, column * BANDS // width]
        if _is_scratch(close.mean(axis=1).max(axis=1), index, np.median(part, axis=1), bottom - top, reach + 2 * drift):
            core = slice(max(0, column - reach // 2 - drift), column + reach // 2 + drift + 1)
            line = np.zeros(average.shape, np.bool_)
            line[top:bottom, core] = marks[top:bottom, core]
            yield _widen(line, average)


def _is_scratch(contrasts: Floats, index: int, travels: Floats, length: int, reach: int) -> bool:
    """Whether a line of so many bands, with these contrasts in the frames of the window, is no part of the scene.

    What moves with the scene is near its column only while the scene moves by less than `reach`, in pixels.
    """
    seen = contrasts >= max(_FAINTEST, _SEEN * float(contrasts[index]))
    if not seen[index] or np.count_nonzero(seen) < _FEWEST_FRAMES:
        return False
    is_passed = float(np.ptp(travels[seen])) > reach + 1
    return length >= BANDS * (_SPAN_MOVING if is_passed else _SPAN_RESTING)


def _drift(width: int) -> int:
    """By how many pixels a scratch may drift, or lean, and still be the same."""
    return max(1, round(width / 640))


def _across(reach: int) -> Plane:
    """A horizontal element for morphology, with `reach` pixels to either side: an odd length, else OpenCV shifts."""
    return np.ones((1, 2 * reach + 1), np.uint8)


def _longest_run(marks: Plane) -> tuple[int, int]:
    """Begin and end of the longest run of marks (BANDS,), of which there are some, with gaps of up to _GAP."""
    places = np.flatnonzero(marks)
    ends = np.flatnonzero(np.append(np.diff(places), BANDS + _GAP) > _GAP + 1)
    runs = list(zip(places[np.append(0, ends[:-1] + 1)], places[ends] + 1, strict=True))
    begin, end = max(runs, key=lambda run: run[1] - run[0])
    return int(begin), int(end)


def _widen(line: Mask, strength: Floats) -> Mask:
    """Add to a line its softer sides: all that has enough of its contrast in the same band."""
    peak = np.max(strength, axis=1, where=line, initial=0)[:, np.newaxis]
    likely = (strength > np.maximum(_EDGE * peak, 1.0)).astype(np.uint8) * (peak > 0)
    wide = line.astype(np.uint8)
    for _ in range(widest(line.shape[1]) // 2):
        wide |= cv2.dilate(wide, _across(1)) & likely
    return np.asarray(wide, np.bool_)
