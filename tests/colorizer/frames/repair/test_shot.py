"""Repair of a shot as a whole: every frame comes out, in order, with a bounded window."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.film_repair import make_clip
from colorizer.arrays import Pixels, Plane
from colorizer.frames.repair import FilmRepair, repair_shot
from colorizer.frames.repair.window import slide, smooth_center, tap
from tests.colorizer.frames.repair.clips import deep

ALL = FilmRepair(dust=True, scratches=True, deflicker=1.0, steady="fill")
MOST_AHEAD = 40


@given(st.integers(0, 30), st.integers(0, 6))
def test_a_window_slides_over_every_item(count: int, radius: int) -> None:
    windows = list(slide(range(count), radius))
    assert [window.center for window in windows] == list(range(count))
    for number, window in enumerate(windows):
        assert window.before == tuple(range(number - 1, max(-1, number - 1 - radius), -1))
        assert window.after == tuple(range(number + 1, min(count, number + 1 + radius)))


@given(st.integers(1, 20), st.floats(-5, 5), st.floats(-5, 5), st.data())
def test_a_straight_line_is_not_smoothed(count: int, height: float, slope: float, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, count - 1))
    values = (height + slope * np.arange(count, dtype=np.float64))[:, np.newaxis]
    assert smooth_center(values, index, 3.0)[0] == pytest.approx(values[index, 0], abs=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (7, 16), (16, 7), (31, 40), (33, 1300)])
@pytest.mark.parametrize("count", [0, 1, 2, 6])
def test_pictures_of_any_size_and_number_come_through(shape: tuple[int, int], count: int) -> None:
    rng = np.random.default_rng(0)
    planes = [rng.integers(16, 236, shape, np.uint8) for _ in range(count)]
    clips: tuple[tuple[Sequence[Pixels], int], ...] = ((planes, 8), (deep(planes), 10))
    for planes_in, bits in clips:
        fixed = list(repair_shot(planes_in, ALL, bits=bits))
        assert [(plane.shape, plane.dtype) for plane in fixed] == [(plane.shape, plane.dtype) for plane in planes_in]


def test_frames_are_read_a_bounded_number_ahead_and_are_not_modified() -> None:
    read: deque[Plane] = deque()
    clip = make_clip("cat", 50, (96, 64))
    kept = [plane.copy() for plane in clip]

    def frozen() -> Iterator[Plane]:
        for plane in clip:
            plane.flags.writeable = False
            yield plane

    for number, _ in enumerate(repair_shot(tap(frozen(), read), ALL)):
        assert len(read) - number <= MOST_AHEAD
    assert len(read) == 50
    assert all((plane == was).all() for plane, was in zip(clip, kept, strict=True))


def test_each_field_of_an_interlaced_clip_is_repaired_on_its_own() -> None:
    top, bottom = (make_clip(name, 7, (160, 120)) for name in ("cat", "pagoda"))
    woven = []
    for one, other in zip(top, bottom, strict=True):
        plane = np.empty((240, 160), np.uint8)
        plane[0::2], plane[1::2] = one, other
        woven.append(plane)
    fixed = list(repair_shot(woven, ALL, interlaced=True))
    for offset, field in ((0, top), (1, bottom)):
        alone = list(repair_shot(field, ALL))
        assert all((plane[offset::2] == one).all() for plane, one in zip(fixed, alone, strict=True))


@pytest.mark.parametrize("values", [{"deflicker": -0.1}, {"deflicker": 1.1}, {"steady": "always"}])
def test_values_out_of_range_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected"):
        FilmRepair(**values)  # type: ignore[arg-type]
