"""Time and memory against the reference recipe with the same network: `python -m benchmarks.speed`.

Prints Markdown. Each time is the fastest of several runs, ours and the reference in turn, so that a noisy machine
disturbs both alike. Memory is what the peak of the process's resident set rises by (Linux only).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from benchmarks import recipe
from colorizer import MODELS, Colorizer, load_colorizer
from colorizer.lab import Pixels
from colorizer.networks import Predictor
from tests.caffemodel import caffemodel_bytes
from tests.reference import random_blobs

SIZES = {"0.3": (480, 640), "2": (1200, 1668), "12": (3000, 4000), "24": (4000, 6000)}  # megapixels -> rows, columns


def fastest(actions: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Seconds of the fastest of `runs` runs of each action, the actions taking turns."""
    seconds = dict.fromkeys(actions, float("inf"))
    for action in actions.values():
        action()  # the first run of each also allocates and fills caches
    for _ in range(runs):
        for name, action in actions.items():
            started = time.perf_counter()
            action()
            seconds[name] = min(seconds[name], time.perf_counter() - started)
    return seconds


def peak_megabytes(action: Callable[[], object]) -> float:
    """How far the resident set rises above where it stood, at its highest, while the action runs."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # 5: the peak starts again from here
    before = _status_megabytes("VmRSS")
    result = action()
    del result
    return _status_megabytes("VmHWM") - before


def _status_megabytes(entry: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(entry + ":"):
            return int(line.split()[1]) / 1024
    raise OSError(f"expected {entry} in /proc/self/status")


def photograph(rows: int, columns: int) -> Pixels:
    """A smooth picture with grain, seeded: RGB uint8 with three equal channels."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(30, 220, (rows // 60 + 2, columns // 60 + 2), dtype=np.uint8)
    grey = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 12, (rows, columns), dtype=np.uint8)
    return np.ascontiguousarray(np.repeat(cv2.add(grey, grain)[..., np.newaxis], 3, axis=2))


def compare_sizes(colorizer: Colorizer, runs: int) -> None:
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
        runs,
    )
    print("\nThe network alone, 224 x 224\n")
    print("| network | ms | share of zhang2016 |")
    print("|---|---|---|")
    for name, value in seconds.items():
        print(f"| {name} | {value * 1e3:.1f} | 1/{seconds['zhang2016'] / value:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    print(f"OpenCV {cv2.__version__}, {cv2.getNumThreads()} threads\n")
    compare_sizes(load_colorizer("compact"), arguments.runs)
    compare_networks(3 * arguments.runs)


if __name__ == "__main__":
    main()
