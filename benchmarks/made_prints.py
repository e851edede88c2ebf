"""Photographs of prints: a photograph is printed, perhaps with a border and toned, and laid on a made table, seeded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Pixels
from colorizer.color import lab

TABLES = ("wood", "cloth", "gradient", "lid", "black lid")
TONES = {  # what black and white of a print become: R, G, B, 0..1
    "grey": ((0.02, 0.02, 0.02), (0.98, 0.98, 0.98)),
    "sepia": ((0.20, 0.13, 0.08), (0.97, 0.88, 0.70)),
    "yellowed": ((0.12, 0.10, 0.06), (0.95, 0.90, 0.70)),
}
LONGEST = 900  # pixels of a made photograph

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Print:
    """A made photograph of a print.

    `pixels`: RGB (H, W, 3) uint8. `corners`: of the paper, (4, 2), 0..1, clockwise from the upper left. `inner`: of the
    picture within the paper's border; the same without a border.
    """

    pixels: Pixels
    corners: Array
    inner: Array


def make_print(
    photograph: Pixels,
    random: np.random.Generator,
    *,
    table: str,
    tone: str = "grey",
    tilt: float = 0.0,
    border: float = 0.05,
    perspective: float = 0.0,
) -> Print:
    """Lay a print of a photograph, RGB (h, w, 3) uint8, on a table and photograph it.

    `table`, `tone`: of TABLES and TONES. `tilt`: degrees clockwise. `border`: of the paper around the picture / its
    shorter side. `perspective`: how far corners are moved, at most, / the print's longer side.
    """
    margin = round(border * min(photograph.shape[:2]))
    paper = _print(photograph, tone, margin, random)
    height, width = paper.shape[:2]
    share = random.uniform(0.55, 0.8)  # of the picture's longest side
    longest = max(width, height) / share
    size = np.array([width + longest * random.uniform(0.12, 0.3), height + longest * random.uniform(0.12, 0.3)])
    size *= LONGEST / size.max()
    columns, rows = (int(each) for each in np.rint(size))
    corners = _rectangle(0, 0, width, height) - (width / 2, height / 2)
    corners += random.uniform(-perspective, perspective, (4, 2)) * max(width, height)
    angle = np.radians(tilt)
    corners = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    extent = corners.max(axis=0) - corners.min(axis=0)
    corners *= min(np.array([columns, rows]) * random.uniform(0.8, 0.93) / extent)
    room = (np.array([columns, rows]) - (corners.max(axis=0) - corners.min(axis=0))) / 2
    corners += np.array([columns, rows]) / 2 - (corners.max(axis=0) + corners.min(axis=0)) / 2
    corners += random.uniform(-0.7, 0.7, 2) * room
    projection = _projection((0, 0, width, height), corners)
    scene = _lay(_make_table(table, rows, columns, random), paper, projection, corners, random)
    picture = np.array([_rectangle(margin, margin, width - margin, height - margin)], np.float64)
    inner = cv2.perspectiveTransform(picture, projection)[0]
    return Print(scene, corners / (columns, rows), inner / (columns, rows))


def _rectangle(left: float, top: float, right: float, bottom: float) -> Array:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def _projection(box: tuple[float, float, float, float], corners: Array) -> Array:
    """The homography from places in a box to those within corners."""
    source = _rectangle(*box).astype(np.float32)
    return np.asarray(cv2.getPerspectiveTransform(source, corners.astype(np.float32)), np.float64)


def _print(photograph: Pixels, tone: str, margin: int, random: np.random.Generator) -> Pixels:
    gray = lab.luminance_to_rgb(lab.luminance(photograph))[..., 0] / 255.0
    gray = np.pad(gray, margin, constant_values=random.uniform(0.9, 0.98))
    black, white = (np.array(each) for each in TONES[tone])
    return np.asarray(np.rint(255 * (black + gray[..., np.newaxis] * (white - black))), np.uint8)


def _noise(rows: int, columns: int, across: float, down: float, random: np.random.Generator) -> Array:
    """Smooth noise of mean 0 and deviation 1 with features of this size in pixels."""
    small = random.standard_normal((max(2, round(rows / down)), max(2, round(columns / across))))
    large = cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC)
    return np.asarray((large - large.mean()) / (large.std() + 1e-9))


def _make_table(table: str, rows: int, columns: int, random: np.random.Generator) -> Array:
    """Linear light, (rows, columns, 3), 0..1."""
    y, x = np.mgrid[0:rows, 0:columns] / max(rows, columns)
    direction = random.uniform(0, 2 * np.pi)
    slope = x * np.cos(direction) + y * np.sin(direction)
    light = 1 + random.uniform(0.05, 0.35) * (slope - slope.mean())
    if table == "wood":
        color = np.array([random.uniform(0.12, 0.4), 0, 0])
        color[1:] = color[0] * random.uniform(0.45, 0.7), color[0] * random.uniform(0.2, 0.4)
        grain = 0.6 * _noise(rows, columns, 300, 5, random) + 0.4 * _noise(rows, columns, 90, 2, random)
        light = light * np.exp(random.uniform(0.05, 0.18) * (grain if random.random() < 0.7 else grain[::-1]))
        if random.random() < 0.4:  # boards
            light[:: int(rows * random.uniform(0.2, 0.4))] *= 0.6
    elif table == "cloth":
        color = random.uniform(0.05, 0.6) * np.array([1.0, *random.uniform(0.6, 1.1, 2)])
        weave = np.sin(np.arange(rows) * 1.9)[:, np.newaxis] * np.sin(np.arange(columns) * 1.9)
        light = light * np.exp(0.06 * weave + 0.1 * _noise(rows, columns, 60, 60, random))
    elif table == "gradient":
        color = random.uniform(0.05, 0.7) * np.array([1.0, *random.uniform(0.8, 1.2, 2)])
        light = light * (1 + 0.5 * (slope - slope.mean()))
    else:
        color = np.full(3, random.uniform(0.75, 0.95) if table == "lid" else random.uniform(0.005, 0.05))
        light = 1 + 0.05 * (slope - slope.mean())
    return np.asarray(np.clip(light[..., np.newaxis] * color, 0, 1))


def _lay(table: Array, paper: Pixels, projection: Array, corners: Array, random: np.random.Generator) -> Pixels:
    """The paper on the table, with its shadow, in a camera's blur and noise."""
    rows, columns = table.shape[:2]
    shift = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])  # from places to centres of pixels
    matrix = shift @ projection @ np.linalg.inv(shift)
    scale = 4  # for the paper's smooth outline
    large = np.zeros((rows, columns), np.uint8)
    cv2.fillConvexPoly(large, np.rint((corners - 0.5) * 2**scale).astype(np.int32), 255, cv2.LINE_AA, scale)
    mask = (large / 255.0)[..., np.newaxis]
    light = lab.linearize(paper).astype(np.float64)
    laid = cv2.warpPerspective(light, matrix, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shadow = cv2.GaussianBlur(np.roll(mask[..., 0], (4, 3), (0, 1)), (0, 0), random.uniform(2, 8))[..., np.newaxis]
    scene = table * (1 - random.uniform(0.1, 0.5) * shadow) * (1 - mask) + laid * mask
    blurred = cv2.GaussianBlur(scene, (0, 0), random.uniform(0.4, 1.0))
    noisy = lab.encode(np.clip(blurred, 0, 1).astype(np.float32)) + random.normal(
        0, random.uniform(0.5, 3), scene.shape
    )
    return np.asarray(np.rint(np.clip(noisy, 0, 255)), np.uint8)


def draw_settings(random: np.random.Generator) -> dict[str, Any]:
    """Settings of `make_print`, drawn."""
    return {
        "table": str(random.choice(TABLES)),
        "tone": str(random.choice(list(TONES))),
        "tilt": float(random.choice([-1, 1]) * random.uniform(1, 10)),
        "border": float(random.choice([0.0, random.uniform(0.02, 0.08)])),
        "perspective": float(random.choice([0.0, random.uniform(0.01, 0.05)])),
    }
