"""Views of a video frame: mirrored; coloured alone, beside the grey frame, split by a line, or three in a row."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np

from colorizer.arrays import Plane
from colorizer.frames.yuv import NEUTRAL_CHROMA, YuvFrame, copy_gray

MAX_WIDTH = 1280  # pixels of several frames in a row; wider frames are shrunk, because each pixel costs encoding time
_LINE = 2  # width of the line, in pixels of luma; it is one pixel of chroma


class View(StrEnum):
    """A view; the value is its name on the page."""

    COLORIZED = "Coloured"
    PAIR = "Grey and coloured"
    SPLIT = "Split"
    ROW = "Original, grey, coloured"


_PANELS = {View.COLORIZED: 1, View.PAIR: 2, View.SPLIT: 1, View.ROW: 3}


def mirror(frame: YuvFrame) -> YuvFrame:
    """A new frame with left and right exchanged. With an odd width, chroma moves by half of one of its pixels."""
    y, u, v = (np.asarray(cv2.flip(plane, 1), np.uint8) for plane in (frame.y, frame.u, frame.v))
    return YuvFrame(y, u, v, frame.full_range)


def view_size(view: View, width: int, height: int) -> tuple[int, int]:
    """The width and height in pixels of `view` for a frame of `width` x `height`.

    A view with one panel has the frame's size; other views have an even width and height.
    """
    panels = _PANELS[view]
    if panels == 1:
        return width, height
    panel_width = min(width, MAX_WIDTH // panels) // 2 * 2
    return panels * panel_width, max(2, round(height * panel_width / width / 2) * 2)


def draw_view(view: View, original: YuvFrame, colorized: YuvFrame, out: YuvFrame, *, split: float = 0.5) -> None:
    """Draw the view into `out`, which has the size given by `view_size`.

    `original`, `colorized`: the camera's frame and the same frame in colour, of the same size.
    `split`: for View.SPLIT, the share of the width, from the left, that is grey: 0..1. The line is drawn at its end.
    """
    if view in (View.COLORIZED, View.SPLIT):
        _copy_frame(colorized, out)
        if view == View.SPLIT:
            _draw_split(original, out, split)
        return
    gray = YuvFrame.empty(original.width, original.height)
    copy_gray(original, gray)
    shown = (gray, colorized) if view == View.PAIR else (original, gray, colorized)
    for number, panel in enumerate(shown):
        for source, target in ((panel.y, out.y), (panel.u, out.u), (panel.v, out.v)):
            _draw_panel(source, target, number, len(shown))


def _copy_frame(source: YuvFrame, out: YuvFrame) -> None:
    out.y[:], out.u[:], out.v[:] = source.y, source.u, source.v


def _draw_split(original: YuvFrame, out: YuvFrame, split: float) -> None:
    middle = round(split * original.width)
    out.y[:, :middle] = original.y[:, :middle]
    out.u[:, : middle // 2] = out.v[:, : middle // 2] = NEUTRAL_CHROMA
    if 0 < middle < original.width:
        out.y[:, max(0, middle - _LINE // 2) : middle + _LINE // 2] = 255 if original.full_range else 235
        out.u[:, middle // 2] = out.v[:, middle // 2] = NEUTRAL_CHROMA


def _draw_panel(source: Plane, target: Plane, number: int, panels: int) -> None:
    width = target.shape[1] // panels
    part = target[:, number * width : (number + 1) * width]
    cv2.resize(source, (width, target.shape[0]), dst=part, interpolation=cv2.INTER_AREA)
