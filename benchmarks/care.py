"""Benchmark of restoration on artificially aged photographs: `python -m benchmarks.care FOLDER`.

Photographs are tinted, faded or given a white border, and coloured with and without the matching restoration. The
figures are means over the photographs, without the border: PSNR (RGB, dB) against the true photograph, and the mean
error of L and of ab in CIE units. Prints Markdown.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from skimage.metrics import peak_signal_noise_ratio

from benchmarks.quality.photographs import add_folder_arguments, load_squares
from colorizer import Colorizer, Restoration, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color import lab

BORDER = 1 / 8  # width of the border / side of the photograph
PAPER = 240  # grey level of the border


@dataclass(frozen=True)
class Aging:
    """One kind of ageing and the restoration that fits it.

    `age`: ages a true photograph, RGB (H, W, 3) uint8. `border`: width of the added border / side.
    """

    name: str
    age: Callable[[Pixels], Pixels]
    restoration: Restoration
    border: float = 0.0


def make_toning(black: tuple[float, float, float], white: tuple[float, float, float]) -> Callable[[Pixels], Pixels]:
    """Ageing to a toned grey print. `black`, `white`: the colours (R, G, B, 0..1) that black and white become."""

    def age(truth: Pixels) -> Pixels:
        gray = lab.luminance_to_rgb(lab.luminance(truth)) / 255
        return np.asarray(np.rint(255 * (np.array(black) + gray * np.subtract(white, black))), np.uint8)

    return age


def add_border(truth: Pixels) -> Pixels:
    margin = round(BORDER * len(truth))
    edges = ((margin, margin), (margin, margin), (0, 0))
    return np.pad(lab.luminance_to_rgb(lab.luminance(truth)), edges, constant_values=PAPER)


SEPIA = make_toning((0.20, 0.13, 0.08), (0.97, 0.88, 0.70))
YELLOWED = make_toning((0.30, 0.27, 0.22), (0.85, 0.80, 0.58))
AGINGS = (
    Aging("none", make_toning((0, 0, 0), (1, 1, 1)), Restoration(unfade=True, levels=True, crop_border=True)),
    Aging("sepia", SEPIA, Restoration(unfade=True)),
    Aging("sepia", SEPIA, Restoration(unfade=True, levels=True)),
    Aging("yellowed and pale", YELLOWED, Restoration(unfade=True)),
    Aging("yellowed and pale", YELLOWED, Restoration(unfade=True, levels=True)),
    Aging("white border", add_border, Restoration(crop_border=True), BORDER),
)


def measure(photographs: Iterable[Pixels], colorizer: Colorizer, aging: Aging) -> list[str]:
    """Two rows of the table: without restoration and with it."""
    scores: dict[Restoration, list[tuple[float, float, float]]] = {Restoration(): [], aging.restoration: []}
    for truth in photographs:
        margin = round(aging.border * len(truth))
        inside = slice(margin, margin + len(truth))
        true_lab = lab.rgb_to_lab(truth)
        for restoration, rows in scores.items():
            result = np.ascontiguousarray(colorizer.colorize(aging.age(truth), restoration=restoration)[inside, inside])
            off = lab.rgb_to_lab(result) - true_lab
            psnr = float(peak_signal_noise_ratio(truth, result))
            rows.append((psnr, float(np.abs(off[..., 0]).mean()), float(np.hypot(off[..., 1], off[..., 2]).mean())))
    return [
        f"| {aging.name} | {_words(restoration)} | "
        + " | ".join(f"{mean:.2f}" for mean in np.mean(rows, axis=0))
        + " |"
        for restoration, rows in scores.items()
    ]


def _words(restoration: Restoration) -> str:
    return ", ".join(name for name, on in vars(restoration).items() if on) or "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_folder_arguments(parser)
    arguments = parser.parse_args()
    photographs = load_squares(arguments)
    colorizer = load_colorizer(arguments.model)
    print(f"{len(photographs)} photographs\n")
    print("| ageing | restoration | PSNR dB | L error | ab error |\n|---|---|---|---|---|")
    for aging in AGINGS:
        print("\n".join(measure(photographs, colorizer, aging)), flush=True)


if __name__ == "__main__":
    main()
