"""Damage a clip as old films are damaged: dust, scratches, flicker and shake, seeded, with the truth about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from colorizer.arrays import Floats, Mask, Plane

_VISIBLE = 6  # levels of luma by which a pixel must be changed to count as damaged


@dataclass(frozen=True)
class Damaged:
    """`planes`: the damaged frames, (H, W) uint8. `masks`: where each is visibly damaged, (H, W) bool."""

    planes: list[Plane]
    masks: list[Mask]


def add_dust(planes: Sequence[Plane], *, seed: int, spots: float = 12) -> Damaged:
    """Spots of 2 to 24 pixels (of 640), irregular, light or dark, in one frame each. `spots`: a frame, on average."""
    rng = np.random.default_rng(seed)
    return _cover(planes, [_dust(plane.shape, rng, rng.poisson(spots)) for plane in planes])


def add_scratches(planes: Sequence[Plane], *, seed: int, count: int = 6) -> Damaged:
    """Vertical lines, 1 to 4 pixels wide (of 640), light or dark, that drift slowly and come and go.

    Half of them run through the whole picture, the others through half of it or more.
    """
    rng = np.random.default_rng(seed)
    height, width = planes[0].shape
    layers = [np.zeros((height, width), np.float32) for _ in planes]
    rows = np.arange(height)[:, np.newaxis]
    for _ in range(count):
        place = rng.uniform(0.05, 0.95) * width + np.cumsum(rng.normal(0, 0.15, len(planes)))
        slant, radius = rng.uniform(-1, 1) / height, rng.uniform(0.5, 2) * width / 640
        contrast = rng.uniform(15, 50) * rng.choice([-1, 1])
        top = 0.0 if rng.random() < 0.5 else rng.uniform(0, 0.5)
        span = (rows >= top * height) & (rows < (1.0 if top == 0 else top + 0.5) * height)
        begin = rng.integers(0, max(1, len(planes) // 3))
        end = rng.integers(2 * len(planes) // 3, len(planes) + 1)
        wear = cv2.resize(rng.uniform(0.6, 1, (12, 1)).astype(np.float32), (1, height))
        for number in range(begin, end):
            off = np.abs(np.arange(width) - place[number] - slant * rows)
            profile = np.clip(radius + 0.5 - off, 0, 1) * span * wear
            layers[number] += (contrast * profile).astype(np.float32)
    return _cover(planes, layers)


def add_flicker(planes: Sequence[Plane], *, seed: int, strength: float = 0.06) -> list[Plane]:
    """Another exposure for each frame: a gain with the standard deviation `strength`, and an offset of 2 levels."""
    rng = np.random.default_rng(seed)
    changes = zip(rng.normal(1, strength, len(planes)), rng.normal(0, 2, len(planes)), strict=True)
    return [
        np.asarray(np.rint(np.clip(16 + gain * (plane - 16.0) + offset, 0, 255)), np.uint8)
        for plane, (gain, offset) in zip(planes, changes, strict=True)
    ]


def add_shake(planes: Sequence[Plane], *, seed: int, pixels: float = 2.0, degrees: float = 0.15) -> list[Plane]:
    """Another position for each frame, as in a worn projector. `pixels` (of 640), `degrees`: standard deviations."""
    rng = np.random.default_rng(seed)
    height, width = planes[0].shape
    shaken = []
    for plane in planes:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.normal(0, degrees), 1)
        move = np.column_stack([np.zeros((2, 2)), rng.normal(0, pixels * width / 640, 2)])
        moved = cv2.warpAffine(
            plane, matrix + move, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
        )
        shaken.append(np.asarray(moved, np.uint8))
    return shaken


def _dust(shape: tuple[int, ...], rng: np.random.Generator, count: int) -> Floats:
    layer = np.zeros(shape, np.float32)
    unit = shape[1] / 640
    for _ in range(count):
        size = max(2, round(unit * 2 * 12 ** rng.uniform()))
        side = 2 * size + 5
        noise = cv2.GaussianBlur(rng.normal(0, 1, (side, side)).astype(np.float32), (0, 0), max(0.8, size / 5))
        rough = noise * (0.35 / max(1e-6, float(np.std(noise))))
        rows, columns = np.mgrid[:side, :side] - side // 2
        stretch = rng.uniform(0.6, 1.4)
        distance = np.hypot(rows * stretch, columns / stretch) / (size / 2)
        blob = np.clip((1.2 + rough - distance) * size / 2, 0, 1)
        top, left = rng.integers(0, shape[0] - side), rng.integers(0, shape[1] - side)
        contrast = rng.uniform(25, 120) * rng.choice([-1, 1])
        layer[top : top + side, left : left + side] += (contrast * blob).astype(np.float32)
    return layer


def _cover(planes: Sequence[Plane], layers: Sequence[Floats]) -> Damaged:
    """Add a layer of levels to each plane, within the range of luma."""
    damaged = [
        np.rint(np.clip(plane + layer, 16, 235)).astype(np.uint8) if layer.any() else plane
        for plane, layer in zip(planes, layers, strict=True)
    ]
    masks = [np.abs(was.astype(np.int16) - now) >= _VISIBLE for was, now in zip(planes, damaged, strict=True)]
    return Damaged(damaged, masks)
