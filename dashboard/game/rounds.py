"""The rounds of "Real or coloured?" as data: the order of the pictures, and the side of each real version."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Side = Literal["A", "B"]
SIDES: tuple[Side, Side] = ("A", "B")


@dataclass(frozen=True)
class Round:
    """`picture`: index in the set. `real`: the side that shows the real version."""

    picture: int
    real: Side


@dataclass(frozen=True)
class Vote:
    """An answer. `picture`: index in the set. `real`: the real side. `chosen`: the side that was taken for real."""

    picture: int
    real: Side
    chosen: Side

    @property
    def fooled(self) -> bool:
        """Whether our version was taken for the real one."""
        return self.chosen != self.real


def draw_rounds(seed: int, pictures: int) -> tuple[Round, ...]:
    """Draw one round for each of `pictures` pictures. The order and the sides depend on the seed only.

    Each side is drawn independently. If A and B had to occur equally often, players could infer the last round.
    """
    chance = random.Random(seed)
    order = chance.sample(range(pictures), pictures)
    return tuple(Round(picture, chance.choice(SIDES)) for picture in order)
