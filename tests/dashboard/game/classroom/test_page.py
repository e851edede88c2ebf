"""The pages of a class: who sees what, the lock, and what a removed player is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.game.classroom import page as page_module
from dashboard.game.classroom.page import classrooms
from dashboard.game.classroom.records import LinkUsed
from dashboard.game.classroom.sessions import Classrooms
from dashboard.game.classroom.tab_memory import TabKeys
from dashboard.server.ledger import Ledger
from dashboard.server.settings import CLASS_DATABASE_VARIABLE
from tests.support.classroom import PAIRS

PATIENCE = 60


def script() -> None:
    from dashboard.game.classroom.page import draw_classroom

    draw_classroom()


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch, path: Path) -> Iterator[None]:
    """The pages use the file of `sessions`. The browser does not answer, so a test sets its answer."""
    monkeypatch.setenv(CLASS_DATABASE_VARIABLE, str(path))
    for module in ("tab_memory", "device_link"):
        name = f"dashboard.game.classroom.{module}.component"
        monkeypatch.setattr(name, lambda *_files, **_more: lambda **_data: None)
    classrooms.clear()
    yield
    classrooms.clear()


@pytest.fixture
def teacher(sessions: Classrooms) -> TabKeys:
    code, key = sessions.start(PAIRS, model="compact", seconds=1.0)
    return TabKeys(code, teacher=key)


def open_page(keys: TabKeys, *, answered: bool = True, joining: bool = False, player: str = "") -> AppTest:
    page = AppTest.from_function(script, default_timeout=PATIENCE)
    page.query_params["class"] = keys.code
    if player:
        page.query_params["player"] = player
    if answered:
        page.session_state["class-keys"] = keys
    if joining:
        page.session_state["class-joining"] = keys.code
    return page.run()


def words(page: AppTest) -> str:
    return "\n".join(each.value for each in (*page.markdown, *page.error))


def test_until_the_browser_answers_nobody_is_anybody(teacher: TabKeys) -> None:
    page = open_page(teacher, answered=False)
    assert words(page) == "The class is being opened."
    assert not page.button


def test_a_teacher_locks_and_unlocks(teacher: TabKeys, sessions: Classrooms) -> None:
    page = open_page(teacher)
    page.button(key="class-lock").click().run()
    assert sessions.info(teacher.code).locked
    assert "nobody else can join" in words(page)
    late = open_page(TabKeys(teacher.code), joining=True)
    assert "the teacher has locked this one" in words(late)
    page.button(key="class-lock").click().run()
    assert not sessions.info(teacher.code).locked


def test_a_removed_player_leaves_the_board_and_is_told(teacher: TabKeys, sessions: Classrooms) -> None:
    goes, stays = (sessions.join(teacher.code) for _ in range(2))
    page = open_page(teacher)
    page.toggle(key="class-players").set_value(True).run()
    page.button(key="class-remove-1").click().run()
    assert "Player 1:" not in words(page)
    assert "Player 2: 0 of 5 votes" in words(page)
    removed = "the teacher has removed you"
    assert removed in words(open_page(TabKeys(teacher.code), player=goes))
    again = TabKeys(teacher.code, player=goes)  # in the same tab of the browser
    assert removed in words(open_page(again, joining=True))
    assert sessions.tally(teacher.code)[0] == 1
    assert sessions.player(teacher.code, stays).number == 2


def test_a_button_that_fails_says_why(teacher: TabKeys, sessions: Classrooms) -> None:
    page = open_page(teacher)
    sessions.control(teacher.code, teacher.teacher).end()
    page.button(key="class-lock").click().run()
    assert not page.exception
    assert "this class has ended" in words(page)


def test_a_link_for_another_device_is_nowhere_in_the_words(teacher: TabKeys, sessions: Classrooms) -> None:
    page = open_page(teacher)
    page.button(key="class-link-make").click().run()
    _, key = page.session_state["class-link"]
    assert key not in words(page)
    assert sessions.control(teacher.code, key).redeem()


def test_a_link_that_was_used_opens_nothing(teacher: TabKeys) -> None:
    page = open_page(TabKeys(teacher.code, failure=LinkUsed()))
    assert "was used or replaced" in words(page)
    assert [button.label for button in page.button] == ["Back"]
    page.button(key="class-leave").click().run()
    assert "class-keys" not in page.session_state


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is used up yet, and what a page may do twice, it may do once more after a long time only."""
    monkeypatch.setattr(page_module, "LEDGER", Ledger(clock=lambda: 0.0))
    for name in ("CLASSES", "JOINS", "GUESSES"):
        monkeypatch.setenv(f"COLORIZER_SESSION_{name}", "2")


@pytest.mark.usefixtures("ledger")
def test_one_page_cannot_fill_a_class(teacher: TabKeys, sessions: Classrooms) -> None:
    answers = [words(open_page(TabKeys(teacher.code), joining=True)) for _ in range(4)]
    assert [("expected at most 2 joins of a class an hour" in answer.lower()) for answer in answers] == [
        False,
        False,
        True,
        True,
    ]
    assert sessions.tally(teacher.code)[0] == 2


@pytest.mark.usefixtures("ledger")
def test_codes_cannot_be_guessed_again_and_again(teacher: TabKeys) -> None:
    wrong = [words(open_page(TabKeys("ZZZZZZ"))) for _ in range(3)]
    assert [("expected at most 2 wrong codes an hour" in answer.lower()) for answer in wrong] == [False, False, True]
    assert "wrong codes an hour" in words(open_page(TabKeys(teacher.code)))  # or a right guess would tell


def start_two_classes() -> None:
    import streamlit as st

    from colorizer import ColorizerError
    from dashboard.game.classroom.page import start_classroom
    from tests.support.classroom import PAIRS

    if st.button("Start"):
        try:
            start_classroom(PAIRS, model="compact", seconds=1.0)
        except ColorizerError as error:
            st.error(str(error))


@pytest.mark.usefixtures("ledger")
def test_one_page_cannot_take_all_classes() -> None:
    page = AppTest.from_function(start_two_classes, default_timeout=PATIENCE).run()
    errors = [[each.value for each in page.button[0].click().run().error] for _ in range(3)]
    assert errors[:2] == [[], []]
    assert "expected at most 2 new classes a day" in errors[2][0]
