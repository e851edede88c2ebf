"""Clips in true colours with known motion: photographs that are panned, zoomed, or crossed by something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.flicker import Flow, flows
from benchmarks.quality.photographs import center_square
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.frames.optical_flow import pixel_grid

SIDE = 224  # pixels: of a clip's frames, as of the network's input
FRAMES = 61
GRAIN = 1.5  # CIE L: standard deviation
_SPRITE = 0.5  # of the side: the size of what crosses the picture
_CROSSING = (5, 45)  # the frames between which it is in the picture

Doubles = NDArray[np.float64]
# From the share of the clip that is over, 0..1: the window's left, top and side, in shares of the photograph's square.
Camera = Callable[[float], tuple[float, float, float]]

CAMERAS: dict[str, Camera] = {
    "panned": lambda share: (0.45 * share, 0.1 + 0.25 * share, 0.55),
    "zoomed": lambda share: (0.2 - 0.15 * share, 0.25 - 0.2 * share, 0.5 + 0.4 * share),
    "panned and back": lambda share: (0.4 * np.sin(np.pi * share), 0.2, 0.6),
    "crossed": lambda share: (0.1 + 0.1 * share, 0.15, 0.7),
}


@dataclass(frozen=True)
class ColorClip:
    """`frames`: RGB (SIDE, SIDE, 3) uint8. `luminances`: their L with grain (SIDE, SIDE) float32.

    `between`: for each frame after the first, the position of each pixel in the frame before, and where it is known.
    """

    frames: list[Pixels]
    luminances: list[Floats]
    between: list[Flow]


def make_clip(kind: str, photograph: Pixels, other: Pixels, *, frames: int = FRAMES) -> ColorClip:
    """A clip of a kind in `CAMERAS`, of RGB (H, W, 3) uint8. In "crossed", a cut-out of `other` passes before it."""
    cameras = [_matrix(CAMERAS[kind](number / (frames - 1)), photograph.shape) for number in range(frames)]
    views = [
        np.asarray(
            cv2.warpAffine(
                photograph,
                camera[:2],
                (SIDE, SIDE),
                flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REFLECT,
            ),
            np.uint8,
        )
        for camera in cameras
    ]
    sprite = center_square(other, round(_SPRITE * SIDE)) if kind == "crossed" else None
    places = [_place(number, frames) for number in range(frames)]
    masks = [_mask(place) if sprite is not None else np.zeros((SIDE, SIDE), np.float32) for place in places]
    if sprite is not None:
        views = [_paste(view, sprite, place, mask) for view, place, mask in zip(views, places, masks, strict=True)]
    between = [_motion(cameras[i : i + 2], places[i : i + 2], masks[i : i + 2]) for i in range(frames - 1)]
    return ColorClip(views, _grainy(views), between)


def read_clip(path: Path, *, frames: int = FRAMES) -> ColorClip:
    """The first frames of a colour film; the motion between them is measured, not known."""
    views = read_views(path, frames=frames)
    luminances = [lab.luminance(view) for view in views]
    return ColorClip(views, luminances, flows(luminances))


def read_views(path: Path, *, frames: int) -> list[Pixels]:
    """The first frames of a film, squeezed to RGB (SIDE, SIDE, 3) uint8."""
    views: list[Pixels] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            pixels = frame.to_ndarray(format="rgb24")
            views.append(np.asarray(cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8))
            if len(views) == frames:
                break
    return views


def _matrix(window: tuple[float, float, float], shape: tuple[int, ...]) -> Doubles:
    """(3, 3): from pixels of a frame to those of the photograph, whose largest centred square the window lies in."""
    height, width = shape[:2]
    side = min(height, width)
    left, top, size = (share * side for share in window)
    scale = size / SIDE
    return np.array(
        [[scale, 0, (width - side) / 2 + left], [0, scale, (height - side) / 2 + top], [0, 0, 1]], np.float64
    )


def _place(number: int, frames: int) -> float:
    """The left edge of what crosses the picture, in pixels: it enters at the left and leaves at the right."""
    begin, end = (frame * (frames - 1) / (FRAMES - 1) for frame in _CROSSING)
    return (1 + _SPRITE) * SIDE * (number - begin) / (end - begin) - _SPRITE * SIDE


def _mask(place: float) -> Floats:
    """The share 0..1 of each pixel that an ellipse at `place` covers, with a soft edge: (SIDE, SIDE)."""
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    radius = _SPRITE * SIDE / 2
    distance = np.hypot(columns - (place + radius), rows - SIDE / 2)
    return np.asarray(np.clip(radius - distance, 0, 1), np.float32)


def _paste(view: Pixels, sprite: Pixels, place: float, mask: Floats) -> Pixels:
    move = np.array([[1, 0, place], [0, 1, (SIDE - len(sprite)) / 2]], np.float64)
    moved = cv2.warpAffine(sprite, move, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    share = mask[..., np.newaxis]
    return np.asarray(np.rint(share * moved + (1 - share) * view), np.uint8)


def _motion(cameras: list[Doubles], places: list[float], masks: list[Floats]) -> Flow:
    """Where each pixel was in the frame before, and where that is known: not at edges, nor where it was hidden."""
    grid = pixel_grid(SIDE, SIDE)
    back = np.linalg.inv(cameras[0]) @ cameras[1]
    background = (grid @ back[:2, :2].T + back[:2, 2]).astype(np.float32)
    sprite = grid - np.array([places[1] - places[0], 0], np.float32)
    origins = np.where(masks[1][..., np.newaxis] > 0.5, sprite, background)
    before = np.asarray(cv2.remap(masks[0], origins, np.empty(0, np.float32), cv2.INTER_LINEAR), np.float32)
    inside = ((origins >= 0) & (origins <= SIDE - 1)).all(axis=2)
    return origins, inside & (np.abs(before - masks[1]) < 0.01) & (np.abs(masks[1] - 0.5) > 0.49)


def _grainy(views: list[Pixels]) -> list[Floats]:
    random = np.random.default_rng(0)
    grain = (random.normal(0, GRAIN, (SIDE, SIDE)).astype(np.float32) for _ in views)
    return [np.clip(lab.luminance(view) + each, 0, 100) for view, each in zip(views, grain, strict=True)]
