"""A small class at the running program: each gets the own picture back, and nothing of them stays in memory.

The whole class is `python -m benchmarks.load`, an hour of it `python -m benchmarks.soak`.
"""

from __future__ import annotations

import pytest

from benchmarks import soak
from benchmarks.load import measure_class
from benchmarks.visits import Visit, draw_photograph

MEGAPIXELS = 0.5
TTL = 5


def test_each_of_a_class_gets_the_own_picture_and_nothing_stays() -> None:
    uploads = [draw_photograph(number, MEGAPIXELS) for number in range(6)]
    report = measure_class(uploads, leaving=3, ttl=TTL, settling=4)
    assert report.failures == ()
    assert len(report.visits) == len(uploads)
    assert all(visit.is_own for visit in report.visits)
    assert {visit.sent for visit in report.visits} == set(uploads)
    assert report.megabytes["all have left"] < 1.15 * report.megabytes["one visitor was here"]


def test_many_uploads_leave_nothing_behind() -> None:
    looks = list(
        soak.measure_soak(lambda number: draw_photograph(number, MEGAPIXELS), visits=4, at_once=2, ttl=TTL, looks=2)
    )
    (_, first), *_, (uploads, last) = looks
    assert uploads == 4 * soak.PHOTOS_A_VISIT
    assert last < 1.15 * first


def test_another_ones_picture_is_found_out() -> None:
    one, other = draw_photograph(1, MEGAPIXELS), draw_photograph(2, MEGAPIXELS)
    assert not Visit(one, other, (0, 0)).is_own
    assert not Visit(one, one, (0, 0)).is_own  # grey as it was
    assert not Visit(one, draw_photograph(1, 0.1), (0, 0)).is_own


def test_growth_is_that_of_the_second_half() -> None:
    looks = [(100, 500.0), (200, 600.0), (300, 700.0), (400, 702.0), (500, 704.0)]
    assert soak.growth(looks) == pytest.approx(2.0)
    assert soak.growth([(100, 300.0), (200, 300.0), (300, 300.0), (400, 300.0)]) == pytest.approx(0.0)
