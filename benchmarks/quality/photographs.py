"""The photographs of a folder, as squares, and their kinds."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

import numpy as np

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError, images
from colorizer.arrays import Pixels

T = TypeVar("T")

SMALLEST_KIND = 8  # photographs; smaller kinds are measured together
REST = "rest"


@dataclass(frozen=True)
class Photograph:
    """A colour photograph: its path below the folder, and RGB (side, side, 3) uint8."""

    path: PurePosixPath
    pixels: Pixels

    @property
    def source(self) -> str:
        """The name of its top-level folder up to the first underscore: "ph_ann" and "ph_bob" are one source."""
        return self.path.parts[0].split("_")[0] if len(self.path.parts) > 1 else REST


def center_square(rgb: Pixels, side: int) -> Pixels:
    """The largest centred square of RGB (H, W, 3), resized to (side, side, 3)."""
    return images.crop_to_fill(images.Picture(rgb), side, side).pixels


def load(folder: Path, side: int, *, every: int = 1) -> list[Photograph]:
    """Every n-th of the colour photographs below a folder. Other pictures are named and left out.

    Raises SystemExit if none is left.
    """
    photographs = []
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in images.READABLE_SUFFIXES)
    for path in paths[::every]:
        try:
            pixels = images.decode(path.read_bytes()).pixels
        except ColorizerError as error:
            print(f"left out {path}: {error}")
            continue
        if pixels.ndim == 2 or not np.ptp(pixels, axis=2).any():
            print(f"left out {path}: it is grey")
            continue
        photographs.append(Photograph(PurePosixPath(path.relative_to(folder)), center_square(pixels, side)))
    if not photographs:
        raise SystemExit(f"expected colour photographs below {folder}, found none")
    return photographs


def add_folder_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder of colour photographs and how much of it to use, for `load_squares`, and the model."""
    parser.add_argument("folder", type=Path, help="colour photographs")
    parser.add_argument("--model", choices=MODELS, default=DEFAULT_MODEL)
    parser.add_argument("--side", type=int, default=256, help="side of the centred squares in pixels")
    parser.add_argument("--every", type=int, default=1, help="use only every n-th photograph")


def load_squares(arguments: argparse.Namespace) -> list[Pixels]:
    """The photographs that `add_folder_arguments` names, as RGB (side, side, 3) uint8. Raises as `load` does."""
    return [each.pixels for each in load(arguments.folder, arguments.side, every=arguments.every)]


def pick_evenly(items: Sequence[T], count: int) -> Sequence[T]:
    """At most `count` of the items, from the first on, spread over all of them."""
    return items[:: max(1, len(items) // count)][:count]


def kinds(photographs: list[Photograph]) -> list[str]:
    """The kind of each photograph: its source, or "rest" for a source of fewer than `SMALLEST_KIND` photographs."""
    sizes = Counter(photograph.source for photograph in photographs)
    return [photograph.source if sizes[photograph.source] >= SMALLEST_KIND else REST for photograph in photographs]
