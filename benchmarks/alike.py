"""One hint on a sample: `python -m benchmarks.alike docs/alike.jpg` writes the picture.

In each row: a sample as predicted | with a hint that spreads over the even surface around it | with the same hint on
what looks alike. A ring marks its place.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from benchmarks.clips import SAMPLES
from benchmarks.hints import compare_ways
from colorizer import Colorizer, Hint, images, load_colorizer
from colorizer.arrays import Pixels

HINTS = {
    "dahlia.jpg": Hint(0.4, 0.4, "#c03060"),
    "cat.jpg": Hint(0.5, 0.5, "#d08030"),
    "astronaut.jpg": Hint(0.4, 0.8, "#e07020"),
}
SHAPE = (288, 240)  # width and height of each picture in pixels
RING = 6  # pixels


def draw_sheet(colorizer: Colorizer) -> Pixels:
    """A row for each sample of `HINTS`: RGB uint8."""
    rows = []
    for name, hint in HINTS.items():
        picture = images.crop_to_fill(images.decode((SAMPLES / name).read_bytes()), *SHAPE)
        results = compare_ways(picture.pixels, [hint], colorizer)
        for result in results:
            place = (round(hint.x * SHAPE[0]), round(hint.y * SHAPE[1]))
            cv2.circle(result, place, RING, (255, 255, 255), 2, cv2.LINE_AA)
        rows.append(np.hstack(results))
    return np.vstack(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    picture = images.Picture(draw_sheet(load_colorizer("compact")))
    arguments.target.write_bytes(images.encode(picture, arguments.target.suffix, images.EncodeOptions(quality=85)))


if __name__ == "__main__":
    main()
