"""The colours of a shot that has key frames.

Each key frame's colours go forwards and backwards along the motion (`tracking`), and two that meet are blended by
their age and trust. Where motion does not lead, the automatic colours stand, changed as the key frames changed things
alike (`votes`). A key frame without an opinion somewhere lets the colours of earlier ones pass there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from colorizer.arrays import Floats, Plane
from colorizer.color.guided_filter import refine
from colorizer.edits.look import Look, apply_look
from colorizer.edits.reference import GRID
from colorizer.frames.keyframes.frame_store import FrameStore
from colorizer.frames.keyframes.key_frame import WEIGHT, KeyFrame, cover, meet, no_layer
from colorizer.frames.keyframes.motion import Motion, MotionMeter
from colorizer.frames.keyframes.shown_colors import ShownColors
from colorizer.frames.keyframes.tracking import Tracker
from colorizer.frames.keyframes.votes import Voter, vote
from colorizer.frames.optical_flow import SIDE, flow_picture
from colorizer.frames.smoothing import DEFAULT_AMOUNT
from colorizer.network.predictor import Prediction
from colorizer.network.registry import ModelSpec
from colorizer.resize import resize, shrink_mask

_NEUTRAL = Look()
_HIDING = 0.98  # weight of a layer from which on the automatic colours do not show
_WITH_NEIGHBORS = np.ones((2 * SIDE // GRID + 1,) * 2, np.uint8)  # a cell of the votes to each side
_LARGEST = np.float32(np.finfo(np.float16).max)  # the age of a layer that is carried for very long


class FramePredictor(Protocol):
    """What is needed of a `Predictor`."""

    spec: ModelSpec

    def predict(self, luminance: Floats, *, distribution: bool, features: bool) -> Prediction: ...


class ShotColors:
    """Gives the colours of one shot, frame by frame. A context manager; for one thread.

    `keys`: by the number of the frame in the shot, whose first is 0; at least one. Their colours are final.
    `look`: of the automatic colours. `smoothing`: of them over time, 0..1. `folder`: of the temporary file that
    `look_ahead` writes; the system's by default. Raises ValueError for no keys, a number below 0, or a smoothing out of
    range.
    """

    def __init__(
        self,
        predictor: FramePredictor,
        keys: Mapping[int, KeyFrame],
        *,
        look: Look = _NEUTRAL,
        smoothing: float = DEFAULT_AMOUNT,
        folder: Path | None = None,
    ) -> None:
        if not keys or min(keys) < 0:
            raise ValueError(f"expected key frames with numbers from 0 on, got {sorted(keys)}")
        self._predictor, self._keys, self._look, self._folder = predictor, dict(keys), look, folder
        self._meter, self._shown = MotionMeter(), ShownColors(smoothing)
        self._voters: dict[int, Voter] = {}
        self._tracker: Tracker | None = None
        self._number = 0
        self._files = ExitStack()
        self._ahead: FrameStore | None = None

    @property
    def frames_ahead(self) -> int:
        """How many frames `look_ahead` takes: those up to the last key frame, or 0 if that is the first frame."""
        last = max(self._keys)
        return last + 1 if last else 0

    def look_ahead(self, luminances: Iterable[Floats]) -> None:
        """Carry the colours of later key frames backwards. Without this call, colours go forwards only.

        `luminances`: of the shot's frames from the first on, as for `next_ab`; `frames_ahead` of them are taken. If
        there are fewer, key frames beyond them count for nothing. To be called before the first `next_ab`, once.
        It takes about 110 KB a frame of the temporary file, until `close`. Raises OSError if the disk is full.
        """
        if not self.frames_ahead:
            return
        self._ahead = self._files.enter_context(FrameStore((SIDE, SIDE, 4), np.float16, self._folder))
        with FrameStore((SIDE, SIDE), np.uint8, self._folder) as pictures:
            for number, luminance in enumerate(islice(luminances, self.frames_ahead)):
                pictures.write(number, flow_picture(luminance))
                self._learn(number, luminance)
            meter = MotionMeter()
            tracker: Tracker | None = None
            for number in reversed(range(len(pictures))):
                picture = pictures.read(number)
                layer, tracker = self._pass(number, picture, meter.measure(picture), tracker)
                self._ahead.write(number, np.minimum(layer, _LARGEST))

    def next_ab(self, luminance: Floats, *, seconds: float) -> Floats:
        """The next frame's colours: ab (SIDE, SIDE, 2) float32, CIE units, the look included.

        `luminance`: (h, w) float32, 0..100, of the frame, stretched to a square or of its own shape. `seconds`: since
        the frame before, above 0.
        """
        number, self._number = self._number, self._number + 1
        self._learn(number, luminance)
        picture = flow_picture(luminance)
        motion = self._meter.measure(picture)
        layer, self._tracker = self._pass(number, picture, motion, self._tracker)
        if self._ahead is not None and number < len(self._ahead):
            layer = meet(layer, self._ahead.read(number).astype(np.float32))
        predict = partial(self._predict, number, luminance, layer[..., WEIGHT])
        return self._shown.next_ab(layer, motion, predict, seconds=seconds, is_key=number in self._keys)

    def _pass(
        self, number: int, picture: Plane, motion: Motion | None, tracker: Tracker | None
    ) -> tuple[Floats, Tracker | None]:
        """The layer that a tracker carries to a frame, and the tracker for what follows: a new one from a key frame."""
        layer = no_layer() if tracker is None or motion is None else tracker.advance(motion)
        if number not in self._keys:
            return layer, tracker
        layer = cover(self._keys[number].layer(), layer)
        return layer, Tracker(picture, layer)

    def _learn(self, number: int, luminance: Floats) -> None:
        """Make a voter of a key frame, unless it is one."""
        if number in self._keys and number not in self._voters:
            prediction = self._run(luminance)
            automatic = self._automatic(prediction, luminance)
            self._voters[number] = Voter.from_key(number, self._keys[number], prediction.features, automatic)

    def _predict(self, number: int, luminance: Floats, weight: Floats) -> Floats:
        """The automatic colours of a frame, changed as the key frames vote, along the edges of L: (SIDE, SIDE, 2).

        `weight`: of other colours over them (SIDE, SIDE). Where that is 1, nobody votes.
        """
        prediction = self._run(luminance)
        ab = self._automatic(prediction, luminance)
        if self._voters:
            seen = cv2.dilate((weight < _HIDING).astype(np.uint8), _WITH_NEIGHBORS) > 0
            wanted = shrink_mask(seen, GRID, GRID)
            change = vote(number, prediction.features, list(self._voters.values()), wanted)
            ab = ab + resize(change, ab.shape[1], ab.shape[0])
        return refine(ab, resize(luminance, SIDE, SIDE))

    def _run(self, luminance: Floats) -> Prediction:
        side = self._predictor.spec.side
        small = luminance if luminance.shape == (side, side) else resize(luminance, side, side)
        return self._predictor.predict(small, distribution=self._look.vividness > 0, features=True)

    def _automatic(self, prediction: Prediction, luminance: Floats) -> Floats:
        ab = prediction.ab_at(self._look.vividness)
        return apply_look(ab, resize(luminance, ab.shape[1], ab.shape[0]), self._look)

    def close(self) -> None:
        """Delete the temporary file. A second call does nothing."""
        self._files.close()

    def __enter__(self) -> ShotColors:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def carry(
    frames: Callable[[], Iterable[Floats]],
    predictor: FramePredictor,
    keys: Mapping[int, KeyFrame],
    *,
    seconds: float,
    look: Look = _NEUTRAL,
    smoothing: float = DEFAULT_AMOUNT,
    folder: Path | None = None,
) -> Iterator[Floats]:
    """The ab of each frame of a shot, as `ShotColors.next_ab` gives it, with colours carried forwards and backwards.

    `frames`: opens the luminances of the shot's frames, from the first on; called once more if a key frame lies beyond
    the first frame. `seconds`: from frame to frame. The rest as for `ShotColors`, which raises the same.
    """
    with ShotColors(predictor, keys, look=look, smoothing=smoothing, folder=folder) as colors:
        if colors.frames_ahead:
            colors.look_ahead(frames())
        for luminance in frames():
            yield colors.next_ab(luminance, seconds=seconds)
