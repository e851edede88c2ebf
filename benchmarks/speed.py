"""Time and memory against the reference recipe with the same network: `python -m benchmarks.speed`.

Prints Markdown, a section for each entry of SECTIONS; `timing` says how it is measured.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from benchmarks import camera, live, recipe
from benchmarks.timing import fastest, peak_megabytes, photograph
from colorizer import MODELS, load_colorizer
from colorizer.networks import Predictor
from tests.caffemodel import caffemodel_bytes
from tests.reference import random_blobs

SIZES = {"0.3": (480, 640), "2": (1200, 1668), "12": (3000, 4000), "24": (4000, 6000)}  # megapixels -> rows, columns


def compare_sizes(runs: int) -> None:
    colorizer = load_colorizer("compact")
    print(f"Whole photographs with `{colorizer.spec.name}`, RGB array to RGB array\n")
    print("| megapixels | ours ms | recipe ms | times faster | ours MB | recipe MB | times less |")
    print("|---|---|---|---|---|---|---|")
    for size, (rows, columns) in SIZES.items():
        picture = photograph(rows, columns)
        ours = partial(colorizer.colorize, picture)
        theirs = partial(recipe.colorize, picture, colorizer.predict_ab, colorizer.spec.side)
        seconds = fastest({"ours": ours, "recipe": theirs}, runs)
        memory = {"ours": peak_megabytes(ours), "recipe": peak_megabytes(theirs)}
        # A peak below a megabyte is within what the process already had, and says nothing.
        less = f"{memory['recipe'] / memory['ours']:.1f}" if memory["ours"] >= 1 else "-"
        print(
            f"| {size} | {seconds['ours'] * 1e3:.0f} | {seconds['recipe'] * 1e3:.0f} "
            f"| {seconds['recipe'] / seconds['ours']:.1f} | {memory['ours']:.0f} | {memory['recipe']:.0f} | {less} |"
        )


def compare_networks(runs: int) -> None:
    """compact against zhang2016 at 224 (with random weights: the time does not depend on them)."""
    luminance = np.random.default_rng(0).uniform(0, 100, (224, 224)).astype(np.float32)
    compact = load_colorizer("compact")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.caffemodel"
        path.write_bytes(caffemodel_bytes(random_blobs()))
        predictor = Predictor(MODELS["zhang2016"], path)
    seconds = fastest(
        {
            "zhang2016": lambda: predictor.predict_ab(luminance),
            "compact": lambda: compact.predict_ab(luminance),
        },
        3 * runs,
    )
    print("The network alone, 224 x 224\n")
    print("| network | ms | share of zhang2016 |")
    print("|---|---|---|")
    for name, value in seconds.items():
        print(f"| {name} | {value * 1e3:.1f} | 1/{seconds['zhang2016'] / value:.1f} |")


# What is measured, in the order of printing; each is handed the number of runs.
SECTIONS: dict[str, Callable[[int], None]] = {
    "photographs": compare_sizes,
    "networks": compare_networks,
    "callback": live.compare_callbacks,
    "camera": camera.measure_stream,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="the fastest of so many counts")
    parser.add_argument("--only", choices=SECTIONS, nargs="+", default=list(SECTIONS), help="some sections alone")
    arguments = parser.parse_args()
    print(f"OpenCV {cv2.__version__}, {cv2.getNumThreads()} threads")
    for name in arguments.only:
        print()
        SECTIONS[name](arguments.runs)


if __name__ == "__main__":
    main()
