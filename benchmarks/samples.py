"""Make a sheet of the samples, grey | faithful | vivid: `python -m benchmarks.samples docs/samples.jpg`."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from colorizer import DEFAULT_MODEL, Colorizer, images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color import lab

CELL = (300, 200)  # pixels, width and height
VIVIDNESSES = (0.0, 1.0)


def row(path: Path, colorizer: Colorizer) -> Pixels:
    """The cells of one picture side by side: RGB uint8."""
    picture = images.crop_to_fill(images.decode(path.read_bytes()), *CELL)
    colorized = [colorizer.colorize(picture.pixels, vividness=vividness) for vividness in VIVIDNESSES]
    return np.hstack([lab.luminance_to_rgb(lab.luminance(picture.pixels)), *colorized])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("--folder", type=Path, default=Path(__file__).resolve().parent.parent / "samples")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    arguments = parser.parse_args()
    colorizer = load_colorizer(arguments.model)
    photos = [path for path in sorted(arguments.folder.iterdir()) if path.suffix in images.READABLE_SUFFIXES]
    rows = [row(path, colorizer) for path in photos]
    half = (len(rows) + 1) // 2
    rows += [np.full_like(rows[0], 255)] * (2 * half - len(rows))
    sheet = np.hstack([np.vstack(rows[:half]), np.vstack(rows[half:])])
    arguments.target.write_bytes(images.encode(images.Picture(sheet), arguments.target.suffix))


if __name__ == "__main__":
    main()
