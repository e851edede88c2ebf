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
from dashboard.server.budgets import CLASSES, GUESSES, JOINS, LEDGER
from dashboard.server.session import current_visitor
from dashboard.server.settings import class_database_path
from dashboard.shared.errors import show_error

CODE, PLAYER = "class", "player"  # names in the query string of the URL
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
    st.query_params.from_dict({CODE: code})


def draw_join_form(code: str = "") -> None:
    """Draw the field for a code. `code`: the code in the link that the visitor opened."""
    with st.form("class-join", border=False, enter_to_submit=True):
        st.markdown("**Is your class playing?** Enter its code. No name is needed.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            typed = st.text_input("Code of the class", value=code, width=180, autocomplete="off")
            joined = st.form_submit_button("Join", icon=":material/login:")
    if joined:
        st.session_state[_JOINING] = tidy = normalize_code(typed)
        st.query_params.from_dict({CODE: tidy})
        st.rerun()


def draw_classroom() -> None:
    """Draw the class in the page's URL: the teacher's page, a player's page or the form to join."""
    code = normalize_code(st.query_params[CODE])
    draw_tab_memory(code, redeem=lambda link: classrooms().control(code, link).redeem())
    keys = get_keys(code)
    try:
        if PLAYER in st.query_params:
            _play(code, st.query_params[PLAYER])
        elif keys is None:
            st.markdown("The class is being opened.")
        elif keys.failure is not None:
            raise keys.failure
        elif keys.teacher:
            draw_teacher(classrooms(), code, keys.teacher, leave=_leave)
        elif st.session_state.pop(_JOINING, None) == code:
            _join(keys)
        else:
            _require_class(code)
            draw_join_form(code)
            _leave_button("Back")
    except ColorizerError as error:
        show_error(error, MODELS[DEFAULT_MODEL])
        _leave_button("Back")


def _join(keys: TabKeys) -> None:
    """Join the class and open the player's page. Raises PlayerRemoved for a tab whose last player was removed."""
    if keys.player:
        classrooms().player(keys.code, keys.player)
    _require_class(keys.code)
    LEDGER.spend(JOINS, current_visitor())
    keys.player = classrooms().join(keys.code)
    st.query_params.from_dict({CODE: keys.code, PLAYER: keys.player})
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
    _leave_button("Leave the class")


def _rounds(code: str, key: str) -> None:
    sessions = classrooms()
    info, player = sessions.info(code), sessions.player(code, key)
    number = len(player.votes)
    saved = "1 vote saved" if number == 1 else f"{number} votes saved"
    if number < len(player.rounds):
        place = f"round **{number + 1}** of {len(player.rounds)}"
        st.markdown(f"Class {code} · player {player.number} · {place} · {saved}")
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
        st.markdown(f"Class {code} · player {player.number} · **done, {saved}.** This is how you did:")
        ours = f"Coloured by {MODELS[info.model].title}"
        draw_result(tally_votes(player.votes), partial(sessions.pair, code), ours)


def _leave_button(label: str) -> None:
    if st.button(label, icon=":material/arrow_back:", key="class-leave"):
        _leave()


def _leave() -> None:
    forget_keys()
    st.query_params.clear()
    st.rerun()
