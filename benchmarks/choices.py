"""What a person can choose from, on samples: `python -m benchmarks.choices docs/choices.jpg` writes the picture.

First row: a grey sample | a reference, the sample's own colour original, mirrored and with turned hues | the result.
The others: a sample as predicted, its four other colourings, and where the network is unsure.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks.clips import SAMPLES
from benchmarks.quality.photographs import center_square
from colorizer import Colorizer, images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color.lab import lab_to_rgb, luminance_to_rgb, rgb_to_lab

REFERRED, ANSWERED = "dahlia.jpg", "pagoda.jpg"
TURN = np.deg2rad(-70)  # of the reference's hues
SIDE = 240  # pixels of each square
GAP = 4


def turn_hues(pixels: Pixels, angle: float) -> Pixels:
    """RGB (H, W, 3) uint8 with ab turned by `angle` in radians."""
    lab = rgb_to_lab(pixels)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    lab[..., 1:] = lab[..., 1:] @ turn.T
    return lab_to_rgb(lab)


def refer(colorizer: Colorizer) -> list[Pixels]:
    """The grey sample, the reference and the result."""
    gray = images.decode((SAMPLES / REFERRED).read_bytes())
    original = images.decode((SAMPLES / "colour" / REFERRED).read_bytes()).pixels
    reference = turn_hues(np.ascontiguousarray(original[:, ::-1]), TURN)
    analysis = colorizer.analyze_picture(gray, reference=colorizer.make_reference(reference))
    return [luminance_to_rgb(analysis.luminance), reference, analysis.colorize()]


def answer(colorizer: Colorizer) -> list[Pixels]:
    """The sample as predicted, its variants, and where the network is unsure."""
    analysis = colorizer.analyze_picture(images.decode((SAMPLES / ANSWERED).read_bytes()))
    return [analysis.colorize(), *(each.colorize() for each in analysis.variants()), analysis.uncertainty_overlay()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    colorizer = load_colorizer("compact")
    squares = [
        np.pad(center_square(each, SIDE), ((0, GAP), (0, GAP), (0, 0)), constant_values=255)
        for each in [*refer(colorizer), *answer(colorizer)]
    ]
    sheet = np.vstack([np.hstack(squares[row : row + 3]) for row in range(0, len(squares), 3)])
    picture = images.Picture(sheet[:-GAP, :-GAP].copy())
    arguments.target.write_bytes(images.encode(picture, arguments.target.suffix, images.EncodeOptions(quality=85)))


if __name__ == "__main__":
    main()
