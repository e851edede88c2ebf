"""Benchmark of the repair of prints: `python -m benchmarks.print_repair FOLDER`.

Photographs are damaged with seeds, and repaired. Of the mask, against the damage that can be seen: precision, recall
and F1, strictly by pixel and with a tolerance of two pixels. Of the picture: PSNR in dB against the undamaged print,
before, after, and filled with the true mask. Of undamaged prints: the share of pixels that change, and the PSNR of the
result. Of halftones: how many are found, and PSNR against the photograph before and after. Prints Markdown.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from skimage import data
from skimage.metrics import peak_signal_noise_ratio

from benchmarks.made_damage import make_damage, make_halftone
from colorizer import Restoration, images
from colorizer.arrays import Mask, Pixels
from colorizer.color import lab
from colorizer.edits.damage import KINDS, Damage, find_damage
from colorizer.edits.descreening import descreen, find_screen
from colorizer.edits.inpainting import inpaint
from colorizer.edits.restoration import restore

PHOTOGRAPHS = ("camera", "astronaut", "chelsea", "coffee", "rocket")
TEXTURES = ("brick", "grass", "gravel", "text", "page", "coins", "moon", "hubble_deep_field")
PERIODS, DEGREES = (3.0, 8.0), (38.0, 52.0)  # of made halftones: pixels, and degrees
TOLERANCE = 2  # pixels
MEGAPIXELS = 2.0


def add_photograph_arguments(parser: argparse.ArgumentParser, *, factors: Sequence[float] = (1, 4)) -> None:
    """Add the folder of photographs and what of it to use, for `load_gray`."""
    parser.add_argument("folder", type=Path, help="photographs: a folder, or one file")
    parser.add_argument("--every", type=int, default=1, help="use only every n-th photograph")
    parser.add_argument("--first", type=int, default=0, help="leave out that many first; default %(default)s")
    parser.add_argument("--enlarge", type=float, nargs="+", default=factors, help="times, in turn; default %(default)s")


def load_gray(arguments: argparse.Namespace) -> Iterator[Pixels]:
    """The photographs in grey, (H, W) uint8, enlarged by the factors in turn."""
    within = [arguments.folder] if arguments.folder.is_file() else arguments.folder.rglob("*")
    paths = sorted(path for path in within if path.suffix.lower() in images.READABLE_SUFFIXES)
    for number, path in enumerate(paths[arguments.first :: arguments.every]):
        gray = _gray(images.decode(path.read_bytes()).pixels)
        factor = arguments.enlarge[number % len(arguments.enlarge)]
        yield np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)


def _gray(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(lab.luminance_to_rgb(lab.luminance(pixels))[..., 0])


def score(found: Mask, truth: Mask) -> tuple[float, float, float]:
    """Precision, recall and F1 of a mask."""
    hits = float((found & truth).sum())
    precision, recall = hits / max(1, found.sum()), hits / max(1, truth.sum())
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def score_nearly(found: Mask, truth: Mask) -> float:
    """F1 of a mask whose pixels may be off by TOLERANCE."""
    square = np.ones((2 * TOLERANCE + 1,) * 2, np.uint8)
    near_truth, near_found = (cv2.dilate(each.astype(np.uint8), square) > 0 for each in (truth, found))
    precision = float((found & near_truth).sum()) / max(1, found.sum())
    recall = float((truth & near_found).sum()) / max(1, truth.sum())
    return float(2 * precision * recall / max(1e-9, precision + recall))


def measure_damage(photographs: list[Pixels], kinds: tuple[Damage, ...], seed: int) -> str:
    """A row of the table of damaged prints."""
    rows = []
    for number, gray in enumerate(photographs):
        made = make_damage(gray, np.random.default_rng((seed, number)), kinds)
        found = find_damage(made.pixels, kinds)
        results = (made.pixels, inpaint(made.pixels, found), inpaint(made.pixels, made.mask))
        psnr = [peak_signal_noise_ratio(made.clean, result) for result in results]
        rows.append((100 * made.mask.mean(), *score(found, made.mask), score_nearly(found, made.mask), *psnr))
    return f"| {', '.join(kinds)} | " + " | ".join(f"{mean:.2f}" for mean in np.mean(rows, axis=0)) + " |"


def measure_false_alarms(photographs: list[Pixels], name: str, seed: int) -> str:
    """A row of the table of undamaged prints."""
    changed, psnr, screens = [], [], 0
    for number, gray in enumerate(photographs):
        clean = make_damage(gray, np.random.default_rng((seed, number)), ()).pixels
        found = find_damage(clean, KINDS)
        changed.append(100 * found.mean())
        psnr.append(min(100.0, peak_signal_noise_ratio(clean, inpaint(clean, found))) if found.any() else 100.0)
        screens += find_screen(clean) is not None
    worst = np.percentile(changed, 95)
    return f"| {name} | {np.mean(changed):.3f} | {worst:.3f} | {np.mean(psnr):.1f} | {np.min(psnr):.1f} | {screens} |"


def measure_descreening(photographs: list[Pixels], seed: int) -> str:
    """A row of the table of halftones."""
    rows, found = [], 0
    for number, gray in enumerate(photographs):
        random = np.random.default_rng((seed, number))
        period, degrees = random.uniform(*PERIODS), random.uniform(*DEGREES)
        halftone = make_halftone(gray, random, period=period, degrees=degrees)
        result = descreen(halftone)
        found += result is not halftone
        rows.append([_psnr_of_tones(gray, each) for each in (halftone, result)])
    before, after = np.mean(rows, axis=0)
    return f"| {len(rows)} | {found} | {before:.2f} | {after:.2f} |"


def _psnr_of_tones(gray: Pixels, scan: Pixels) -> float:
    """PSNR apart from ink and paper, which are neither black nor white: the scan's levels are fitted by a line."""
    slope, start = np.polyfit(scan.ravel(), gray.ravel(), 1)
    fitted = np.clip(slope * scan.astype(np.float64) + start, 0, 255)
    return float(peak_signal_noise_ratio(gray.astype(np.float64), fitted, data_range=255))


