"""Benchmark of hints: `python -m benchmarks.hints FOLDER [--sheet FILE]`.

Photographs get hints of their true colours at random places, which are spread over even surfaces, or over what looks
alike. The places of fewer hints are the first of those of more. Figures: what they gain in PSNR (RGB, dB) over the
colours without a hint, with intervals (95 %) by the bootstrap over photographs. Prints Markdown, and the time that the
first hint and another one take for a photograph of 2 megapixels.
`--sheet` writes a contact sheet with, in each row, the truth, the colours without a hint, and those with
`SHEET_HINTS` of them, spread in each way.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.quality.bootstrap import Figure, Statistics
from benchmarks.quality.measure import psnr
from benchmarks.quality.photographs import add_folder_arguments, load_squares, pick_evenly
from benchmarks.quality.tables import Table, estimate
from colorizer import Colorizer, Hint, images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color.lab import rgb_to_lab

COUNTS = (1, 2, 5, 10, 20)
CELL = 4  # pixels: the side of the square whose mean colour a hint has
SHEET_ROWS, SHEET_HINTS = 12, 3

FIGURES = tuple(Figure(f"{count} hint{'s' if count > 1 else ''}", str(count)) for count in COUNTS)
WAYS = (("even surfaces", False), ("what looks alike", True))


def true_hints(truth: Pixels, count: int, random: np.random.Generator) -> list[Hint]:
    """Hints of the true colours, at places that are drawn at random: RGB (H, W, 3) uint8."""
    height, width = truth.shape[:2]
    hints = []
    for _ in range(count):
        row, column = random.integers(height - CELL + 1), random.integers(width - CELL + 1)
        a, b = rgb_to_lab(truth[row : row + CELL, column : column + CELL])[..., 1:].mean((0, 1)).tolist()
        hints.append(Hint((column + CELL / 2) / width, (row + CELL / 2) / height, (a, b)))
    return hints


def measure(photographs: Sequence[Pixels], colorizer: Colorizer, *, alike: bool) -> Statistics:
    """The statistics of `FIGURES`, for each photograph."""
    rows = []
    for number, truth in enumerate(photographs):
        hints = true_hints(truth, max(COUNTS), np.random.default_rng(number))
        analysis = colorizer.analyze(truth, distribution=False)
        before = psnr(truth, analysis.colorize())
        given = [replace(hint, alike=alike) for hint in hints]
        rows.append((1.0, *(psnr(truth, analysis.colorize(None, given[:count])) - before for count in COUNTS)))
    return dict(zip(("photographs", *map(str, COUNTS)), np.array(rows).T, strict=True))


def milliseconds(colorizer: Colorizer, photograph: Pixels, *, alike: bool, runs: int = 5) -> tuple[float, float]:
    """The median time until the colours are there at the working size: with a first hint, and with a second."""
    large = images.crop_to_fill(images.Picture(photograph), 1632, 1224).pixels
    hints = [replace(hint, alike=alike) for hint in true_hints(large, 2, np.random.default_rng(0))]
    times = []
    for _ in range(runs):
        analysis = colorizer.analyze(large)
        marks = [time.perf_counter()]
        for count in (1, 2):
            analysis.ab(None, hints[:count])
            marks.append(time.perf_counter())
        times.append(np.diff(marks))
    first, second = 1000 * np.median(times, axis=0)
    return float(first), float(second)


def draw_sheet(photographs: Sequence[Pixels], colorizer: Colorizer) -> Pixels:
    """`SHEET_ROWS` photographs."""
    rows = []
    for number in pick_evenly(range(len(photographs)), SHEET_ROWS):
        truth = photographs[number]
        hints = true_hints(truth, SHEET_HINTS, np.random.default_rng(number))
        rows.append(np.hstack([truth, *compare_ways(truth, hints, colorizer)]))
    return np.vstack(rows)


def compare_ways(picture: Pixels, hints: Sequence[Hint], colorizer: Colorizer) -> list[Pixels]:
    """The colours without a hint, and with these hints spread in each way: RGB of the picture's size."""
    analysis = colorizer.analyze(picture, distribution=False)
    given = [[], *([replace(hint, alike=alike) for hint in hints] for _, alike in WAYS)]
    return [analysis.colorize(None, each) for each in given]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_folder_arguments(parser)
    parser.add_argument("--sheet", type=Path, metavar="FILE", help=f"also write {SHEET_ROWS} photographs to look at")
    arguments = parser.parse_args()
    colorizer = load_colorizer(arguments.model)
    photographs = load_squares(arguments)
    if arguments.sheet:
        Image.fromarray(draw_sheet(photographs, colorizer)).save(arguments.sheet)
    rows = [((name,), estimate(FIGURES, measure(photographs, colorizer, alike=alike))) for name, alike in WAYS]
    print(Table(f"Gain in dB, {len(photographs)} photographs", ("spread over",), FIGURES, rows).markdown())
    for name, alike in WAYS:
        first, second = milliseconds(colorizer, photographs[0], alike=alike)
        print(f"\n2 megapixels, {name}: {first:.0f} ms with a first hint, {second:.0f} with a second")


if __name__ == "__main__":
    main()
