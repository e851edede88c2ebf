"""Benchmark of what is found in pictures of prints: `python -m benchmarks.prints FOLDER [--every N]`.

Two tables, as Markdown. The photographs themselves, grey and in colour: how many get a suggestion, which is a false
alarm. Prints of them, laid on made tables and tilted by 1 to 10 degrees: how many outlines are found, with the error of
the worst corner / the picture's longest side, of how many the border is found, and of how many the tint is named right.
All is drawn from one seed. Intervals are Wilson's, of 95 %. Then the median time of one look.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from benchmarks.made_prints import TABLES, Print, draw_settings, make_print
from colorizer import images
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.edits.geometry import Geometry
from colorizer.edits.print_finding import PrintFinding, find_print
from colorizer.images import Picture

SEED = 15
FOUND = 0.02  # of the longest side: the largest error of a corner that counts as found


def load(folder: Path, every: int) -> list[Pixels]:
    """Every n-th photograph below a folder, RGB uint8."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in images.READABLE_SUFFIXES)
    pictures = [images.decode(path.read_bytes()).pixels for path in paths[::every]]
    return [np.dstack([pixels] * 3) if pixels.ndim == 2 else pixels for pixels in pictures]


def corner_error(finding: PrintFinding, made: Print) -> float:
    """How far the worst corner is off / the longest side; from the paper's corners or, with a border, the picture's."""
    if finding.outline is None:
        return float("inf")
    left, top, right, bottom = finding.outline.crop
    box = ((left, top), (right, top), (right, bottom), (left, bottom))
    size = np.array(made.pixels.shape[1::-1])
    found = np.array(finding.outline.corners or box) * size
    errors = [np.hypot(*(found - corners * size).T).max() for corners in (made.corners, made.inner)]
    return float(min(errors) / size.max())


def false_alarms(photographs: Iterable[Pixels]) -> tuple[dict[str, list[bool]], list[float]]:
    """Whether each photograph got a suggestion, by its kind, and the seconds that each look took."""
    alarms: defaultdict[str, list[bool]] = defaultdict(list)
    seconds = []
    for rgb in photographs:
        started = time.perf_counter()
        finding = find_print(Picture(np.ascontiguousarray(lab.luminance_to_rgb(lab.luminance(rgb))[..., 0])))
        seconds.append(time.perf_counter() - started)
        alarms["grey: outline"].append(finding.outline is not None)
        alarms["grey: border"].append(finding.picture is not None)
        alarms["grey: either"].append(finding.geometry != Geometry())
        colored = find_print(Picture(rgb))
        alarms["in colour: either"].append(colored.geometry != Geometry())
        alarms["in colour: tint"].append(colored.tint is not None)
    return alarms, seconds


def wilson(hits: Sequence[bool]) -> str:
    """The share of hits with its interval, in per cent."""
    found = binomtest(sum(hits), len(hits))
    interval = found.proportion_ci(method="wilson")
    return f"{100 * found.statistic:.1f} [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"


def measure(photographs: Iterable[Pixels], table: str) -> dict[str, list[Any]]:
    """Prints of the photographs on one kind of table: the figures of each."""
    random = np.random.default_rng([SEED, TABLES.index(table)])
    rows: defaultdict[str, list[Any]] = defaultdict(list)
    for rgb in photographs:
        settings = draw_settings(random) | {"table": table}
        made = make_print(rgb, random, **settings)
        finding = find_print(Picture(made.pixels))
        error = corner_error(finding, made)
        rows["error"].append(error)
        rows["found"].append(error < FOUND)
        rows["wrong"].append(finding.outline is not None and error >= FOUND)
        if settings["border"]:
            rows["border"].append(finding.picture is not None)
        rows["tint"].append(finding.tint == (None if settings["tone"] == "grey" else settings["tone"]))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="colour photographs")
    parser.add_argument("--every", type=int, default=1, help="use only every n-th photograph")
    arguments = parser.parse_args()
    photographs = load(arguments.folder, arguments.every)
    print(f"{len(photographs)} photographs\n\n| suggestion for an ordinary photograph | % |\n|---|---|")
    alarms, seconds = false_alarms(photographs)
    for name, hits in alarms.items():
        print(f"| {name} | {wilson(hits)} |")
    print("\n| table | found % | wrong % | error median % | error 90 % | border found % | tint right % |")
    print("|---" * 7 + "|")
    for table in TABLES:
        rows = measure(photographs, table)
        errors = 100 * np.array([error for error in rows["error"] if np.isfinite(error)] or [np.nan])
        cells = [wilson(rows["found"]), wilson(rows["wrong"]), *(f"{np.percentile(errors, q):.2f}" for q in (50, 90))]
        cells += [wilson(rows["border"]) if rows["border"] else "-", wilson(rows["tint"])]
        print(f"| {table} | " + " | ".join(cells) + " |", flush=True)
    print(f"\n{1000 * float(np.median(seconds)):.0f} ms for a look")


if __name__ == "__main__":
    main()
