"""The cost of workers: `python -m benchmarks.workers`.

The steps of the Photo tab on a photograph of 24 megapixels, in a worker against in this process, and an empty task.
Prints Markdown. Each time is the fastest of several runs that alternate. Memory is the proportional set size (Linux
only).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial

from benchmarks.large import SIZES, jpeg
from benchmarks.support.processes import tree_megabytes
from benchmarks.timing import photograph, time_fastest
from colorizer import Geometry, Look, Restoration, images, load_colorizer
from colorizer.recipe import PhotoSettings
from dashboard.photo import files, rendering
from dashboard.server.workers.run import LentJob, run_isolated

_MAX_PIXELS = images.DEFAULT_MAX_PIXELS


def photo_steps(megapixels: str) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """By name, each step of the Photo tab in this process and in a worker."""
    data, colorizer = jpeg(photograph(*SIZES[megapixels])), load_colorizer("compact")
    job = LentJob(lambda _: None, lambda: False)
    analysis = rendering.prepare(data, Restoration(), colorizer, _MAX_PIXELS).analysis
    photo = files.ColorizedPhoto(data, analysis, PhotoSettings(), True, _MAX_PIXELS)
    # The functions that the tab runs in workers, and those that run them there.
    steps: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "preview": (
            partial(rendering._prepare, data, Geometry(), Restoration(), colorizer, None, _MAX_PIXELS, None, job),
            partial(rendering.prepare, data, Restoration(), colorizer, _MAX_PIXELS),
        )
    }
    arguments = (data, analysis.ab(Look()), colorizer.spec, photo.settings, photo.label, _MAX_PIXELS)
    for kind in (files.JPEG, files.PNG):
        steps[kind.label.lower()] = (
            partial(files._make, kind.encode, *arguments),
            partial(files.encode_file, photo, kind),
        )
    return steps


def compare_workers(megapixels: str, runs: int) -> None:
    steps = photo_steps(megapixels)
    print(f"Photograph of {megapixels} megapixels\n")
    print("| step | in process ms | in a worker ms | ratio |\n|---|---|---|---|")
    totals = [0.0, 0.0]
    for name, (here, isolated) in steps.items():
        seconds = time_fastest({"here": here, "isolated": isolated}, runs)
        print(_row(name, seconds["here"], seconds["isolated"]), flush=True)
        totals = [total + more for total, more in zip(totals, seconds.values(), strict=True)]
    print(_row("all", *totals))
    empty = time_fastest({"empty": partial(run_isolated, abs, 0)}, 5 * runs)["empty"]
    print(f"\nAn empty task takes {1e3 * empty:.1f} ms.")
    host = run_isolated(os.getppid)
    print(f"The host of the workers takes {tree_megabytes(host):.0f} MB while none runs.")


def _row(name: str, here: float, isolated: float) -> str:
    return f"| {name} | {1e3 * here:.0f} | {1e3 * isolated:.0f} | {isolated / here:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--megapixels", choices=list(SIZES), default="24")
    arguments = parser.parse_args()
    compare_workers(arguments.megapixels, arguments.runs)


if __name__ == "__main__":
    main()
