"""Photographs with what is like damage and is none: text, and lines that repeat in parallel; made, with seeds."""

from __future__ import annotations

import math

import cv2
import numpy as np

from benchmarks.made_damage import FINE, cover, make_noise, pick_tone, to_pixels, trace
from colorizer.arrays import Pixels


def add_text(gray: Pixels, random: np.random.Generator) -> Pixels:
    """Write some lines of letters over a photograph, (H, W) uint8, black or white."""
    written, level = gray.copy(), int(random.choice([0, 20, 235, 255]))
    size, letters = random.uniform(0.35, 1.0), "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJ 0123456789 .,-"
    place = random.integers(0, [max(1, side // 2) for side in gray.shape])
    for number in range(random.integers(1, 12)):
        text = "".join(random.choice(list(letters), 40))
        at = int(place[1]), int(place[0] + (number + 1) * 32 * size)
        cv2.putText(written, text, at, int(random.integers(0, 5)), size, (level,), 1, cv2.LINE_AA)
    return written


def add_lines(gray: Pixels, random: np.random.Generator) -> Pixels:
    """Draw parallel lines, one way or two, over a part of a photograph, (H, W) uint8, as of wires, fences and walls."""
    height, width = gray.shape
    drawn = np.zeros((height * FINE, width * FINE), np.uint8)
    reach, upright, loose = math.hypot(height, width), random.random() < 0.5, random.choice([0.02, 0.2])
    thick = random.uniform(0.8, 3)
    for turn in range(random.integers(1, 3)):
        angle = math.pi / 2 * (turn + upright) + random.normal(0, 0.08)
        along, step = np.array([math.cos(angle), math.sin(angle)]), random.uniform(7, 60)
        for place in np.arange(-reach / 2, reach / 2, step) + random.uniform(0, step):
            aside = (place + random.normal(0, loose * step)) * np.array([-along[1], along[0]])
            middle = np.array([width, height]) / 2 + aside
            trace(drawn, np.stack([middle - along * reach, middle + along * reach]), thick)
    left, top = (random.uniform(0, 0.6, 2) * drawn.shape[::-1]).astype(int)
    part = np.zeros_like(drawn)
    box = slice(top, top + int(random.uniform(0.2, 1) * len(drawn))), slice(left, left + drawn.shape[1] * 2 // 3)
    part[box] = drawn[box]
    worn = np.clip(1 + random.uniform(0, 0.8) * make_noise(height, width, 12, random), 0, 1)  # as scratches are
    return to_pixels(cover(gray.astype(np.float64), part, pick_tone(random, 0.6), random.uniform(0.3, 1) * worn))
