"""Strokes on a sample, as predicted | what is painted | the result, and their time.

`python -m benchmarks.strokes docs/strokes.jpg` writes the picture and prints the seconds of each step.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.clips import SAMPLES
from colorizer import Analysis, Stroke, images, load_colorizer
from colorizer.arrays import Pixels

SAMPLE = SAMPLES / "pagoda.jpg"
LONGEST = 320  # pixels of each of the three pictures

SKY, WATER, TILES, WOOD = "#d8a070", "#3080a0", "#2f8f5f", "#c03020"
STROKES = (
    Stroke(((0.1, 0.1), (0.25, 0.2)), 0.012, SKY),
    Stroke(((0.8, 0.1), (0.6, 0.3)), 0.012, SKY),
    Stroke(((0.6, 0.6), (0.8, 0.55)), 0.01, WATER, 0.3),
    Stroke(((0.27, 0.26), (0.33, 0.21), (0.45, 0.27)), 0.008, TILES, 0.12),
    Stroke(((0.19, 0.6), (0.35, 0.62), (0.48, 0.6)), 0.008, TILES, 0.1),
    Stroke(((0.2, 0.7), (0.47, 0.7)), 0.012, WOOD, 0.1),
)


def measure(analysis: Analysis, strokes: tuple[Stroke, ...]) -> float:
    """Seconds for the colours with these strokes, which are what follows each change on the page."""
    begin = time.perf_counter()
    analysis.ab(None, strokes)
    return time.perf_counter() - begin


def draw_sheet(analysis: Analysis) -> Pixels:
    """The three pictures side by side: RGB uint8."""
    painted = tuple(replace(stroke, reach=0) for stroke in STROKES)
    return np.hstack([analysis.colorize(None, strokes) for strokes in ((), painted, STROKES)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    analysis = load_colorizer("compact").analyze_picture(images.decode(SAMPLE.read_bytes()))
    print(f"no stroke:     {measure(analysis, ()):.3f} s")
    print(f"first stroke:  {measure(analysis, STROKES[:1]):.3f} s")
    print(f"second stroke: {measure(analysis, STROKES[:2]):.3f} s")
    print(f"undo:          {measure(analysis, STROKES[:1]):.3f} s")
    sheet = images.shrink(images.Picture(draw_sheet(analysis)), 3 * LONGEST)
    arguments.target.write_bytes(images.encode(sheet, arguments.target.suffix))


if __name__ == "__main__":
    main()