def measure_time(gray: Pixels) -> str:
    """Seconds for a damaged print of MEGAPIXELS, without and with the search for a screen."""
    factor = (MEGAPIXELS * 1e6 / gray.size) ** 0.5
    large = np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)
    pixels = make_damage(large, np.random.default_rng(1)).pixels
    halftone = make_halftone(large, np.random.default_rng(1), period=5)
    repair = Restoration(scratches=True, dust=True, folds=True)
    return "; ".join(
        f"{name} {_seconds(picture, restoration):.2f} s"
        for name, picture, restoration in (
            ("repair", pixels, repair),
            ("descreen", halftone, Restoration(descreen=True)),
        )
    )


def _seconds(pixels: Pixels, restoration: Restoration) -> float:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        restore(pixels, restoration)
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_photograph_arguments(parser)
    parser.add_argument("--seed", type=int, default=7, help="of the damage")
    arguments = parser.parse_args()
    photographs = list(load_gray(arguments))
    sets = {f"{len(photographs)} photographs": photographs}
    for name, pictures in (("scikit-image's photographs", PHOTOGRAPHS), ("its textures", TEXTURES)):
        sets[name] = [_gray(getattr(data, each)()) for each in pictures]
    for name, members in list(sets.items())[:2]:
        print(
            f"\n{name}\n\n| damage | % of pixels | precision | recall | F1 | F1, 2 px | dB before | dB after ", end=""
        )
        print("| dB, true mask |")
        print("|---|---|---|---|---|---|---|---|---|")
        for kinds in (*((kind,) for kind in KINDS), KINDS):
            print(measure_damage(members, kinds, arguments.seed), flush=True)
    print("\n| undamaged | % changed | % changed, 95th percentile | dB, mean | dB, least | screens found |")
    print("|---|---|---|---|---|---|")
    for name, members in sets.items():
        print(measure_false_alarms(members, name, arguments.seed), flush=True)
    print("\n| halftones | found | dB before | dB after |\n|---|---|---|---|")
    for members in list(sets.values())[:2]:
        print(measure_descreening(members, arguments.seed), flush=True)
    print(f"\n{MEGAPIXELS:g} megapixels: {measure_time(photographs[0])}")


if __name__ == "__main__":
    main()
