"""What is shown of carried and automatic colours: soon where it is sure or new, slowly where they take turns."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from colorizer.arrays import Floats
from colorizer.frames.keyframes.motion import Motion
from colorizer.frames.keyframes.shown_colors import ShownColors
from colorizer.frames.optical_flow import SIDE, pixel_grid

FRAME = 1 / 25  # seconds
CARRIED, AUTOMATIC = (60.0, 40.0), (10.0, -50.0)


def still(alike: float = 1.0) -> Motion:
    """The motion of a picture that stands still, or (0) of one that another picture follows."""
    values = np.full((SIDE, SIDE), alike, np.float32)
    return Motion(np.zeros((SIDE, SIDE), np.uint8), pixel_grid(SIDE, SIDE), values, values)


def layer(weight: float, ab: tuple[float, float] = CARRIED) -> Floats:
    return np.tile(np.array([ab[0] * weight, ab[1] * weight, weight, 0], np.float32), (SIDE, SIDE, 1))


class Shot:
    """Shows frames; its automatic colours are all alike. Counts how often they were asked for."""

    def __init__(self, smoothing: float = 0.8) -> None:
        self.shown, self.predictions = ShownColors(smoothing), 0
        self.has_begun = False

    def predict(self) -> Floats:
        self.predictions += 1
        return np.full((SIDE, SIDE, 2), AUTOMATIC, np.float32)

    def show(self, carried: Floats, *, alike: float = 1.0, is_key: bool = False) -> float:
        """The share of the carried colours in what is shown."""
        motion = still(alike) if self.has_begun else None
        self.has_begun = True
        ab = self.shown.next_ab(carried, motion, self.predict, seconds=FRAME, is_key=is_key)
        return float(((ab - AUTOMATIC) / np.subtract(CARRIED, AUTOMATIC)).mean())


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_the_first_frame_shows_both_by_weight(weight: float) -> None:
    assert Shot().show(layer(weight)) == pytest.approx(weight, abs=1e-5)


def test_a_weight_that_jumps_with_every_frame_does_not_show() -> None:
    shot = Shot()
    shares = [shot.show(layer(weight)) for weight in (1.0, *[0.2, 0.95] * 20)]
    steps = [abs(after - before) for before, after in pairwise(shares)]
    assert max(steps) < 0.12
    assert 0.1 < shares[-1] < 0.9


def test_colours_that_are_sure_again_come_back_softly_and_whole() -> None:
    shot = Shot()
    shares = [shot.show(layer(weight)) for weight in (*[0.0] * 20, *[1.0] * 20)]
    assert max(after - before for before, after in pairwise(shares)) < 0.5
    assert shares[19] == pytest.approx(0, abs=0.01)
    assert shares[-1] == pytest.approx(1, abs=0.01)


def test_sure_colours_change_as_the_key_frames_say() -> None:
    shot = Shot()
    shot.show(layer(1))
    shares = [shot.show(layer(1, AUTOMATIC)) for _ in range(8)]
    assert shares[1] < 0.3
    assert shares[-1] == pytest.approx(0, abs=0.01)
    assert shot.predictions == 0, "expected no prediction that nobody sees"


def test_a_key_frame_counts_at_once() -> None:
    shot = Shot()
    shot.show(layer(0))
    assert shot.show(layer(1), is_key=True) == pytest.approx(1, abs=1e-5)


def test_what_is_new_has_no_past() -> None:
    shot = Shot()
    shot.show(layer(1))
    assert shot.show(layer(0), alike=0) == pytest.approx(0, abs=1e-5)
    assert shot.show(layer(1), alike=0) == pytest.approx(1, abs=1e-5)


def test_every_other_frame_is_predicted_where_that_shows() -> None:
    shot = Shot()
    for _ in range(10):
        shot.show(layer(0.1))
    assert shot.predictions == 5
    unsmoothed = Shot(0)
    for _ in range(10):
        unsmoothed.show(layer(0.1))
    assert unsmoothed.predictions == 10
