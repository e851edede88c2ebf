"""The rounds of the game: every picture once, with the order and the sides set by the seed."""

from __future__ import annotations

import math
from collections import Counter

from dashboard.game.rounds import SIDES, Round, Vote, draw_rounds


def test_each_picture_comes_once() -> None:
    for seed in range(50):
        assert sorted(each.picture for each in draw_rounds(seed, 7)) == list(range(7))
    assert draw_rounds(0, 0) == ()


def test_the_same_seed_draws_the_same_rounds() -> None:
    assert draw_rounds(2016, 12) == draw_rounds(2016, 12)
    assert len({draw_rounds(seed, 12) for seed in range(100)}) == 100


def test_sides_and_places_are_even() -> None:
    games = [draw_rounds(seed, 5) for seed in range(2000)]
    sides = Counter(each.real for game in games for each in game)
    # Five standard deviations of a fair coin.
    assert abs(sides["A"] - 5000) < 5 * math.sqrt(10_000 / 4)
    firsts = Counter(game[0].picture for game in games)
    assert all(abs(count - 400) < 5 * math.sqrt(2000 * 0.2 * 0.8) for count in firsts.values())


def test_earlier_sides_do_not_give_the_last_away() -> None:
    counts = Counter(sum(each.real == "A" for each in draw_rounds(seed, 4)) for seed in range(800))
    assert set(counts) == {0, 1, 2, 3, 4}


def test_who_takes_ours_for_real_is_fooled() -> None:
    (shown,) = draw_rounds(1, 1)
    assert isinstance(shown, Round)
    assert [Vote(0, shown.real, side).fooled for side in SIDES] == [side != shown.real for side in SIDES]
