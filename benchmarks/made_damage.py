"""Photographs damaged as prints are: scratches, dust and folds, and halftone screens; all made, with seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Mask, Pixels
from colorizer.edits.damage import KINDS, Damage

VISIBLE = 8.0  # levels: the least change of a pixel that counts as damage
FINE = 4  # times finer than the picture, in which damage is drawn

Array = NDArray[np.float64]


@dataclass(frozen=True)
class DamagedPrint:
    """A scan of a print, (H, W) uint8, the same without its damage, and where the damage can be seen, (H, W) bool."""

    pixels: Pixels
    clean: Pixels
    mask: Mask


def make_damage(
    gray: Pixels, random: np.random.Generator, kinds: Sequence[Damage] = KINDS, *, unit: float | None = None
) -> DamagedPrint:
    """Damage a photograph, (H, W) uint8, and scan it with some blur; the print has some grain.

    `unit`: the size of fine damage in pixels; by default 1 up to 900 pixels, and more as scans of more pixels show it.
    """
    height, width = gray.shape
    print_ = gray + random.uniform(0.5, 4) * make_noise(height, width, random.uniform(1, 1.8), random)
    damaged = print_.copy()
    for kind in kinds:
        damaged = _DAMAGES[kind](damaged, unit or max(1.0, max(gray.shape) / 900), random)
    blur = random.uniform(0.35, 0.8)
    clean, scan = (to_pixels(cv2.GaussianBlur(np.clip(each, 0, 255), (0, 0), blur)) for each in (print_, damaged))
    return DamagedPrint(scan, clean, np.abs(scan.astype(float) - clean) >= VISIBLE)


def make_halftone(gray: Pixels, random: np.random.Generator, *, period: float, degrees: float = 45.0) -> Pixels:
    """Print a photograph, (H, W) uint8, with black dots, `period` pixels apart, and scan it: (H, W) uint8."""
    height, width = gray.shape
    large = cv2.resize(gray, (width * FINE, height * FINE), interpolation=cv2.INTER_CUBIC)
    angle = math.radians(degrees)
    x, y = np.arange(width * FINE, dtype=np.float32), np.arange(height * FINE, dtype=np.float32)[:, np.newaxis]
    step = 2 * math.pi / (period * FINE)
    one = np.cos(step * (x * math.cos(angle) + y * math.sin(angle)))
    other = np.cos(step * (y * math.cos(angle) - x * math.sin(angle)))
    dots = one + other
    # The quantiles of the dots' function, so that each level covers its share of the paper.
    thresholds = np.quantile(dots[: 8 * int(period * FINE) : 3, : 8 * int(period * FINE) : 3], np.arange(256) / 255)
    ink = dots > np.append(thresholds[:255], 2.1)[large]
    tone = np.where(ink, random.uniform(10, 40), random.uniform(215, 250)).astype(np.float32)
    scan = cv2.resize(
        cv2.GaussianBlur(tone, (0, 0), random.uniform(0.3, 0.6) * FINE), (width, height), interpolation=cv2.INTER_AREA
    )
    return to_pixels(scan + random.uniform(0, 3) * random.standard_normal(scan.shape))


def to_pixels(levels: NDArray[Any]) -> Pixels:
    """Levels rounded to uint8, cut to 0..255."""
    return np.asarray(np.rint(np.clip(levels, 0, 255)), np.uint8)


def make_noise(height: int, width: int, size: float, random: np.random.Generator) -> Array:
    """Noise of mean 0 and deviation 1 with features of this size in pixels."""
    small = random.standard_normal((math.ceil(height / size) + 2, math.ceil(width / size) + 2))
    noise = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC) if size > 1 else small[:height, :width]
    return np.asarray((noise - noise.mean()) / (noise.std() + 1e-9))


def pick_tone(random: np.random.Generator, light: float) -> float:
    """The level of damage, light with the probability `light`, else dark."""
    return float(random.uniform(215, 255) if random.random() < light else random.uniform(0, 40))


def cover(gray: Array, drawn: NDArray[np.uint8], level: float, opacity: Array | float) -> Array:
    """Lay a level over a picture where something was drawn, 0..255, at FINE times its size."""
    share = cv2.resize(drawn, gray.shape[::-1], interpolation=cv2.INTER_AREA) / 255.0 * opacity
    return np.asarray(gray + share * (level - gray))


def _path(start: Array, angle: float, length: float, bend: float, random: np.random.Generator) -> Array:
    """The points of a line that bends by about `bend` radians in all: (n, 2), x and y."""
    count = max(3, int(length / 4))
    turn = random.normal(0, bend / math.sqrt(count), count).cumsum() + random.normal(0, bend / 2) * np.linspace(
        0, 1, count
    )
    steps = np.stack([np.cos(angle + turn), np.sin(angle + turn)], axis=1) * (length / count)
    return np.asarray(start + steps.cumsum(axis=0))


def _draw(shape: tuple[int, int], path: Array, width: float) -> NDArray[np.uint8]:
    """A line along a path, 0..255, of `shape` times FINE."""
    drawn = np.zeros((shape[0] * FINE, shape[1] * FINE), np.uint8)
    trace(drawn, path, width)
    return drawn


def trace(drawn: NDArray[np.uint8], path: Array, width: float) -> None:
    """Draw a line along a path into what is drawn already."""
    points = np.rint(path * FINE).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(drawn, [points], False, 255, max(1, round(width * FINE)), cv2.LINE_AA)


def _line(gray: Array, path: Array, width: float, level: float, opacity: Array) -> None:
    """Lay a line along a path over its part of a picture."""
    low, high = path.min(axis=0) - width - 2, path.max(axis=0) + width + 2
    left, top = np.clip(low, 0, None).astype(int)
    right, bottom = np.clip(high, 0, gray.shape[::-1]).astype(int)
    if right > left and bottom > top:
        part = (slice(top, bottom), slice(left, right))
        drawn = _draw((bottom - top, right - left), path - (left, top), width)
        gray[part] = cover(gray[part], drawn, level, opacity[part])


def _scratch(gray: Array, unit: float, random: np.random.Generator) -> Array:
    height, width = gray.shape
    for _ in range(random.integers(3, 9)):
        start = random.uniform(0, 1, 2) * (width, height)
        upright = random.random() < 0.5  # as rollers and sleeves make them
        angle = random.normal(math.pi / 2, 0.06) if upright else random.uniform(0, 2 * math.pi)
        path = _path(start, angle, random.uniform(0.1, 0.8) * height, random.uniform(0, 0.3), random)
        worn = np.clip(1 + random.uniform(0, 0.8) * make_noise(height, width, 12 * unit, random), 0, 1)
        thick, level = random.uniform(0.8, 2.5) * unit, pick_tone(random, 0.8)
        _line(gray, path, thick, level, random.uniform(0.5, 1) * worn)
    return gray


def _dust(gray: Array, unit: float, random: np.random.Generator) -> Array:
    height, width = gray.shape
    light = random.choice([0.9, 0.5])
    drawings = {
        level: np.zeros((height * FINE, width * FINE), np.uint8)
        for level in (pick_tone(random, 1), pick_tone(random, 0))
    }
    white, black = drawings.values()
    for _ in range(random.integers(20, 90)):
        drawn = white if random.random() < light else black
        center = random.uniform(0, 1, 2) * (width, height) * FINE
        radius = min(random.lognormal(0.3, 0.5), 5) * unit * FINE
        angles = np.linspace(0, 2 * math.pi, 9)[:-1]
        reach = radius * random.uniform(0.5, 1.4, 8) * np.where(np.arange(8) % 4 < 2, random.uniform(1, 1.8), 1)
        outline = center + np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach[:, np.newaxis]
        cv2.fillPoly(drawn, [np.rint(outline).astype(np.int32)], 255, cv2.LINE_AA)
    for _ in range(random.integers(1, 8)):  # fibres
        drawn = white if random.random() < light else black
        length = random.uniform(10, 45) * unit
        path = _path(random.uniform(0, 1, 2) * (width, height), random.uniform(0, 7), length, 1.5, random)
        trace(drawn, path, random.uniform(0.8, 1.6) * unit)
    for level, drawn in drawings.items():
        gray = cover(gray, drawn, level, random.uniform(0.6, 1))
    return gray


def _fold(gray: Array, unit: float, random: np.random.Generator) -> Array:
    height, width = gray.shape
    for _ in range(random.integers(1, 3)):
        angle = random.choice([0, math.pi / 2]) + random.normal(0, 0.06)
        if random.random() < 0.25:  # a corner
            angle = random.uniform(0, math.pi)
        direction = np.array([math.cos(angle), math.sin(angle)])
        middle = random.uniform(0.2, 0.8, 2) * (width, height)
        places = np.linspace(-1, 1, 60)[:, np.newaxis] * math.hypot(width, height)
        wave = random.uniform(0.3, 1.5) * unit * make_noise(60, 1, 3, random)
        path = middle + direction * places + np.array([-direction[1], direction[0]]) * wave
        thick = random.uniform(1.5, 5) * unit
        torn = np.clip(0.75 + 0.6 * make_noise(height, width, 3 * unit, random), 0, 1)
        _line(gray, path, thick, random.uniform(215, 255), random.uniform(0.6, 1) * torn)
    return gray


_DAMAGES: dict[Damage, Callable[[Array, float, np.random.Generator], Array]] = {
    "scratches": _scratch,
    "dust": _dust,
    "folds": _fold,
}
