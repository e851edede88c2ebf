"""A class session on the page: the form to join, and the rounds of a player."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError
from dashboard.game.classroom.keys import normalize_code
from dashboard.game.classroom.records import ClassroomEnded
from dashboard.game.classroom.sessions import Classrooms
from dashboard.game.classroom.tab_memory import TabKeys, draw_tab_memory, forget_keys, get_keys, set_keys
from dashboard.game.classroom.teacher import draw_teacher
from dashboard.game.pairs import Pair
from dashboard.game.result import draw_result
from dashboard.game.round import draw_round
from dashboard.game.statistics import tally_votes
from dashboard.navigation import CLASS_PARAMETER
from dashboard.server.budgets import CLASSES, GUESSES, JOINS
from dashboard.server.ledger import LEDGER
from dashboard.server.session import current_visitor
from dashboard.server.settings import class_database_path
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr, trn

PLAYER = "player"  # beside CLASS_PARAMETER in the query string of the URL
_JOINING = "class-joining"  # the code of the class that the visitor wants to join


@st.cache_resource(show_spinner=False)
def classrooms() -> Classrooms:
    """The class sessions, shared by the whole process. Raises DatabaseError if the file cannot be created."""
    sessions = Classrooms(class_database_path())
    sessions.watch()
    return sessions


def start_classroom(pairs: Sequence[Pair], *, model: str, seconds: float | None) -> None:
    """Start a class and make this page its teacher's page. Raises DatabaseError, ClassroomFull, OverBudget."""
    LEDGER.spend(CLASSES, current_visitor())
    code, key = classrooms().start(pairs, model=model, seconds=seconds)
    set_keys(TabKeys(code, teacher=key))
    _show_in_address(code)


def draw_join_form(code: str = "") -> None:
    """Draw the field for a code. `code`: the code in the link that the visitor opened."""
    with st.form("class-join", border=False, enter_to_submit=True):
        st.markdown(tr("**Is your class playing?** Enter its code. No name is needed."))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            typed = st.text_input(tr("Code of the class"), value=code, width=180, autocomplete="off")
            joined = st.form_submit_button(tr("Join"), icon=":material/login:")
    if joined:
        st.session_state[_JOINING] = tidy = normalize_code(typed)
        _show_in_address(tidy)
        st.rerun()


def draw_classroom() -> None:
    """Draw the class in the page's URL: the teacher's page, a player's page or the form to join."""
    code = normalize_code(st.query_params[CLASS_PARAMETER])
    draw_tab_memory(code, redeem=lambda link: classrooms().control(code, link).redeem())
    keys = get_keys(code)
    try:
        if PLAYER in st.query_params:
            _play(code, st.query_params[PLAYER])
        elif keys is None:
            st.markdown(tr("The class is being opened."))
        elif keys.failure is not None:
            raise keys.failure
        elif keys.teacher:
            draw_teacher(classrooms(), code, keys.teacher, leave=_leave)
        elif st.session_state.pop(_JOINING, None) == code:
            _join(keys)
        else:
            _require_class(code)
            draw_join_form(code)
            _leave_button(tr("Back"))
    except ColorizerError as error:
        show_error(error, MODELS[DEFAULT_MODEL])
        _leave_button(tr("Back"))


def _join(keys: TabKeys) -> None:
    """Join the class and open the player's page. Raises PlayerRemoved for a tab whose last player was removed."""
    if keys.player:
        classrooms().player(keys.code, keys.player)
    _require_class(keys.code)
    LEDGER.spend(JOINS, current_visitor())
    keys.player = classrooms().join(keys.code)
    _show_in_address(keys.code, keys.player)
    st.rerun()


def _require_class(code: str) -> None:
    """Raises ClassroomEnded unless there is such a class. Each wrong code counts as a guess; after many, OverBudget."""
    visitor = current_visitor()
    LEDGER.require(GUESSES, visitor)
    try:
        classrooms().info(code)
    except ClassroomEnded:
        LEDGER.spend(GUESSES, visitor)
        raise


@st.fragment
def _play(code: str, key: str) -> None:
    """Draw the player's rounds, then the result. A fragment, so that a vote redraws nothing else."""
    try:
        _rounds(code, key)
    except ColorizerError as error:
        show_error(error, MODELS[DEFAULT_MODEL])
    _leave_button(tr("Leave the class"))


def _rounds(code: str, key: str) -> None:
    sessions = classrooms()
    info, player = sessions.info(code), sessions.player(code, key)
    number = len(player.votes)
    saved = trn("{n} vote saved", "{n} votes saved", number)
    who = tr("Class {code} · player {number}", code=code, number=player.number)
    if number < len(player.rounds):
        place = tr("round **{number}** of {all}", number=number + 1, all=len(player.rounds))
        st.markdown(f"{who} · {place} · {saved}")
        shown = player.rounds[number]
        draw_round(
            sessions.pair(code, shown.picture),
            shown,
            game=key,
            number=number,
            seconds=info.seconds,
            keep=partial(sessions.vote, code, key),
        )
    else:
        done = tr("**done, {saved}.** This is how you did:", saved=saved)
        st.markdown(f"{who} · {done}")
        ours = tr("Coloured by {model}", model=MODELS[info.model].title)
        draw_result(tally_votes(player.votes), partial(sessions.pair, code), ours)


def _leave_button(label: str) -> None:
    if st.button(label, icon=":material/arrow_back:", key="class-leave"):
        _leave()


def _leave() -> None:
    forget_keys()
    _show_in_address()
    st.rerun()


def _show_in_address(code: str = "", player: str = "") -> None:
    """Put a class and a player into the page's address, each if there is one; the rest of the address stays."""
    for name, value in ((CLASS_PARAMETER, code), (PLAYER, player)):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)
