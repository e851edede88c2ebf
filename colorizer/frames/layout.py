"""What is shown of a coloured video frame: alone, beside the grey one, divided by a line, or all three in a row."""

from __future__ import annotations

from enum import StrEnum

import cv2

from colorizer.arrays import Plane
from colorizer.frames.yuv import NEUTRAL_CHROMA, YuvFrame, copy_gray

WIDEST = 1280  # pixels: frames in a row are made smaller beyond it, for every pixel costs the encoder time
_LINE = 2  # pixels, and one of chroma


class View(StrEnum):
    """The value is the name a visitor reads."""

    COLORIZED = "Coloured"
    PAIR = "Grey and coloured"
    SPLIT = "Split"
    ROW = "Original, grey, coloured"


_PANELS = {View.COLORIZED: 1, View.PAIR: 2, View.SPLIT: 1, View.ROW: 3}


def view_size(view: View, width: int, height: int) -> tuple[int, int]:
    """Width and height, both even unless they are the frame's own, of what `view` shows of a frame of that size."""
    panels = _PANELS[view]
    if panels == 1:
        return width, height
    panel_width = min(width, WIDEST // panels) // 2 * 2
    return panels * panel_width, max(2, round(height * panel_width / width / 2) * 2)


def draw_view(view: View, original: YuvFrame, colorized: YuvFrame, out: YuvFrame, *, split: float = 0.5) -> None:
    """Draw the view into `out`, which has the size that `size_of` says.

    `original`, `coloured`: the frame as the camera gave it, and in colour; one size.
    `split`: for View.SPLIT, the share of the width, 0..1, that is grey; the line is drawn where it ends.
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
