"""Soak test with the uploads of one hour: `python -m benchmarks.soak --uploads 900`.

Thirty students who upload a photograph every two minutes make 900 uploads an hour. Visitors come, colour some
photographs as in `benchmarks.load`, with the same settings, and leave. Prints the proportional set size of the server
and its workers over time, in Markdown (Linux only).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.visitor import Visitor
from benchmarks.visits import colorize_one, dashboard, draw_photograph, server_megabytes

PHOTOS_A_VISIT = 3
LOOKS = 20  # measurements of the memory


def measure_soak(
    upload_of: Callable[[int], bytes], *, visits: int, at_once: int, ttl: int, looks: int = LOOKS
) -> Iterator[tuple[int, float]]:
    """Yield the number of uploads so far and the server's resident set in MB, `looks` times.

    `at_once`: visitors at the same time. `ttl`: seconds until the data of a visitor who left is deleted.
    Raises OSError if a result does not match the upload.
    """
    with tempfile.TemporaryDirectory() as folder, dashboard(Path(folder), ttl=ttl) as server:

        def visit(visit_number: int) -> None:
            with Visitor(server.url) as visitor:
                for number in range(PHOTOS_A_VISIT * visit_number, PHOTOS_A_VISIT * (visit_number + 1)):
                    if not colorize_one(visitor, f"{number}.jpg", upload_of(number)).is_own:
                        raise OSError(f"expected photograph {number} in colour, got another one")

        with ThreadPoolExecutor(at_once) as pool:
            for part in np.array_split(np.arange(visits), min(looks, visits)):
                list(pool.map(visit, part.tolist()))
                time.sleep(ttl)
                yield PHOTOS_A_VISIT * (int(part[-1]) + 1), server_megabytes(server)


def growth(looks: Sequence[tuple[int, float]]) -> float:
    """MB per hundred uploads, by least squares over the second half, when everything is loaded and warm."""
    uploads, sizes = np.array(looks[len(looks) // 2 :], np.float64).T
    return 100 * float(np.polyfit(uploads, sizes, 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=900)
    parser.add_argument("--at-once", type=int, default=4, help="visitors at the same time")
    parser.add_argument("--megapixels", type=float, default=2.0)
    parser.add_argument("--ttl", type=int, default=10, help="seconds until the data of a visitor who left is deleted")
    arguments = parser.parse_args()
    print("| uploads | memory of the server, MB |\n|---|---|")
    looks = list[tuple[int, float]]()
    visits = arguments.uploads // PHOTOS_A_VISIT
    for uploads, size in measure_soak(
        lambda number: draw_photograph(number, arguments.megapixels),
        visits=visits,
        at_once=arguments.at_once,
        ttl=arguments.ttl,
    ):
        looks.append((uploads, size))
        print(f"| {uploads} | {size:.0f} |", flush=True)
    print(f"\nIn the second half, memory changes by {growth(looks):+.2f} MB per hundred uploads.")


if __name__ == "__main__":
    main()
