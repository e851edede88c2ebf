"""What care for old photographs is worth: `python -m benchmarks.care FOLDER`.

Photographs are made old on purpose (tinted, faded, put within white paper) and coloured with and without the care that
fits. Means over the photographs, within the picture: PSNR (RGB, dB) against the true photograph, and the mean error of
L and of ab in CIE units. Prints Markdown.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from skimage.metrics import peak_signal_noise_ratio

from benchmarks.quality import load
from colorizer import DEFAULT_MODEL, MODELS, Care, Colorizer, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color import lab

BORDER = 1 / 8  # of a side, in paper
PAPER = 240


@dataclass(frozen=True)
class Ageing:
    """A way of growing old, as a function of a true photograph RGB (H, W, 3) uint8, and the care that fits."""

    name: str
    age: Callable[[Pixels], Pixels]
    care: Care
    border: float = 0.0


def toned(black: tuple[float, float, float], white: tuple[float, float, float]) -> Callable[[Pixels], Pixels]:
    """A grey print of which black and white have become those colours (R, G, B, 0..1)."""

    def age(truth: Pixels) -> Pixels:
        grey = lab.grey(lab.luminance(truth)) / 255
        return np.asarray(np.rint(255 * (np.array(black) + grey * np.subtract(white, black))), np.uint8)

    return age


def bordered(truth: Pixels) -> Pixels:
    margin = round(BORDER * len(truth))
    edges = ((margin, margin), (margin, margin), (0, 0))
    return np.pad(lab.grey(lab.luminance(truth)), edges, constant_values=PAPER)


SEPIA = toned((0.20, 0.13, 0.08), (0.97, 0.88, 0.70))
YELLOWED = toned((0.30, 0.27, 0.22), (0.85, 0.80, 0.58))
AGEINGS = (
    Ageing("none", toned((0, 0, 0), (1, 1, 1)), Care(unfade=True, levels=True, crop_border=True)),
    Ageing("sepia", SEPIA, Care(unfade=True)),
    Ageing("sepia", SEPIA, Care(unfade=True, levels=True)),
    Ageing("yellowed and pale", YELLOWED, Care(unfade=True)),
    Ageing("yellowed and pale", YELLOWED, Care(unfade=True, levels=True)),
    Ageing("white border", bordered, Care(crop_border=True), BORDER),
)


def measure(photographs: Iterable[Pixels], colorizer: Colorizer, ageing: Ageing) -> list[str]:
    """Two rows of the table: without care and with it."""
    scores: dict[Care, list[tuple[float, float, float]]] = {Care(): [], ageing.care: []}
    for truth in photographs:
        margin = round(ageing.border * len(truth))
        inside = slice(margin, margin + len(truth))
        true_lab = lab.rgb_to_lab(truth)
        for care, rows in scores.items():
            result = np.ascontiguousarray(colorizer.colorize(ageing.age(truth), care=care)[inside, inside])
            off = lab.rgb_to_lab(result) - true_lab
            psnr = float(peak_signal_noise_ratio(truth, result))
            rows.append((psnr, float(np.abs(off[..., 0]).mean()), float(np.hypot(off[..., 1], off[..., 2]).mean())))
    return [
        f"| {ageing.name} | {_words(care)} | " + " | ".join(f"{mean:.2f}" for mean in np.mean(rows, axis=0)) + " |"
        for care, rows in scores.items()
    ]


def _words(care: Care) -> str:
    return ", ".join(name for name, on in vars(care).items() if on) or "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", choices=MODELS, default=DEFAULT_MODEL)
    parser.add_argument("--side", type=int, default=256, help="of the centred squares, in pixels")
    parser.add_argument("--every", type=int, default=1, help="take only every n-th photograph")
    arguments = parser.parse_args()
    photographs = load(arguments.folder, arguments.side)[:: arguments.every]
    colorizer = load_colorizer(arguments.model)
    print(
        f"{len(photographs)} photographs\n\n| age | care | PSNR dB | error of L | error of ab |\n|---|---|---|---|---|"
    )
    for ageing in AGEINGS:
        print("\n".join(measure(photographs, colorizer, ageing)), flush=True)


if __name__ == "__main__":
    main()
