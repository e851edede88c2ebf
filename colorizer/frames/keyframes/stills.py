"""A coloured still as a key frame: laid over its frame by lightness, which is then discarded."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.errors import InvalidImage, Problem
from colorizer.frames.keyframes.key_frame import WEIGHT, KeyFrame
from colorizer.frames.keyframes.motion import match_lightness
from colorizer.frames.keyframes.registration import LEAST_AGREEMENT, Registration, register
from colorizer.frames.optical_flow import OpticalFlow, flow_picture, pixel_grid, warp
from colorizer.picture import Picture, is_gray
from colorizer.resize import WORKING_SIDE, fit_within, resize, shrink_to_working_size


@dataclass(frozen=True)
class AlignedStill:
    """`key`: the still as a key frame. `agreement`: the correlation of its lightness with the frame's, -1..1."""

    key: KeyFrame
    agreement: float

    @property
    def fits(self) -> bool:
        """Whether the still shows what the frame shows. If not, it is merely stretched over the frame."""
        return self.agreement >= LEAST_AGREEMENT


def align_still(still: Picture, luminance: Floats) -> AlignedStill:
    """A coloured still as a key frame of the frame that it belongs to.

    `still`: of any size. It may be a crop of the frame, have a border, other pixels' aspect, or come from a moment
    nearby: it is registered as a whole, and then follows the optical flow. Where it is transparent, or does not reach,
    the key frame has no opinion. `luminance`: of the frame (H, W) float32, 0..100, best of the frame's own shape.
    Raises InvalidImage for a still without colour.
    """
    if is_gray(still.pixels):
        raise InvalidImage("expected a still with colours, got a grey picture", problem=Problem.NO_COLOR)
    rgb, weight = _shrink_opaque(still)
    colors = lab.rgb_to_lab(rgb)
    light, ab = np.ascontiguousarray(colors[..., 0]), np.ascontiguousarray(colors[..., 1:])
    frame = resize(luminance, *fit_within(luminance.shape[1], luminance.shape[0], WORKING_SIDE))
    found = register(light, weight, frame)
    height, width = frame.shape
    shown = found.lay_over(weight, width, height)
    shown_ab = found.lay_over(ab * weight[..., np.newaxis], width, height)
    shown_ab /= np.maximum(shown, np.float32(1e-6))[..., np.newaxis]
    key = KeyFrame.from_ab(shown_ab, np.clip(shown, 0, 1))
    aligned = AlignedStill(key, found.agreement)
    return AlignedStill(_follow_flow(key, light, found, frame), found.agreement) if aligned.fits else aligned


def _shrink_opaque(still: Picture) -> tuple[Pixels, Floats]:
    """RGB of a still at the working size, without what transparent pixels hold, and its weight (h, w), 0..1."""
    if still.alpha is None:
        rgb = shrink_to_working_size(still.pixels)
        return rgb, np.ones(rgb.shape[:2], np.float32)
    most = float(np.iinfo(still.alpha.dtype).max)
    opaque = cv2.multiply(still.pixels, cv2.merge([still.alpha] * 3), scale=1 / most)
    small = shrink_to_working_size(np.asarray(opaque, still.pixels.dtype))
    weight = resize(still.alpha, small.shape[1], small.shape[0]).astype(np.float32) / np.float32(most)
    rgb = np.rint(small / np.maximum(weight, np.float32(1e-3))[..., np.newaxis])
    return np.minimum(rgb, np.float32(most)).astype(still.pixels.dtype), weight


def _follow_flow(key: KeyFrame, light: Floats, found: Registration, frame: Floats) -> KeyFrame:
    """Move what still lies beside its place after the registration, as far as the flow is sure of it."""
    height, width = frame.shape
    here = flow_picture(frame)
    laid = flow_picture(found.lay_over(light, width, height))
    laid = np.where(key.weight > 0.5, laid, here)  # nothing to find where the still shows nothing
    flow = OpticalFlow(precise=True)
    origins, trust = match_lightness(laid, here, flow.displacements(here, laid), flow.displacements(laid, here))
    grid = pixel_grid(*trust.shape)
    layer = warp(key.layer(), grid + trust[..., np.newaxis] * (origins - grid))
    weight = np.clip(layer[..., WEIGHT], 0, 1)
    ab = layer[..., :2] / np.maximum(weight, np.float32(1e-6))[..., np.newaxis]
    return KeyFrame(np.asarray(ab, np.float32), weight)
