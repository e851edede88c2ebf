"""The rounds of "Real or coloured?" as data: which picture comes when, and on which side its true version is."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Side = Literal["A", "B"]
SIDES: tuple[Side, Side] = ("A", "B")


@dataclass(frozen=True)
class Round:
    """`picture`: its number in the set, from 0. `real`: where the true version is shown."""

    picture: int
    real: Side


@dataclass(frozen=True)
class Vote:
    """What was shown in a round, and which side was taken for the true one."""

    picture: int
    real: Side
    chosen: Side

    @property
    def fooled(self) -> bool:
        """Whether our version was taken for the true one."""
        return self.chosen != self.real


def draw_rounds(seed: int, pictures: int) -> tuple[Round, ...]:
    """Each of so many pictures once, in an order and on sides that follow from the seed alone.

    Each side is drawn by itself: were there as many A as B, the last round would be known from those before.
    """
    chance = random.Random(seed)
    order = chance.sample(range(pictures), pictures)
    return tuple(Round(picture, chance.choice(SIDES)) for picture in order)
