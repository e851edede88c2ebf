"""Contact sheets to look at: `python -m benchmarks.quality.sheets FOLDER TARGET`.

One or more JPEGs for each kind of source. A row is a photograph: grey, each network in each look, the truth. TARGET
must lie outside the repository, because photographs for measuring may often not be passed on.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality.networks import GRAY, Network, add_arguments, colorize, load_networks
from benchmarks.quality.photographs import Photograph, kinds, load
from colorizer import images
from colorizer.arrays import Pixels

ROWS = 12  # on a sheet, in each of its columns of photographs
CELL = 224  # pixels
WIDEST = 1800  # pixels: what a screen shows without making it small
REPOSITORY = Path(__file__).resolve().parents[2]


def row(photograph: Photograph, networks: Sequence[Network]) -> Pixels:
    """Grey | the results | truth: RGB (side, width, 3) uint8."""
    results = colorize(photograph.pixels, networks)
    return np.hstack([results.pop(GRAY), *results.values(), photograph.pixels])


def sheets(rows: Sequence[Pixels]) -> Iterator[Pixels]:
    """Rows, filled into columns side by side: RGB uint8, as many sheets as it takes, the last filled up with white."""
    columns = max(1, WIDEST // rows[0].shape[1])
    for start in range(0, len(rows), ROWS * columns):
        page = list(rows[start : start + ROWS * columns])
        height = -(-len(page) // columns)
        page += [np.full_like(page[0], 255)] * (height * columns - len(page))
        yield np.hstack([np.vstack(page[start : start + height]) for start in range(0, len(page), height)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser, side=CELL)
    parser.add_argument("target", type=Path, help="a folder outside the repository")
    arguments = parser.parse_args()
    target: Path = arguments.target.resolve()
    if target.is_relative_to(REPOSITORY):
        parser.error(f"expected a folder outside the repository, got {arguments.target}")
    networks = load_networks(arguments)
    photographs = load(arguments.folder, arguments.side, every=arguments.every)
    target.mkdir(parents=True, exist_ok=True)
    names = [network.name_of(look) for network in networks for look in network.looks]
    print(" | ".join([GRAY, *names, "truth"]))
    of_kind: defaultdict[str, list[Photograph]] = defaultdict(list)
    for photograph, kind in zip(photographs, kinds(photographs), strict=True):
        of_kind[kind].append(photograph)
    for kind, members in sorted(of_kind.items()):
        for number, sheet in enumerate(sheets([row(member, networks) for member in members]), start=1):
            path = target / f"{kind}_{number}.jpg"
            path.write_bytes(images.encode(images.Picture(sheet), ".jpg"))
            print(path)


if __name__ == "__main__":
    main()
