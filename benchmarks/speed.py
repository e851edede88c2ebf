"""Time and memory against the reference recipe with the same network: `python -m benchmarks.speed`.

Prints Markdown, with a section for each entry of SECTIONS. `benchmarks.timing` describes the method.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import cv2
import numpy as np

from benchmarks import camera, large, live, recipe, video
from benchmarks.timing import time_fastest
from colorizer import load_colorizer


def compare_networks(runs: int) -> None:
    """Compare compact with zhang2016 at 224 x 224; zhang2016 has random weights, which do not affect its speed."""
    luminance = np.random.default_rng(0).uniform(0, 100, (224, 224)).astype(np.float32)
    compact, zhang2016 = load_colorizer("compact"), recipe.reference_network()
    seconds = time_fastest(
        {
            "zhang2016": lambda: zhang2016.predict_ab(luminance),
            "compact": lambda: compact.predict_ab(luminance),
        },
        3 * runs,
    )
    print("The network alone, 224 x 224\n")
    print("| network | ms | share of zhang2016 |")
    print("|---|---|---|")
    for name, value in seconds.items():
        print(f"| {name} | {value * 1e3:.1f} | 1/{seconds['zhang2016'] / value:.1f} |")


# The sections in the order of printing; each function takes the number of runs.
SECTIONS: dict[str, Callable[[int], None]] = {
    "photographs": large.compare_large,
    "networks": compare_networks,
    "callback": live.compare_callbacks,
    "camera": camera.measure_stream,
    "films": video.compare_films,
    "steadiness": video.compare_steadiness,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="number of runs; the fastest counts")
    parser.add_argument("--only", choices=SECTIONS, nargs="+", default=list(SECTIONS), help="run only these sections")
    arguments = parser.parse_args()
    print(f"OpenCV {cv2.__version__}, {cv2.getNumThreads()} threads")
    for name in arguments.only:
        print()
        SECTIONS[name](arguments.runs)


if __name__ == "__main__":
    main()
