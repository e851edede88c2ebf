"""Find dissolves: frames that are mixtures of the two pictures at their ends, more and more of the second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from colorizer.arrays import Floats
from colorizer.video.directing.similarity import SmallPicture, change, is_same

LONGEST_DISSOLVE = 2.4  # seconds; of a longer one, the part in its middle is found
_LENGTHS = (0.3, 0.6, 1.2, LONGEST_DISSOLVE)  # seconds of the parts that are looked at
_MIN_CHANGE = 3.0  # CIE L between its ends
_MIN_CONTRAST = 0.3  # of one end, as a share of the other's; less is a fade
_MAX_RESIDUAL = 0.1  # share of the difference of its ends, squared, that its frames may have besides a mixture
_MIXED = (0.1, 0.9)  # shares of the second picture between which a frame is a mixture
_MIN_MIXED = 3  # frames, or it is a cut
_ALIKE = 0.9  # of a dissolve's strength that is as good
_NEAR = 0.5  # seconds between the middles of two parts of one dissolve
_MAX_STEP_BACK = 0.1  # by which the share may fall from a frame to the next


@dataclass(frozen=True)
class Dissolve:
    """`seconds`: its middle. `begin`, `end`: of the part in which it was found. `strength`: the difference it makes.

    `weight`: of its middle beside those of other parts.
    """

    seconds: float
    begin: float
    end: float
    strength: float
    weight: float

    def belongs_to(self, other: Dissolve) -> bool:
        """Whether both are parts of one dissolve, this one the later part."""
        return self.begin <= other.seconds <= self.end or abs(self.seconds - other.seconds) < _NEAR

    def is_more_than(self, other: Dissolve) -> bool:
        """Whether it goes clearly further: the part of the other was too short."""
        return self.strength * _ALIKE > other.strength

    def join(self, later: Dissolve) -> Dissolve:
        """Both parts together. Parts of its two halves err to both sides, so their mean is near the middle."""
        weight = self.weight + later.weight
        seconds = (self.seconds * self.weight + later.seconds * later.weight) / weight
        return Dissolve(seconds, self.begin, later.end, max(self.strength, later.strength), weight)


def find_dissolve(past: Sequence[SmallPicture], rate: float) -> Dissolve | None:
    """The strongest dissolve that ends at the last of these frames of one shot, or has just gone so far.

    `rate`: frames a second, about. Of parts in which it is about as strong, the shortest counts.
    """
    frames = list(past)
    counts = sorted({max(_MIN_MIXED + 2, round(length * rate)) for length in _LENGTHS})
    best: Dissolve | None = None
    for count in counts:
        found = _test(frames[-count:]) if count <= len(frames) else None
        if found is not None and (best is None or found.is_more_than(best)):
            best = found
    return best


def _test(frames: Sequence[SmallPicture]) -> Dissolve | None:
    """The dissolve from the first of these frames to the last, if their course is that of one.

    So must it be without their light: a lamp that goes on while the camera moves is none.
    """
    first, last = frames[0], frames[-1]
    if min(first.contrast, last.contrast) < _MIN_CONTRAST * max(first.contrast, last.contrast):
        return None
    if change(first, last) < _MIN_CHANGE or is_same(first, last):
        return None
    shares, strength = _follow([frame.coarse for frame in frames])
    if shares is None or _follow([frame.leveled.coarse for frame in frames])[0] is None:
        return None
    middle = frames[int(np.argmax(shares >= 0.5))]
    return Dissolve(middle.seconds, first.seconds, last.seconds, strength, strength)


def _follow(pictures: Sequence[Floats]) -> tuple[Floats | None, float]:
    """The share of the last picture in each, (n,), and how far the last is from the first.

    The shares are None if the pictures are no mixtures of both, more and more of the last.
    """
    whole = pictures[-1] - pictures[0]
    strength = float(whole @ whole)
    if strength < _MIN_CHANGE**2 * len(whole):
        return None, strength
    mixed = np.stack(pictures) - pictures[0]
    shares = np.asarray(mixed @ whole / np.float32(strength), np.float32)
    residual = float(((mixed - shares[:, np.newaxis] * whole) ** 2).sum(axis=1).max()) / strength
    between = int(((shares > _MIXED[0]) & (shares < _MIXED[1])).sum())
    is_mixture = residual <= _MAX_RESIDUAL and between >= _MIN_MIXED and float(np.diff(shares).min()) >= -_MAX_STEP_BACK
    return (shares if is_mixture else None), strength
