"""Benchmark of several answers: `python -m benchmarks.variants FOLDER [--sheet FILE]`.

Figures: PSNR (RGB, dB) of the default colouring, what the best of the variants gains over it, what the best of them and
the default gains, both chosen by the truth, the mean gain of a single variant, and the diversity: CIEDE2000 between two
variants, the mean over all pairs. Intervals (95 %) are by the bootstrap over photographs. Prints Markdown, and the
median processor time of the default and of all variants for a photograph of 2 megapixels.
`--sheet` writes a contact sheet with, in each row, the truth, the default and the variants.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.color import deltaE_ciede2000

from benchmarks.quality.bootstrap import Figure, Statistics
from benchmarks.quality.measure import GRID, psnr
from benchmarks.quality.photographs import add_folder_arguments, load_squares, pick_evenly
from benchmarks.quality.tables import Table, estimate
from colorizer import Colorizer, images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.edits.variants import VARIANTS

FIGURES = (
    Figure("PSNR dB", "psnr"),
    Figure("best variant", "best"),
    Figure("best with the default", "best_of_all"),
    Figure("one variant", "mean"),
    Figure("diversity", "diversity"),
)
SHEET_ROWS = 12


def colorings(colorizer: Colorizer, pixels: Pixels) -> list[Pixels]:
    """The default and the variants, as the program gives them."""
    analysis = colorizer.analyze(pixels)
    return [each.colorize() for each in (analysis, *analysis.variants())]


def measure(photographs: Sequence[Pixels], colorizer: Colorizer) -> Statistics:
    """The statistics of `FIGURES`, for each photograph."""
    rows = []
    for truth in photographs:
        results = colorings(colorizer, truth)
        default, *variants = (psnr(truth, result) for result in results)
        labs = [lab.rgb_to_lab(result)[GRID] for result in results[1:]]
        diversity = np.mean([deltaE_ciede2000(one, other).mean() for one, other in combinations(labs, 2)])
        gains = np.array(variants) - default
        rows.append((1.0, default, gains.max(), max(0.0, gains.max()), gains.mean(), float(diversity)))
    names = ("photographs", "psnr", "best", "best_of_all", "mean", "diversity")
    return dict(zip(names, np.array(rows).T, strict=True))


def milliseconds(colorizer: Colorizer, photograph: Pixels, runs: int = 5) -> tuple[float, float]:
    """The median processor time for a photograph of 1632 x 1224: the default alone, and with all variants."""
    large = images.crop_to_fill(images.Picture(photograph), 1632, 1224).pixels
    times = []
    for _ in range(runs):
        started = time.process_time()
        analysis = colorizer.analyze(large)
        analysis.colorize()
        first = time.process_time() - started
        for variant in analysis.variants():
            variant.colorize()
        times.append((first, time.process_time() - started))
    alone, together = 1000 * np.median(times, axis=0)
    return float(alone), float(together)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_folder_arguments(parser)
    parser.add_argument("--sheet", type=Path, metavar="FILE", help=f"also write {SHEET_ROWS} photographs to look at")
    arguments = parser.parse_args()
    colorizer = load_colorizer(arguments.model)
    photographs = load_squares(arguments)
    if arguments.sheet:
        some = pick_evenly(photographs, SHEET_ROWS)
        rows = [np.hstack([truth, *colorings(colorizer, truth)]) for truth in some]
        Image.fromarray(np.vstack(rows)).save(arguments.sheet)
    statistics = measure(photographs, colorizer)
    name = f"{len(photographs)} photographs, {VARIANTS} variants"
    print(Table("Several answers", ("",), FIGURES, [((name,), estimate(FIGURES, statistics))]).markdown())
    alone, together = milliseconds(colorizer, photographs[0])
    print(f"\n2 megapixels: {alone:.0f} ms of the processor for the default, {together:.0f} with {VARIANTS} variants")


if __name__ == "__main__":
    main()
