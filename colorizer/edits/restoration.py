"""Restoration of old photographs: damage, dots, fading, levels, and a border hidden from the network. All are off.

Taking out dots and correcting fading and levels change the picture's luminance, which is otherwise kept; repair changes
it at damaged places alone. Hiding the border only changes the network's input.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Mask, Pixels
from colorizer.color import lab
from colorizer.edits.damage import KINDS, Damage, find_damage
from colorizer.edits.descreening import descreen
from colorizer.edits.inpainting import inpaint
from colorizer.edits.repair_mask import check_mask, edit_mask, mask_from_text
from colorizer.edits.strokes import Stroke
from colorizer.resize import shrink_to_working_size

Part = tuple[slice, slice]  # rows and columns
WHOLE: Part = (slice(None), slice(None))

CLIPPED_PERCENT = 0.5  # of the pixels at either end of a channel's range that are ignored: dust, scratches, glare
SMALLEST_RANGE = 1 / 32  # of all levels; a channel with a smaller range is mostly noise and is not stretched
MIN_PAPER_LIGHTNESS = 70.0  # L: the minimum of paper
PAPER_TOLERANCE = 6.0  # L by which the paper of one border may vary, up or down
BORDER_SHARE = 0.95  # of a border's row or column that must be paper; the rest may be dust
MAX_BORDER_SHARE = 0.25  # of a side that one border may take


@dataclass(frozen=True, kw_only=True)
class Restoration:
    """What to correct in an old photograph before it is coloured, in the order of the fields.

    `descreen`: take out the dots of a newspaper's picture, if there are any.
    `scratches`, `dust`, `folds`: find this damage, and fill it from its surroundings. All other pixels stay.
    `mask`: other places to fill, a text of `repair_mask.mask_to_text`; empty for none.
    `kept`: places that are not filled, though they are found or in `mask`; a text of the same kind.
    `strokes`: painted on the mask that all this gives, as `repair_mask.edit_mask` does: they add places or keep them.
    `unfade`: stretch every channel to the widest range that any of them has kept. This removes a tint (sepia, yellowed
    paper, one faded dye). A picture with one channel is not changed.
    `levels`: stretch all channels so that the darkest pixels become black and the lightest ones white.
    `crop_border`: hide a print's light border from the network; the border stays grey. The picture keeps its size.
    Raises InvalidSetting, which is a ValueError, for a text that is no mask.
    """

    descreen: bool = False
    scratches: bool = False
    dust: bool = False
    folds: bool = False
    mask: str = ""
    kept: str = ""
    strokes: tuple[Stroke, ...] = ()
    unfade: bool = False
    levels: bool = False
    crop_border: bool = False

    def __post_init__(self) -> None:
        check_mask(self.mask)
        check_mask(self.kept)

    @property
    def damage(self) -> tuple[Damage, ...]:
        """The kinds of damage to look for."""
        return tuple(kind for kind in KINDS if getattr(self, kind))


def restore(pixels: Pixels, restoration: Restoration) -> Pixels:
    """Restore grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16: same shape and dtype. A border stays.

    Raises InvalidSetting for a mask of other proportions than the picture.
    """
    return find_and_restore(pixels, restoration)[0]


def find_and_restore(pixels: Pixels, restoration: Restoration) -> tuple[Pixels, Mask | None]:
    """What `restore` returns, and where damage was found: (H, W) bool, not changed by hand; None if nothing is filled.

    `pixels`, raises: as there.
    """
    pixels, found = _take_dots_out(pixels, restoration), None
    if restoration.damage or restoration.mask or restoration.strokes:
        found = find_damage(_gray(pixels), restoration.damage)
        pixels = inpaint(pixels, _choose_repairs(found, restoration))
    return _correct_tones(pixels, restoration), found


def find_repairs(pixels: Pixels, restoration: Restoration) -> Mask:
    """The places of a picture that `restore` fills: (H, W) bool. `pixels`, raises: as there."""
    return _choose_repairs(find_damage(_gray(_take_dots_out(pixels, restoration)), restoration.damage), restoration)


def _take_dots_out(pixels: Pixels, restoration: Restoration) -> Pixels:
    return descreen(pixels) if restoration.descreen else pixels


def _choose_repairs(found: Mask, restoration: Restoration) -> Mask:
    """The places that are filled, (H, W) bool, of those that were found and those chosen by hand."""
    shape = found.shape[0], found.shape[1]
    if restoration.mask:
        found = found | mask_from_text(restoration.mask, shape)
    if restoration.kept:
        found = found & ~mask_from_text(restoration.kept, shape)
    return edit_mask(found, restoration.strokes)


def _gray(pixels: Pixels) -> NDArray[np.uint8]:
    """The luma of grey (H, W) or RGB (H, W, 3) pixels with 8 bits: (H, W)."""
    if pixels.dtype == np.uint16:
        pixels = np.asarray(cv2.convertScaleAbs(pixels, alpha=1 / 257), np.uint8)
    return np.asarray(pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _correct_tones(pixels: Pixels, restoration: Restoration) -> Pixels:
    if not (restoration.levels or (restoration.unfade and pixels.ndim == 3)):
        return pixels
    table = _tone_table(pixels, restoration)
    if pixels.dtype == np.uint8:
        return np.asarray(cv2.LUT(pixels, table[np.newaxis]), np.uint8).reshape(pixels.shape)
    if pixels.ndim == 2:
        return np.asarray(table[pixels, 0], pixels.dtype)
    return np.dstack([table[pixels[..., channel], channel] for channel in range(3)])


def _tone_table(pixels: Pixels, restoration: Restoration) -> Pixels:
    """The new value of each level of each channel: (levels, channels), same dtype as `pixels`."""
    small = shrink_to_working_size(pixels)
    light = lab.luminance(small)
    part = find_picture_part(light)  # without the paper, which does not show how the picture has faded
    top = np.iinfo(pixels.dtype).max
    own = _channel_ranges(np.atleast_3d(small[part]) / top)
    if restoration.unfade:
        # Fading only narrows a channel's range, so the widest remaining range is the best estimate of the original.
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
    """The darkest and the lightest value of each channel of (h, w, c), 0..1, without outliers: (2, c)."""
    return np.asarray(np.percentile(unit, (CLIPPED_PERCENT, 100 - CLIPPED_PERCENT), axis=(0, 1)), np.float64)


def find_picture_part(luminance: Floats) -> Part:
    """Find the rows and columns of a scan that are inside the print's light border; WHOLE if there is no border.

    `luminance`: (h, w) float32, L 0..100. Only a border on all four sides counts, because a light sky may look like
    paper along one side.
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
    """The number of rows of paper at the top and the bottom, each with the one row across the print's edge.

    Both are 0 if either exceeds MAX_BORDER_SHARE.
    """
    other = np.flatnonzero(is_paper.mean(axis=1) < BORDER_SHARE)
    if not len(other):
        return 0, 0
    margins = int(other[0]), len(is_paper) - 1 - int(other[-1])
    if max(margins) > MAX_BORDER_SHARE * len(is_paper):
        return 0, 0
    first, last = (margin + 1 if margin else 0 for margin in margins)
    return first, last
