"""How alike two small pictures of a film are: whether they may be of one shot, whatever moves or lights up in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from colorizer.arrays import Floats

SIDE = 64  # pixels: side of the square that frames are compared in
_COARSE = 16  # pixels: side of the one in which a dissolve is told from motion
_REACH = 7  # pixels: side of the neighbourhood in which a place may have moved to between two frames
_FINE, _BROAD = 3, 17  # pixels: the detail of a picture is what a mean of these sides leaves and takes away

_BLANK = 2.5  # CIE L: the standard deviation below which a picture shows nothing: black, white, fog
_LEVEL, _CONTRAST = 50.0, 20.0  # CIE L: mean and standard deviation of a picture whose light is taken out
_SAME_CHANGE = 3.0  # CIE L of such pictures: a smaller change is that of film grain and of what moves
_SAME_DETAIL = 0.5  # correlation of the detail from which on two pictures show the same, in another light


@dataclass(frozen=True, eq=False)
class SmallPicture:
    """A frame to compare. `light`: (SIDE, SIDE) float32, L 0..100. `seconds`: when it is shown."""

    light: Floats
    seconds: float

    @cached_property
    def contrast(self) -> float:
        """The standard deviation of L."""
        return float(self.light.std())

    @property
    def is_blank(self) -> bool:
        return self.contrast < _BLANK

    @cached_property
    def leveled(self) -> SmallPicture:
        """The picture in a light that is the same for all."""
        gain = np.float32(_CONTRAST / max(self.contrast, _BLANK))
        return SmallPicture((self.light - self.light.mean()) * gain + np.float32(_LEVEL), self.seconds)

    @cached_property
    def coarse(self) -> Floats:
        """The picture in large spots: (_COARSE**2,) float32."""
        return np.asarray(cv2.resize(self.light, (_COARSE, _COARSE), interpolation=cv2.INTER_AREA), np.float32).ravel()

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """The darkest and the lightest value near each place, each (SIDE, SIDE) float32."""
        near = np.ones((_REACH, _REACH), np.uint8)
        return np.asarray(cv2.erode(self.light, near)), np.asarray(cv2.dilate(self.light, near))

    @cached_property
    def detail(self) -> Floats:
        """Edges and textures without the light they are in: (SIDE**2,) float32 of length 1, or 0 without any."""
        fine, broad = (cv2.blur(self.light, (side, side)) for side in (_FINE, _BROAD))
        detail = np.asarray(fine - broad, np.float32).ravel()
        return detail / max(float(np.linalg.norm(detail)), 1e-6)


def change(one: SmallPicture, other: SmallPicture) -> float:
    """How much of L is in one picture and nowhere near in the other, on average; what moves a little does not count."""
    return (_exceeds(one, other) + _exceeds(other, one)) / 2


def is_same(one: SmallPicture, other: SmallPicture) -> bool:
    """Whether two pictures may be of one shot, perhaps in another light: all of one, or its detail, is in the other."""
    return float(one.detail @ other.detail) > _SAME_DETAIL or change(one.leveled, other.leveled) < _SAME_CHANGE


def _exceeds(one: SmallPicture, other: SmallPicture) -> float:
    darkest, lightest = other.bounds
    return float(np.maximum(np.maximum(one.light - lightest, darkest - one.light), 0).mean())
