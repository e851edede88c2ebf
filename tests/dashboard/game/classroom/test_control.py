"""What the teacher alone may do with a class: the lock, removed players, links for another device."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dashboard.game.classroom.records import ClassroomEnded, ClassroomLocked, LinkUsed, PlayerProgress, PlayerRemoved
from dashboard.game.classroom.sessions import Classrooms
from dashboard.game.statistics import Rate, combine_tallies
from tests.support.classroom import PAIRS, play


@pytest.fixture
def other_key(sessions: Classrooms) -> str:
    """The key of another class's teacher, which no method may take."""
    return sessions.start(PAIRS, model="compact", seconds=1.0)[1]


def start(sessions: Classrooms) -> tuple[str, str]:
    return sessions.start(PAIRS, model="compact", seconds=1.0)


def test_nobody_joins_a_locked_class_and_all_who_have_joined_play_on(sessions: Classrooms) -> None:
    code, key = start(sessions)
    player = sessions.join(code)
    control = sessions.control(code, key)
    control.lock(True)
    assert sessions.info(code).locked
    with pytest.raises(ClassroomLocked, match="the teacher has locked this one"):
        sessions.join(code)
    sessions.vote(code, player, 0, "A")
    control.lock(False)
    assert not sessions.info(code).locked
    assert sessions.join(code)


def test_a_removed_player_is_told_and_leaves_no_vote(sessions: Classrooms) -> None:
    code, key = start(sessions)
    stays, goes = play(sessions, code), play(sessions, code)
    control = sessions.control(code, key)
    assert control.list_players() == [PlayerProgress(1, 5), PlayerProgress(2, 5)]
    control.remove_player(2)
    assert control.list_players() == [PlayerProgress(1, 5)]
    refused: list[Callable[[], object]] = [
        lambda: sessions.player(code, goes),
        lambda: sessions.vote(code, goes, 0, "A"),
    ]
    for each in refused:
        with pytest.raises(PlayerRemoved, match="the teacher has removed you"):
            each()
    players, tallies = sessions.tally(code)
    assert players == 1
    fooled = sum(vote.fooled for vote in sessions.player(code, stays).votes)
    assert combine_tallies(tallies) == Rate(fooled, 5)
    assert {vote.player for vote in sessions.list_votes(code)} == {1}


def test_a_number_is_not_given_twice_and_a_place_is_free_again(
    sessions: Classrooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.game.classroom.sessions.MAX_PLAYERS", 2)
    code, key = start(sessions)
    for _ in range(2):
        sessions.join(code)
    sessions.control(code, key).remove_player(2)
    assert sessions.player(code, sessions.join(code)).number == 3


def test_a_link_opens_the_class_once(sessions: Classrooms) -> None:
    code, key = start(sessions)
    link = sessions.control(code, key).make_link_key()
    with pytest.raises(ClassroomEnded):
        sessions.control(code, link).check()  # as it stands it opens nothing
    other_device = sessions.control(code, link).redeem()
    for each in (key, other_device):
        sessions.control(code, each).check()
    for used in (link, key, other_device, ""):
        with pytest.raises(LinkUsed, match="was used or replaced"):
            sessions.control(code, used).redeem()


def test_a_new_link_replaces_an_unused_one_and_no_used_one(sessions: Classrooms) -> None:
    code, key = start(sessions)
    control = sessions.control(code, key)
    used = sessions.control(code, control.make_link_key()).redeem()
    replaced, newest = control.make_link_key(), control.make_link_key()
    with pytest.raises(LinkUsed):
        sessions.control(code, replaced).redeem()
    for each in (used, sessions.control(code, newest).redeem()):
        sessions.control(code, each).check()


def test_every_method_asks_for_the_key(sessions: Classrooms, code: str, other_key: str) -> None:
    player = sessions.join(code)
    for wrong in (other_key, player, ""):
        control = sessions.control(code, wrong)
        refused: list[Callable[[], object]] = [
            control.check,
            control.list_players,
            control.make_link_key,
            control.end,
            lambda control=control: control.lock(True),  # type: ignore[misc]
            lambda control=control: control.remove_player(1),  # type: ignore[misc]
        ]
        for each in refused:
            with pytest.raises(ClassroomEnded):
                each()
    assert not sessions.info(code).locked
    assert sessions.player(code, player).number == 1
