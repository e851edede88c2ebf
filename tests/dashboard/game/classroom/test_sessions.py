"""The class sessions: codes and keys, rounds, votes and their tally, and the end of a class."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.game.classroom.keys import ALPHABET, CODE_LENGTH, normalize_code
from dashboard.game.classroom.records import ClassroomEnded, ClassroomFull, ClassroomInfo, RecordedVote
from dashboard.game.classroom.sessions import MAX_AGE_SECONDS, Classrooms
from dashboard.game.pairs import Pair
from dashboard.game.rounds import SIDES, draw_rounds
from dashboard.game.statistics import Rate, Tally, combine_tallies, tally_votes
from tests.support.classroom import PAIRS, play

MARK = b"a mark that is easily found in a file"


class Clock:
    """A clock that a test sets."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_class_keeps_what_it_was_started_with(sessions: Classrooms, path: Path) -> None:
    code, _ = sessions.start(PAIRS, model="zhang2016", seconds=None)
    after_restart = Classrooms(path)
    names = tuple(pair.name for pair in PAIRS)
    assert after_restart.info(code) == ClassroomInfo(code, "zhang2016", None, names)
    assert [after_restart.pair(code, number) for number in range(5)] == PAIRS


def test_codes_are_short_and_have_no_look_alikes(sessions: Classrooms) -> None:
    codes = {sessions.start(PAIRS[:1], model="compact", seconds=1.0)[0] for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) for code in codes)
    for alike in ("0OQD", "1IL", "2Z", "5S", "8B3", "6G", "UV"):
        assert len(set(alike) & set(ALPHABET)) <= 1


@pytest.mark.parametrize("typed", ["ACDEFH", "acdefh", " acd efh ", "ACD-EFH"])
def test_a_code_may_be_typed_as_one_likes(typed: str) -> None:
    assert normalize_code(typed) == "ACDEFH"


def test_votes_are_kept_with_order_sides_and_seed(sessions: Classrooms, code: str) -> None:
    key = play(sessions, code, lambda number: SIDES[number % 2])
    player = sessions.player(code, key)
    (seed,) = {each.seed for each in sessions.list_votes(code)}
    assert player.number == 1
    assert player.rounds == draw_rounds(seed, 5)
    assert [(vote.picture, vote.real) for vote in player.votes] == [(turn.picture, turn.real) for turn in player.rounds]
    assert [vote.chosen for vote in player.votes] == ["A", "B", "A", "B", "A"]
    assert sessions.list_votes(code) == [
        RecordedVote(1, seed, number, vote) for number, vote in enumerate(player.votes, start=1)
    ]


def test_all_players_get_the_same_pictures_in_orders_of_their_own(sessions: Classrooms, code: str) -> None:
    rounds = [sessions.player(code, sessions.join(code)).rounds for _ in range(8)]
    assert all(sorted(turn.picture for turn in each) == list(range(5)) for each in rounds)
    assert len(set(rounds)) > 1


