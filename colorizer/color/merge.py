"""The way out of Lab: a picture's own lightness and the colours predicted for it, strip by strip."""

from __future__ import annotations

from dataclasses import dataclass
from queue import Empty, LifoQueue

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Depth, Floats, Pixels
from colorizer.color.curves import half_encoding_table, half_index, half_lightness_table, linear_table
from colorizer.color.lab import RGB_TO_XYZ, lab_to_rgb, luminance, luminance_to_rgb
from colorizer.parallel import map_strips, split_rows


def merge(pixels: Pixels, ab: Floats, *, strength: float = 1.0) -> Pixels:
    """The luminance of a picture and the colours predicted for it -> the coloured picture.

    `pixels`: grey (H, W) or RGB (H, W, 3), uint8 or uint16; only its L is used, and kept.
    `ab`: (h, w, 2) float32 of any size, stretched over the picture linearly.
    `strength`: factor on ab; 0 gives three exactly equal channels.
    Returns RGB (H, W, 3) of the same dtype. Works strip by strip, so that no full-size float copy is made.
    """
    height, width = pixels.shape[:2]
    dtype: Depth = np.uint8 if pixels.dtype == np.uint8 else np.uint16
    result = np.empty((height, width, 3), dtype)
    colors = Stretched.stretch_over(ab * np.float32(strength), height, width)
    pieces = split_rows(height, width)
    spare: LifoQueue[_Workspace] = LifoQueue()

    def colorize_strip(strip: slice) -> None:
        try:
            workspace = spare.get_nowait()
        except Empty:
            workspace = _Workspace(pieces[0].stop, width)
        light = workspace.luminance(pixels[strip])
        if strength == 0:
            result[strip] = luminance_to_rgb(light, dtype)
        else:
            colors.write_rows(strip, workspace.ab)
            workspace.merge(light, out=result[strip])
        spare.put(workspace)

    map_strips(colorize_strip, pieces)
    return result


class _Workspace:
    """The floats of one strip, used again for the next: fresh memory takes as long to get as the sums take."""

    def __init__(self, rows: int, width: int) -> None:
        self.ab = np.empty((rows, width, 2), np.float32)
        self._y, self._light = np.empty((2, rows, width), np.float32)
        self._lab, self._rgb = np.empty((2, rows, width, 3), np.float32)
        self._halves = np.empty((rows, width, 3), np.int16)

    def luminance(self, pixels: Pixels) -> Floats:
        """`luminance`, of RGB uint8 to a hundredth, which is a twentieth of an 8-bit level, in a third of the time."""
        if pixels.ndim == 2 or pixels.dtype != np.uint8:
            return luminance(pixels)
        rows = len(pixels)
        rgb, y, light = self._rgb[:rows], self._y[:rows], self._light[:rows]
        cv2.LUT(pixels, linear_table(255), dst=rgb)
        cv2.transform(rgb, RGB_TO_XYZ[1:2], dst=y)
        cv2.LUT(half_index(y), half_lightness_table(), dst=light)
        return light

    def merge(self, light: Floats, out: Pixels) -> None:
        """L (rows, width) and the first rows of `ab` -> sRGB, into `out` (rows, width, 3)."""
        rows = len(light)
        lab, rgb, halves = self._lab[:rows], self._rgb[:rows], self._halves[:rows]
        cv2.mixChannels([light[..., np.newaxis], self.ab[:rows]], [lab], [0, 0, 1, 1, 2, 2])
        if out.dtype != np.uint8:
            out[:] = lab_to_rgb(lab, np.uint16)
            return
        cv2.cvtColor(lab, cv2.COLOR_Lab2LRGB, dst=rgb)
        cv2.convertFp16(rgb, dst=halves)
        cv2.LUT(halves.view(np.uint16), half_encoding_table(), dst=out)


@dataclass(frozen=True)
class Stretched:
    """A small ab (h, w, 2) stretched linearly over a picture, its rows worked out when they are asked for.

    `wide`: (h, width, 2) float32. Row y of the picture is `wide[above[y]]` and `wide[below[y]]`, of which `share[y]`.
    """

    wide: Floats
    above: NDArray[np.intp]
    below: NDArray[np.intp]
    share: NDArray[np.float64]

    @classmethod
    def stretch_over(cls, ab: Floats, height: int, width: int) -> Stretched:
        """`ab` (h, w, 2) over a picture of `height` x `width`."""
        wide = np.asarray(cv2.resize(ab, (width, len(ab)), interpolation=cv2.INTER_LINEAR), np.float32)
        position = np.clip((np.arange(height) + 0.5) * len(ab) / height - 0.5, 0, len(ab) - 1)
        above = np.floor(position).astype(np.intp)
        return cls(wide, above, np.minimum(above + 1, len(ab) - 1), position - above)

    def write_rows(self, strip: slice, out: Floats) -> None:
        """Rows `strip` into the first rows of `out` (rows, width, 2)."""
        for y, row in zip(range(strip.start, strip.stop), out, strict=False):
            share = self.share[y]
            cv2.addWeighted(self.wide[self.above[y]], 1 - share, self.wide[self.below[y]], share, 0, dst=row)
