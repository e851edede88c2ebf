"""An hour's uploads, one after the other: `python -m benchmarks.soak --uploads 900`.

Thirty students with a photograph every two minutes are 900 an hour. Visitors come, colour some photographs as in
`benchmarks.load`, leave and are forgotten. Prints the server's resident set as it goes, in Markdown (Linux only).
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
from benchmarks.visits import colorize_one, dashboard, draw_photograph, resident_megabytes

PHOTOS_A_VISIT = 3
LOOKS = 20  # at the memory


def measure_soak(
    upload_of: Callable[[int], bytes], *, visits: int, at_once: int, ttl: int, looks: int = LOOKS
) -> Iterator[tuple[int, float]]:
    """How many uploads there were, and the server's resident set in MB, again and again.

    `at_once`: of the visitors. `ttl`: seconds that one who left is remembered.
    Raises OSError for a result that is not the visitor's own.
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
                yield PHOTOS_A_VISIT * (int(part[-1]) + 1), resident_megabytes(server)


def growth(looks: Sequence[tuple[int, float]]) -> float:
    """MB that a hundred uploads add, by least squares over the second half: by then all is loaded and warm."""
    uploads, sizes = np.array(looks[len(looks) // 2 :], np.float64).T
    return 100 * float(np.polyfit(uploads, sizes, 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=900)
    parser.add_argument("--at-once", type=int, default=4, help="visitors at a time")
    parser.add_argument("--megapixels", type=float, default=2.0)
    parser.add_argument("--ttl", type=int, default=10, help="seconds that a visitor who left is remembered")
    arguments = parser.parse_args()
    print("| uploads | the server's memory, MB |\n|---|---|")
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
    print(f"\nIn the second half a hundred uploads add {growth(looks):+.2f} MB.")


if __name__ == "__main__":
    main()