def test_the_joint_rate_is_that_of_all_votes(sessions: Classrooms, code: str) -> None:
    keys = [play(sessions, code, lambda number: SIDES[number // 3]) for _ in range(12)]
    votes = [vote for key in keys for vote in sessions.player(code, key).votes]
    players, tallies = sessions.tally(code)
    assert players == 12
    assert tallies == sorted(tally_votes(votes), key=lambda tally: tally.picture)
    assert combine_tallies(tallies) == Rate(sum(vote.fooled for vote in votes), 60)


def test_the_first_vote_of_a_round_counts(sessions: Classrooms, code: str) -> None:
    key = sessions.join(code)
    for side in SIDES:
        sessions.vote(code, key, 0, side)
    assert [vote.chosen for vote in sessions.player(code, key).votes] == ["A"]


@pytest.mark.parametrize("number", [-1, 1, 5])
def test_a_round_out_of_turn_is_refused(sessions: Classrooms, code: str, number: int) -> None:
    key = sessions.join(code)
    with pytest.raises(ValueError, match=f"expected a round from 0 to 0, got {number}"):
        sessions.vote(code, key, number, "A")
    assert sessions.player(code, key).votes == ()


def test_no_round_comes_after_the_last(sessions: Classrooms, code: str) -> None:
    key = play(sessions, code)
    with pytest.raises(ValueError, match="expected a round from 0 to 4, got 5"):
        sessions.vote(code, key, 5, "A")


def test_keys_open_their_own_class_alone(sessions: Classrooms) -> None:
    (code, key), (other, other_key) = (sessions.start(PAIRS, model="compact", seconds=1.0) for _ in range(2))
    player = sessions.join(code)
    sessions.control(code, key).check()
    refused: list[Callable[[], object]] = [
        lambda: sessions.control(code, other_key).check(),
        lambda: sessions.control(code, player).check(),
        lambda: sessions.control(code, "").check(),
        lambda: sessions.control(code, player).end(),
        lambda: sessions.player(other, player),
        lambda: sessions.player(code, key),
        lambda: sessions.vote(other, player, 0, "A"),
        lambda: sessions.info("NOCODE"),
        lambda: sessions.join("NOCODE"),
    ]
    for each in refused:
        with pytest.raises(ClassroomEnded):
            each()
    assert sessions.info(code).code == code


def files_with_the_mark(path: Path) -> list[Path]:
    return [file for file in path.parent.iterdir() if MARK in file.read_bytes()]


def test_the_end_removes_pictures_and_votes_from_the_disk(sessions: Classrooms, path: Path) -> None:
    pair = Pair("secret.jpg", MARK + bytes(200_000), MARK + bytes(200_000), 4, 3)
    code, key = sessions.start([pair], model="compact", seconds=1.0)
    player = sessions.join(code)
    sessions.vote(code, player, 0, "A")
    assert files_with_the_mark(path)
    sessions.control(code, key).end()
    assert not files_with_the_mark(path)
    assert sum(file.stat().st_size for file in path.parent.iterdir()) < 100_000
    with sqlite3.connect(path) as connection:
        for table in ("class", "picture", "player", "vote"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()
    with pytest.raises(ClassroomEnded):
        sessions.vote(code, player, 0, "A")


def test_an_old_class_is_removed(path: Path) -> None:
    clock = Clock()
    sessions = Classrooms(path, clock=clock)
    old, _ = sessions.start([Pair("old", MARK, MARK, 4, 3)], model="compact", seconds=1.0)
    clock.now += MAX_AGE_SECONDS
    sessions.remove_old()
    assert sessions.info(old)
    clock.now += 1
    young, _ = sessions.start(PAIRS, model="compact", seconds=1.0)
    assert sessions.info(young)
    assert not files_with_the_mark(path)
    with pytest.raises(ClassroomEnded):
        sessions.info(old)


def test_the_watch_removes_by_itself(path: Path) -> None:
    clock = Clock()
    sessions = Classrooms(path, clock=clock)
    code, _ = sessions.start(PAIRS, model="compact", seconds=1.0)
    clock.now += MAX_AGE_SECONDS + 1
    sessions.watch(interval=0.01)
    for _ in range(1000):
        try:
            sessions.info(code)
        except ClassroomEnded:
            return
        threading.Event().wait(0.01)
    raise AssertionError("expected the old class to be removed")


def test_there_is_an_end_to_classes_and_players(sessions: Classrooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.game.classroom.sessions.MAX_CLASSES", 2)
    monkeypatch.setattr("dashboard.game.classroom.sessions.MAX_PLAYERS", 3)
    code, key = sessions.start(PAIRS, model="compact", seconds=1.0)
    sessions.start(PAIRS, model="compact", seconds=1.0)
    with pytest.raises(ClassroomFull, match="at most 2 classes"):
        sessions.start(PAIRS, model="compact", seconds=1.0)
    for _ in range(3):
        sessions.join(code)
    with pytest.raises(ClassroomFull, match="at most 3 players"):
        sessions.join(code)
    sessions.control(code, key).end()
    assert sessions.start(PAIRS, model="compact", seconds=1.0)


def test_without_votes_there_is_no_tally(sessions: Classrooms, code: str) -> None:
    sessions.join(code)
    nothing: list[Tally] = []
    assert sessions.tally(code) == (1, nothing)
    assert sessions.list_votes(code) == []
