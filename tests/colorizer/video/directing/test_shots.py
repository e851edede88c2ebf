"""Shots: merged, split and made the same by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colorizer import Look, Restoration
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.shots import (
    Shot,
    Shots,
    check_shots,
    make_same,
    merge,
    number_at,
    settings_of,
    shots_at,
    split,
)

WARM, COOL = Look(warmth=0.5), Look(warmth=-0.5)

times = st.lists(st.integers(1, 5000).map(lambda tick: tick / 10), min_size=1, max_size=30)


def starts_of(shots: Shots) -> list[float]:
    return [shot.start for shot in shots]


@st.composite
def lists_of_shots(draw: st.DrawFn) -> Shots:
    """Shots, some of which are the same as others."""
    shots = shots_at(draw(times))
    shots = tuple(replace(shot, look=Look(warmth=place / 100)) for place, shot in enumerate(shots))
    for _ in range(draw(st.integers(0, 5))):
        number, like = (draw(st.integers(1, len(shots))) for _ in range(2))
        if number != like and (shots[like - 1].same_as or like) != number:
            shots = make_same(shots, number, like)
    return shots


@given(lists_of_shots(), st.data())
def test_split_and_merge_are_opposites(shots: Shots, data: st.DataObject) -> None:
    seconds = data.draw(st.floats(0.01, 600).filter(lambda time: time not in starts_of(shots)))
    divided = split(shots, seconds)
    check_shots(divided)
    assert starts_of(divided) == sorted([*starts_of(shots), seconds])
    number = number_at(starts_of(shots), seconds)
    assert merge(divided, number) == shots


@given(lists_of_shots(), st.data())
def test_after_a_merge_all_other_shots_look_as_before(shots: Shots, data: st.DataObject) -> None:
    if len(shots) == 1:
        return
    number = data.draw(st.integers(1, len(shots) - 1))
    merged = merge(shots, number)
    check_shots(merged)
    before = [settings_of(shots, place) for place in range(1, len(shots) + 1) if place != number + 1]
    assert [settings_of(merged, place) for place in range(1, len(merged) + 1)] == before


def test_the_same_as_another_follows_it() -> None:
    shots = shots_at([1.0, 2.0, 3.0])
    shots = make_same((replace(shots[0], look=WARM), *shots[1:]), 3, 1)
    assert settings_of(shots, 3) == Shot(start=2.0, look=WARM)
    shots = (replace(shots[0], look=COOL, restoration=Restoration(levels=True)), *shots[1:])
    assert settings_of(shots, 3) == Shot(start=2.0, look=COOL, restoration=Restoration(levels=True))
    assert make_same(shots, 4, 3)[3].same_as == 1
    again = make_same(shots, 1, 2)  # those that were like shot 1 are like shot 2 now
    assert [shot.same_as for shot in again] == [2, 0, 2, 0]


@pytest.mark.parametrize(
    ("shots", "message"),
    [
        ((Shot(start=1.0),), "first shot that starts at 0 seconds, got 1"),
        ((Shot(start=0.0), Shot(start=2.0), Shot(start=2.0)), "in the order of their starts, got 2 behind 2"),
        ((Shot(start=0.0, same_as=2),), "shot 1 to be like one of 1 shots, got 2"),
        ((Shot(start=0.0, same_as=2), Shot(start=1.0, same_as=1)), "like one with settings of its own, got 2"),
    ],
)
def test_shots_that_cannot_be(shots: Shots, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Direction(shots=shots)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Shot(start=-1.0), "starts at 0 seconds or later, got -1"),
        (lambda: Shot(start=0.0, same_as=-1), "the number of a shot, or 0, got -1"),
        (lambda: merge(shots_at([]), 1), "a shot behind shot 1, got 1 shots"),
        (lambda: split(shots_at([2.0]), 2.0), "a time within a shot, got 2 seconds"),
        (lambda: make_same(shots_at([2.0]), 1, 3), "the number of one of 2 shots, got 3"),
        (lambda: make_same(shots_at([2.0]), 1, 1), "like another shot, got itself"),
        (lambda: FilmKey(seconds=-1.0), "key frame at 0 seconds or later, got -1"),
        (lambda: FilmKey(seconds=0.0, picture="red.png"), "SHA-256 of a picture, 64 hexadecimal digits, got 'red.png'"),
        (lambda: FilmKey(seconds=0.0, picture="a" * 64, look=WARM), "with a picture or with corrections, got one with"),
        (lambda: Direction(keys=(FilmKey(seconds=1.0), FilmKey(seconds=1.0))), "got two at 1 seconds"),
        (lambda: Direction(reference="x"), "SHA-256 of a picture"),
    ],
)
def test_what_cannot_be_asked_for(wrong: object, message: str) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=message):
        wrong()


def test_a_frame_belongs_to_the_shot_whose_rounded_start_is_nearest() -> None:
    starts, frame = [0.0, 0.5, 1.0], 0.04
    assert number_at(starts, 0.4999, frame=frame) == 2
    assert number_at(starts, 0.48, frame=frame) == 1
    assert number_at(starts, 99.0, frame=frame) == 3
