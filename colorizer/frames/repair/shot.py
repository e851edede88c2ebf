"""What to repair in a film, and all of it in one shot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import tee
from typing import Literal, get_args

import numpy as np

from colorizer.arrays import Pixels
from colorizer.frames.repair.deflicker import deflicker
from colorizer.frames.repair.dust import remove_dust
from colorizer.frames.repair.scratches import remove_scratches
from colorizer.frames.repair.steady import steady

SteadyEdges = Literal["off", "fill", "crop"]
STEADY_EDGES: tuple[SteadyEdges, ...] = get_args(SteadyEdges)


@dataclass(frozen=True, kw_only=True)
class FilmRepair:
    """What to repair in a film before it is coloured; nothing by default.

    `dust`: fill blotches that are in one frame alone. `scratches`: fill vertical lines that stay in their place. Both
    keep all other pixels bit for bit. `deflicker`: of the brightness, 0 (none) .. 1 (all). `steady`: against shake;
    "fill" repeats the outermost pixels where a picture was moved away from its edge, "crop" enlarges all pictures
    alike, so that no edge shows. Raises ValueError for a value out of range.
    """

    dust: bool = False
    scratches: bool = False
    deflicker: float = 0.0
    steady: SteadyEdges = "off"

    def __post_init__(self) -> None:
        check_deflicker(self.deflicker)
        if self.steady not in STEADY_EDGES:
            raise ValueError(f"expected steady to be one of {', '.join(STEADY_EDGES)}, got {self.steady!r}")

    @property
    def is_off(self) -> bool:
        """Whether there is nothing to do."""
        return self == FilmRepair()


def check_deflicker(amount: float) -> None:
    """Raises ValueError unless 0 <= amount <= 1."""
    if not 0 <= amount <= 1:
        raise ValueError(f"expected an amount of deflicker from 0 to 1, got {amount:g}")


def repair_shot(
    planes: Iterable[Pixels], repair: FilmRepair, *, bits: int = 8, interlaced: bool = False
) -> Iterator[Pixels]:
    """The luma planes of one shot, repaired: one for each, in order, of the same shape and dtype.

    `planes`: (H, W) uint8, or uint16 with values of `bits` bits, all of one shape; they are not modified. A plane that
    needs no repair is yielded itself. `interlaced`: even and odd rows are of different times; each field is repaired
    on its own. With everything on, 38 frames are read ahead, however long the shot is.
    """
    if not interlaced:
        yield from _repair(planes, repair, bits)
        return
    for_top, for_bottom, whole = tee(planes, 3)
    top = _repair((plane[0::2] for plane in for_top), repair, bits)
    bottom = _repair((plane[1::2] for plane in for_bottom), repair, bits)
    for upper, lower, plane in zip(top, bottom, whole, strict=True):
        woven = np.empty(plane.shape, plane.dtype)
        woven[0::2], woven[1::2] = upper, lower
        yield woven


def _repair(planes: Iterable[Pixels], repair: FilmRepair, bits: int) -> Iterator[Pixels]:
    """Steadying comes last, because it moves scratches and blurs dust; both are found best in an even brightness."""
    repaired: Iterator[Pixels] = iter(planes)
    if repair.deflicker:
        repaired = deflicker(repaired, bits, repair.deflicker)
    if repair.scratches:
        repaired = remove_scratches(repaired, bits)
    if repair.dust:
        repaired = remove_dust(repaired, bits)
    if repair.steady != "off":
        repaired = steady(repaired, bits, crop=repair.steady == "crop")
    return repaired
