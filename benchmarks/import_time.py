"""Time of `import colorizer` against that of `import cv2, numpy`, which it needs: `python -m benchmarks.import_time`.

Each import runs in fresh processes, the two in turn, so that other load slows both alike. The median is printed as a
Markdown table. The start of Python itself is not counted, and bytecode is cached, as after an installation with pip.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

BASE, OURS = "cv2, numpy", "colorizer"
_ROOT = Path(__file__).resolve().parents[1]
_PROGRAM = "import time; started = time.perf_counter(); import {}; print(time.perf_counter() - started)"


def time_import(modules: str) -> float:
    """Seconds of `import <modules>` in a fresh Python process, run from the repository's root."""
    command = [sys.executable, "-c", _PROGRAM.format(modules)]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    finished = subprocess.run(command, cwd=_ROOT, env=env, stdout=subprocess.PIPE, check=True, text=True)
    return float(finished.stdout)


def median_seconds(imports: tuple[str, ...], runs: int, *, measure: Callable[[str], float]) -> dict[str, float]:
    """Median seconds of each import over `runs` rounds, in which each runs once.

    One more round before them is not counted: it fills the caches of files and of bytecode.
    """
    rounds = [[measure(modules) for modules in imports] for _ in range(runs + 1)][1:]
    return {modules: median(seconds) for modules, seconds in zip(imports, zip(*rounds, strict=True), strict=True)}


def markdown(seconds: dict[str, float]) -> str:
    """A table of one row: milliseconds of both imports, and their ratio."""
    base, ours = seconds[BASE], seconds[OURS]
    return "\n".join(
        [
            f"| `import {BASE}` ms | `import {OURS}` ms | ratio |",
            "|---|---|---|",
            f"| {base * 1e3:.0f} | {ours * 1e3:.0f} | {ours / base:.2f} |",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="number of runs of which the median is taken")
    arguments = parser.parse_args()
    print(markdown(median_seconds((BASE, OURS), arguments.runs, measure=time_import)))


if __name__ == "__main__":
    main()
