"""Benchmark of colours from a reference: `python -m benchmarks.reference FOLDER [--manifest FILE] [--films FILE ...]`.

Photographs are coloured with and without a reference, in groups of pairs:

- one scene: two overlapping crops of one photograph; the reference is mirrored and lit otherwise,
- one film: two frames of a film, half a second apart at 25 frames a second,
- one class: two photographs of one ImageNet class or SUN scene, by the names of their sources in the manifest,
- unrelated: two photographs of different places in the list.

Figures: PSNR (RGB, dB) and CIEDE2000 without the reference, and what the reference changes, with 95 % intervals by the
bootstrap over pairs. Prints Markdown, and the median processor time for a photograph of 2 megapixels.
`--sheet` writes a contact sheet with, in each row, a photograph, its reference, and the results without and with it.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.color import deltaE_ciede2000

from benchmarks.color_clips import read_views
from benchmarks.quality.bootstrap import Figure, Statistics
from benchmarks.quality.measure import GRID, psnr
from benchmarks.quality.photographs import add_folder_arguments, center_square, load_squares, pick_evenly
from benchmarks.quality.tables import Table, estimate
from colorizer import Colorizer, images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.resize import resize

CROP = 0.78  # side of a crop / side of the photograph
MOST_LIGHT, MOST_GAMMA = 0.35, 0.25  # natural logarithms: of the factor on linear light, and of the exponent
CLASS = re.compile(r"\bn\d{8}(?=[_/])|\w+(?=/sun_\w+)")  # in the name of a photograph's source
FRAMES_APART, FILM_PAIRS = 12, 6
SHEET_ROWS, SHEET_SIDE = 6, 224  # pairs of each group, pixels

Pair = tuple[Pixels, Pixels]  # the photograph to colour, and its reference

FIGURES = (
    Figure("PSNR dB", "psnr"),
    Figure("changed by the reference", "psnr_change"),
    Figure("CIEDE2000", "difference"),
    Figure("changed by it", "difference_change"),
)


def relight(rgb: Pixels, random: np.random.Generator) -> Pixels:
    """RGB (H, W, 3) uint8 as if taken in more or less light, with another contrast."""
    factor = np.exp(random.uniform(-MOST_LIGHT, MOST_LIGHT))
    exponent = np.exp(random.uniform(-MOST_GAMMA, MOST_GAMMA))
    return lab.encode(np.asarray(np.clip(factor * lab.linearize(rgb), 0, 1) ** exponent, np.float32))


def pairs_of_one_scene(photographs: Sequence[Pixels]) -> list[Pair]:
    random = np.random.default_rng(0)
    pairs = []
    for rgb in photographs:
        side = round(CROP * len(rgb))
        target, other = rgb[:side, :side], rgb[-side:, -side:][:, ::-1]
        pairs.append((np.ascontiguousarray(target), relight(np.ascontiguousarray(other), random)))
    return pairs


def pairs_of_one_film(path: Path) -> list[Pair]:
    """Frames of a colour film, from its beginning."""
    views = read_views(path, frames=FRAMES_APART * FILM_PAIRS + 1)[::FRAMES_APART]
    return list(pairwise(views))


def pairs_of_nothing_in_common(photographs: Sequence[Pixels]) -> list[Pair]:
    """Each photograph with the one a third of the list further on, which is of another source."""
    step = max(1, len(photographs) // 3)
    return [(one, photographs[(i + step) % len(photographs)]) for i, one in enumerate(photographs)]


def pairs_of_one_class(manifest: Path, folder: Path, side: int, most: int) -> list[Pair]:
    """Up to `most` pairs of each class. `folder`: of the files that the manifest names."""
    classes: defaultdict[str, list[Path]] = defaultdict(list)
    with manifest.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if found := CLASS.search(row["source"]):
                classes[found[0]].append(folder / row["file"])
    random = np.random.default_rng(0)
    pairs = []
    for _, paths in sorted(classes.items()):
        drawn = random.permutation(sorted(paths))[: 2 * most]
        pixels = [center_square(images.decode(Path(path).read_bytes()).pixels, side) for path in drawn]
        pairs += list(zip(pixels[0::2], pixels[1::2], strict=False))
    return pairs


def colorings(pair: Pair, colorizer: Colorizer) -> list[Pixels]:
    """A photograph's results without and with its reference."""
    truth, other = pair
    reference = colorizer.make_reference(other)
    return [colorizer.analyze(truth, reference=each).colorize() for each in (None, reference)]


