"""The shots of a film: where each begins and how it is coloured. They are merged and split by hand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from colorizer.edits.look import Look
from colorizer.edits.restoration import Restoration

SHARE_OF_FRAME = 0.25  # of a frame's time by which a shot's start may lie behind its first frame: times are rounded


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A part of a film that is filmed at one go, and how it is coloured.

    `start`: when its first frame is shown, in seconds from the film's beginning; it ends where the next one starts.
    `look`, `restoration`: None: as the film's. `same_as`: the number, from 1, of the shot whose look and restoration
    it has instead; 0: its own.
    Raises ValueError for a number out of its range.
    """

    start: float
    look: Look | None = None
    restoration: Restoration | None = None
    same_as: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.start < float("inf"):
            raise ValueError(f"expected a shot that starts at 0 seconds or later, got {self.start:g}")
        if self.same_as < 0:
            raise ValueError(f"expected the number of a shot, or 0, got {self.same_as}")


Shots = tuple[Shot, ...]


def shots_at(starts: Iterable[float]) -> Shots:
    """Shots that start at these times, in any order; the first one starts with the film, whether that is named or not.

    Raises ValueError for a time below 0.
    """
    return tuple(Shot(start=start) for start in sorted({0.0, *starts}))


def check_shots(shots: Sequence[Shot]) -> None:
    """Raises ValueError unless the starts rise from 0, and those that shots are to be like have their own settings."""
    starts = [shot.start for shot in shots]
    if starts and starts[0] != 0:
        raise ValueError(f"expected a first shot that starts at 0 seconds, got {starts[0]:g}")
    for before, after in pairwise(starts):
        if not after > before:
            raise ValueError(f"expected shots in the order of their starts, got {after:g} behind {before:g} seconds")
    for number, shot in enumerate(shots, start=1):
        if shot.same_as > len(shots):
            raise ValueError(f"expected shot {number} to be like one of {len(shots)} shots, got {shot.same_as}")
        if shot.same_as and shots[shot.same_as - 1].same_as:
            raise ValueError(
                f"expected shot {number} to be like one with settings of its own, got {shot.same_as}, "
                f"which is like {shots[shot.same_as - 1].same_as}"
            )


def settings_of(shots: Sequence[Shot], number: int) -> Shot:
    """The shot `number`, from 1, with the look and restoration of the one that it is the same as."""
    shot = shots[number - 1]
    like = shots[shot.same_as - 1] if shot.same_as else shot
    return Shot(start=shot.start, look=like.look, restoration=like.restoration)


def make_same(shots: Shots, number: int, like: int) -> Shots:
    """The shots with the shot `number` the same as the shot `like`, and those like it too.

    Raises ValueError unless both are there and two.
    """
    _check_number(shots, number)
    _check_number(shots, like)
    like = shots[like - 1].same_as or like
    if like == number:
        raise ValueError(f"expected shot {number} to be like another shot, got itself")
    return tuple(
        replace(shot, same_as=like, look=None, restoration=None) if number in (place, shot.same_as) else shot
        for place, shot in enumerate(shots, start=1)
    )


def merge(shots: Shots, number: int) -> Shots:
    """The shots with `number` and the next one as one, which is coloured as the first of both.

    Those that were the same as the next one keep its settings. Raises ValueError without a next one.
    """
    _check_number(shots, number)
    gone = number + 1
    if gone > len(shots):
        raise ValueError(f"expected a shot behind shot {number}, got {len(shots)} shots")
    own = (
        replace(shot, same_as=0, look=shots[gone - 1].look, restoration=shots[gone - 1].restoration)
        if shot.same_as == gone
        else shot
        for shot in shots
    )
    kept = [shot for place, shot in enumerate(own, start=1) if place != gone]
    return tuple(replace(shot, same_as=shot.same_as - (shot.same_as > gone)) for shot in kept)


def split(shots: Shots, seconds: float) -> Shots:
    """The shots with one more, which starts at `seconds` and is coloured as the one that it was part of.

    Raises ValueError if one starts there already.
    """
    if any(shot.start == seconds for shot in shots):
        raise ValueError(f"expected a time within a shot, got {seconds:g} seconds, where one starts")
    number = number_at([shot.start for shot in shots], seconds)
    moved = [replace(shot, same_as=shot.same_as + (shot.same_as > number)) for shot in shots]
    return (*moved[:number], replace(moved[number - 1], start=seconds), *moved[number:])


def number_at(starts: Sequence[float], seconds: float, *, frame: float = 0.0) -> int:
    """The number, from 1, of the shot with the frame that is shown at `seconds`.

    `starts`: of the shots, rising, the first one 0. `frame`: how long one is shown, in seconds. A start up to a quarter
    of that behind the frame counts as the frame's own, because files and lists round times.
    """
    return max(1, bisect_right(starts, seconds + frame * SHARE_OF_FRAME))


def _check_number(shots: Sequence[Shot], number: int) -> None:
    if not 1 <= number <= len(shots):
        raise ValueError(f"expected the number of one of {len(shots)} shots, got {number}")
