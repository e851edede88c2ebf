"""Find in a scan or a photograph of a print what could be corrected: suggestions, never changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.edits.geometry import Box, Geometry
from colorizer.edits.print_outline import find_outline
from colorizer.edits.restoration import find_picture_part
from colorizer.edits.warping import transform_pixels
from colorizer.picture import Picture, convert_to_8_bits
from colorizer.resize import fit_within, resize, shrink_to_working_size

Tint = Literal["sepia", "yellowed", "tinted"]

MIN_CONFIDENCE = 0.5  # of an outline that is suggested
INSET = 0.002  # of a print's sides that is cut off with its surroundings, because its edge is never quite straight
LARGEST_SLANT = 0.004  # of a side by which an upright print's sides may lean; it is cropped and not resampled
SMALLEST_CHANGE = 0.005  # of a side: a smaller cut is not worth a suggestion
MIN_CHROMA = 5.0  # CIE units: the mean of a picture that has a tint
MAX_REST = 4.0  # CIE units by which colours of a toned picture may differ from a curve over their lightness
TINT_SIDE = 96  # pixels
YELLOW_HUE, LARGEST_HUE = 80.0, 115.0  # degrees in the plane of a and b: from where on brown is yellow, up to green


@dataclass(frozen=True, kw_only=True)
class PrintFinding:
    """What could be corrected in the picture of a print.

    `outline`: cuts the print out of what lies around it, and makes it a rectangle; None if no print was found.
    `picture`: takes away the print's light or dark border, too; None if it has none.
    `tilt`: of the print, degrees clockwise. `confidence`: 0..1, of the outline.
    `tint`: of a picture that has one colour for each lightness; None for a grey or a coloured one.
    """

    outline: Geometry | None = None
    picture: Geometry | None = None
    tilt: float = 0.0
    confidence: float = 0.0
    tint: Tint | None = None

    @property
    def geometry(self) -> Geometry:
        """The geometry of all that was found: the identity if that is nothing."""
        return self.picture or self.outline or Geometry()


def find_print(picture: Picture) -> PrintFinding:
    """Look for a print on a table or a scanner's lid, for its border, and for a tint.

    It takes a tenth of a second at most, because the picture is shrunk first. Ordinary photographs give nothing.
    """
    small = convert_to_8_bits(Picture(shrink_to_working_size(picture.pixels))).pixels
    rgb = np.dstack([small] * 3) if small.ndim == 2 else small
    found = find_outline(lab.rgb_to_lab(rgb))
    outline, tilt, confidence = None, 0.0, 0.0
    if found is not None and found.confidence >= MIN_CONFIDENCE:
        size = np.array([small.shape[1], small.shape[0]])
        outline, tilt, confidence = _cut_out(found.corners / size), _tilt(found.corners), found.confidence
    print_alone = transform_pixels(small, outline or Geometry())
    border = _find_border(lab.luminance(print_alone))
    picture_alone = None if border is None else _crop_further(outline or Geometry(), border)
    return PrintFinding(
        outline=outline, picture=picture_alone, tilt=tilt, confidence=confidence, tint=find_tint(print_alone)
    )


def _cut_out(corners: np.ndarray) -> Geometry | None:
    """The geometry for a print's corners, (4, 2), 0..1: a plain crop if its sides are upright and level already."""
    center = corners.mean(axis=0)
    corners = np.clip(center + (corners - center) * (1 - 2 * INSET), 0, 1)
    left, right, top, bottom = corners[[0, 3], 0], corners[[1, 2], 0], corners[[0, 1], 1], corners[[2, 3], 1]
    if max(np.ptp(side) for side in (left, right, top, bottom)) > LARGEST_SLANT:
        upper_left, upper_right, lower_right, lower_left = ((float(x), float(y)) for x, y in corners.round(5))
        return Geometry(corners=(upper_left, upper_right, lower_right, lower_left))
    box = tuple(float(side.mean().round(5)) for side in (left, top, right, bottom))
    if max(abs(np.subtract(box, (0, 0, 1, 1)))) < SMALLEST_CHANGE:
        return None
    return Geometry(crop=(box[0], box[1], box[2], box[3]))


def _tilt(corners: np.ndarray) -> float:
    """The mean tilt of four sides, degrees clockwise."""
    sides = np.roll(corners, -1, axis=0) - corners
    angles = np.degrees(np.arctan2(sides[:, 1], sides[:, 0])) - (0, 90, 180, 270)
    return round(float(((angles + 180) % 360 - 180).mean()), 2)


def _find_border(luminance: Floats) -> Box | None:
    """What is inside of a light or a dark border on all four sides: left, top, right, bottom, 0..1."""
    height, width = luminance.shape
    for light in (luminance, 100 - luminance):
        rows, columns = find_picture_part(np.asarray(light, np.float32))
        if rows.start is not None:
            return (
                round(columns.start / width, 5),
                round(rows.start / height, 5),
                round(columns.stop / width, 5),
                round(rows.stop / height, 5),
            )
    return None


def _crop_further(geometry: Geometry, box: Box) -> Geometry:
    """The geometry with a box, 0..1, of the part that it keeps."""
    left, top, right, bottom = geometry.crop
    x = [left + each * (right - left) for each in (box[0], box[2])]
    y = [top + each * (bottom - top) for each in (box[1], box[3])]
    return replace(geometry, crop=(round(x[0], 5), round(y[0], 5), round(x[1], 5), round(y[1], 5)))


def find_tint(pixels: Pixels) -> Tint | None:
    """The tint of a picture whose colours are one curve over its lightness; None if it is grey or has more colours.

    `pixels`: grey (H, W) or RGB (H, W, 3), uint8.
    """
    if pixels.ndim == 2:
        return None
    small = resize(pixels, *fit_within(pixels.shape[1], pixels.shape[0], TINT_SIDE))
    values = lab.rgb_to_lab(np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.uint8)).reshape(-1, 3)
    light, colors = values[:, 0] / 100, values[:, 1:]
    if np.hypot(*colors.T).mean() < MIN_CHROMA:
        return None
    powers = np.stack([light**power for power in range(4)], axis=1)
    curve, *_ = np.linalg.lstsq(powers, colors, rcond=None)
    if np.percentile(np.hypot(*(colors - powers @ curve).T), 95) > MAX_REST:
        return None
    hue = float(np.degrees(np.arctan2(*colors.mean(axis=0)[::-1])))
    if not 0 < hue <= LARGEST_HUE:
        return "tinted"
    return "sepia" if hue < YELLOW_HUE else "yellowed"
