"""Repair of a film's frames between reading and colouring, shot by shot; sound passes through in its place."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import cv2
import numpy as np

from colorizer.arrays import Floats
from colorizer.frames.repair import FilmRepair, repair_shot
from colorizer.frames.smoothing import is_scene_cut
from colorizer.video.types import AnyPacket, GrayFrame

_SIDE = 56  # pixels, of the squares that are compared
_NO_LUMA = np.empty((0, 0), np.uint8)
_SAME_SCENE = 0.9  # correlation of two pictures: it stays when the light flickers, and goes at a cut


def repair_frames(items: Iterator[GrayFrame | AnyPacket], repair: FilmRepair) -> Iterator[GrayFrame | AnyPacket]:
    """The frames and packets of `VideoReader.read`, in order, with repaired luma: same times, sizes and depths.

    Up to 38 frames are read ahead. Nothing crosses a cut.
    """
    return items if repair.is_off else _repair_frames(items, repair)


def _repair_frames(items: Iterator[GrayFrame | AnyPacket], repair: FilmRepair) -> Iterator[GrayFrame | AnyPacket]:
    waiting: deque[GrayFrame | AnyPacket] = deque()

    def frames() -> Iterator[GrayFrame]:
        for item in items:
            if isinstance(item, GrayFrame):
                waiting.append(replace(item, luma=_NO_LUMA))  # the stages hold those that they need
                yield item
            else:
                waiting.append(item)

    for shot, group in groupby(frames(), key=_ShotFinder()):
        planes = (frame.luma for frame in group)
        for luma in repair_shot(planes, repair, bits=shot.bits, interlaced=shot.interlaced):
            while not isinstance(item := waiting.popleft(), GrayFrame):
                yield item
            yield replace(item, luma=luma)
    yield from waiting


@dataclass(frozen=True)
class _Shot:
    """What the frames have in common that are repaired together. `number`: of the shot within the film."""

    number: int
    bits: int
    interlaced: bool


class _ShotFinder:
    """Tells the shot of each frame, called in order."""

    def __init__(self) -> None:
        self._number = 0
        self._before: Floats | None = None

    def __call__(self, frame: GrayFrame) -> _Shot:
        small = cv2.resize(frame.luma, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        picture = np.asarray(small, np.float32) * np.float32(100 / ((1 << frame.bits) - 1))
        if self._before is not None and is_cut_in_flicker(self._before, picture):
            self._number += 1
        self._before = picture
        return _Shot(self._number, frame.bits, frame.interlaced)


def is_cut_in_flicker(before: Floats, after: Floats) -> bool:
    """Whether two small pictures, (h, w) float32 0..100, are of different scenes, not of one whose brightness changed.

    Strong flicker changes all of a picture as a cut does, but what is lighter than its surroundings stays lighter.
    """
    if not is_scene_cut(before, after):
        return False
    one, other = before - before.mean(), after - after.mean()
    scale = float(np.sqrt(np.square(one).mean() * np.square(other).mean()))
    return float((one * other).mean()) < _SAME_SCENE * scale
