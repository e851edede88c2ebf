"""A sheet of damaged and repaired photographs to look at: `python -m benchmarks.repair_sheet FOLDER TARGET`.

A row is a photograph: damaged, the mask that was found, repaired, and as it was before. The damage has a seed, so the
same photographs give the same sheet. The README's picture is made by
`python -m benchmarks.repair_sheet samples/cameraman.jpg docs/repair.jpg --pairs --enlarge 1 --seed 3`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks.made_damage import make_damage
from benchmarks.print_repair import add_photograph_arguments, load_gray
from colorizer import images
from colorizer.arrays import Pixels
from colorizer.edits.damage import KINDS, find_damage
from colorizer.edits.inpainting import inpaint

LONGEST = 480  # pixels of a photograph on the sheet


def make_row(gray: Pixels, seed: int, *, shows_all: bool) -> Pixels:
    """Damaged and repaired, and with `shows_all` also the mask and the original: (h, w) uint8."""
    made = make_damage(gray, np.random.default_rng(seed))
    found = find_damage(made.pixels, KINDS)
    repaired = inpaint(made.pixels, found)
    mask = found.astype(np.uint8) * 255
    parts = (made.pixels, mask, repaired, made.clean) if shows_all else (made.pixels, repaired)
    return np.hstack([images.shrink(images.Picture(each), LONGEST).pixels for each in parts])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_photograph_arguments(parser)
    parser.add_argument("target", type=Path, help="a JPEG or PNG")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pairs", action="store_true", help="only damaged and repaired")
    arguments = parser.parse_args()
    rows = [
        make_row(gray, arguments.seed + number, shows_all=not arguments.pairs)
        for number, gray in enumerate(load_gray(arguments))
    ]
    width = max(row.shape[1] for row in rows)
    sheet = np.vstack([np.pad(row, ((0, 4), (0, width - row.shape[1])), constant_values=255) for row in rows])
    arguments.target.write_bytes(images.encode(images.Picture(sheet), arguments.target.suffix))


if __name__ == "__main__":
    main()
