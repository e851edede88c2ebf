"""What directs a film: its shots, its key frames and where colours are taken from. Plain data, part of the recipe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from colorizer.edits.hints import AnyHint
from colorizer.edits.look import Look
from colorizer.edits.restoration import Restoration
from colorizer.edits.variants import check_variant
from colorizer.video.directing.shots import Shots, check_shots

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class FilmKey:
    """A key frame: the colours of one frame, which are carried through its shot.

    `seconds`: a time at which the frame is shown, from the film's beginning.
    `picture`: the SHA-256 of the file of a coloured still, whose colours the frame gets; empty: the frame is coloured
    as a photograph with the rest of the fields. `look`: None: the shot's. `hints`: places in the frame as a player
    shows it. `variant`: 0 (as predicted) or the number of one of the frame's variants. `restoration`: of what the
    network sees of the frame, besides the shot's.
    Raises ValueError for a value out of its range, and for a picture together with such fields.
    """

    seconds: float
    picture: str = ""
    look: Look | None = None
    hints: tuple[AnyHint, ...] = ()
    variant: int = 0
    restoration: Restoration = field(default_factory=Restoration)

    def __post_init__(self) -> None:
        if not 0 <= self.seconds < float("inf"):
            raise ValueError(f"expected a key frame at 0 seconds or later, got {self.seconds:g}")
        check_variant(self.variant)
        _check_digest(self.picture)
        if self.picture and (self.look or self.hints or self.variant or self.restoration != Restoration()):
            raise ValueError("expected a key frame with a picture or with corrections, got one with both")


@dataclass(frozen=True, kw_only=True)
class Direction:
    """How the parts of a film are coloured. Without any field, the film is coloured as a whole, as it comes.

    `shots`: those of the whole film, in order; none: it is one shot. `keys`: key frames, in any order.
    `restoration`: of all shots without one of their own. It is fixed for each shot, so that no frame looks different
    from the next. `reference`: the SHA-256 of the file of a coloured still, from which all automatic
    colours are taken where it fits; empty: none.
    Raises ValueError for shots out of order and for two key frames at one time.
    """

    shots: Shots = ()
    keys: tuple[FilmKey, ...] = ()
    restoration: Restoration = field(default_factory=Restoration)
    reference: str = ""

    def __post_init__(self) -> None:
        check_shots(self.shots)
        _check_digest(self.reference)
        times = sorted(key.seconds for key in self.keys)
        for before, after in pairwise(times):
            if before == after:
                raise ValueError(f"expected one key frame at a time, got two at {after:g} seconds")

    def pictures(self) -> Iterator[str]:
        """The SHA-256 of every picture that is needed, each once."""
        yield from dict.fromkeys(name for name in (self.reference, *(key.picture for key in self.keys)) if name)


def _check_digest(name: str) -> None:
    if name and not _SHA256.fullmatch(name):
        raise ValueError(f"expected the SHA-256 of a picture, 64 hexadecimal digits, got {name[:70]!r}")