def draw_sheet(groups: Mapping[str, Sequence[Pair]], colorizer: Colorizer) -> Pixels:
    """`SHEET_ROWS` pairs of each group."""
    rows = []
    for pairs in groups.values():
        for pair in pick_evenly(pairs, SHEET_ROWS):
            row = [*pair, *colorings(pair, colorizer)]
            rows.append(np.hstack([resize(pixels, SHEET_SIDE, SHEET_SIDE) for pixels in row]))
    return np.vstack(rows)


def measure(pairs: Sequence[Pair], colorizer: Colorizer) -> Statistics:
    """The statistics of `FIGURES`, for each pair."""
    rows = []
    for truth, other in pairs:
        results = colorings((truth, other), colorizer)
        noise = [psnr(truth, result) for result in results]
        true_lab = lab.rgb_to_lab(truth)[GRID]
        off = [float(deltaE_ciede2000(true_lab, lab.rgb_to_lab(result)[GRID]).mean()) for result in results]
        rows.append((1.0, noise[0], noise[1] - noise[0], off[0], off[1] - off[0]))
    names = ("photographs", "psnr", "psnr_change", "difference", "difference_change")
    return dict(zip(names, np.array(rows).T, strict=True))


def seconds(colorizer: Colorizer, photograph: Pixels, runs: int = 5) -> tuple[float, float]:
    """The median processor time for a photograph of 1632 x 1224: without a reference, and with a studied one."""
    large = images.crop_to_fill(images.Picture(photograph), 1632, 1224).pixels
    reference = colorizer.make_reference(photograph)
    medians = []
    for each in (None, reference):
        times = []
        for _ in range(runs):
            started = time.process_time()
            colorizer.analyze(large, reference=each).colorize()
            times.append(time.process_time() - started)
        medians.append(float(np.median(times)))
    return medians[0], medians[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_folder_arguments(parser)
    parser.add_argument(
        "--manifest", type=Path, help="a table with the columns file and source, for pairs of one class"
    )
    parser.add_argument("--pictures", type=Path, help="folder of the manifest's files; default: the manifest's own")
    parser.add_argument("--films", type=Path, nargs="+", default=[], help="colour films, for pairs of their frames")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help=f"also write {SHEET_ROWS} pairs of each group")
    parser.add_argument("--each", type=int, default=4, help="pairs of each class, at most; default %(default)s")
    arguments = parser.parse_args()
    colorizer = load_colorizer(arguments.model)
    photographs = load_squares(arguments)
    groups = {"one scene": pairs_of_one_scene(photographs)}
    if arguments.films:
        groups["one film"] = [pair for path in arguments.films for pair in pairs_of_one_film(path)]
    if arguments.manifest:
        folder = arguments.pictures or arguments.manifest.parent
        groups["one class"] = pairs_of_one_class(arguments.manifest, folder, arguments.side, arguments.each)
    groups["unrelated"] = pairs_of_nothing_in_common(photographs)
    if arguments.sheet:
        Image.fromarray(draw_sheet(groups, colorizer)).save(arguments.sheet)
    rows = [((name, str(len(pairs))), estimate(FIGURES, measure(pairs, colorizer))) for name, pairs in groups.items()]
    print(Table("Colours from a reference", ("pairs", "number"), FIGURES, rows).markdown())
    without, with_reference = seconds(colorizer, photographs[0])
    milliseconds = (f"{1000 * each:.0f}" for each in (without, with_reference))
    print("\n2 megapixels: {} ms of the processor without a reference, {} with one".format(*milliseconds))


if __name__ == "__main__":
    main()
