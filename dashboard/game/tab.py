"""The "Real or coloured?" tab: a game with two versions of a picture, one with its real colours and one with ours."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import streamlit as st

from colorizer import MODELS, Colorizer, ColorizerError, Look
from dashboard.game.choose import Pictures, choose_set
from dashboard.game.classroom.page import draw_classroom, draw_join_form, start_classroom
from dashboard.game.pairs import Pair, make_pair
from dashboard.game.reason import explain_difference
from dashboard.game.result import draw_result
from dashboard.game.round import Answer, draw_round
from dashboard.game.rounds import Round, Side, Vote, draw_rounds
from dashboard.game.statistics import tally_votes
from dashboard.shared.controls import choose_model
from dashboard.shared.errors import show_error
from dashboard.shared.language import mark, tr
from dashboard.shared.models import cached_colorizer

SOLO_KEY = "game-solo"
GLIMPSE_SECONDS = 1.0  # as in the paper
_VIEWING_TIMES = {mark("1 second"): GLIMPSE_SECONDS, mark("As long as I like"): None}
_LOOKS = {mark("Faithful"): Look(vividness=0.0), mark("Bold"): Look(vividness=1.0)}

_HOW_IT_WORKS = mark(
    "**Which one is real?** You see a photograph twice: once with its real colours, once with colours that our program "
    "made up. Both have the same lightness. Say which is real. If you are wrong, the program has fooled you."
)


@dataclass
class SingleGame:
    """The game of one person, in memory only. `model`: title of the one that coloured. `name`: unique identifier.

    `is_answered`: the page shows the answer to the last vote.
    """

    pairs: list[Pair]
    model: str
    seconds: float | None
    rounds: tuple[Round, ...] = ()
    votes: list[Vote] = field(default_factory=list)
    name: str = ""
    is_answered: bool = False

    def begin(self) -> None:
        """Start a new game with newly drawn rounds."""
        self.name = secrets.token_hex(8)
        self.rounds, self.votes = draw_rounds(secrets.randbits(32), len(self.pairs)), []
        self.is_answered = False

    def keep(self, number: int, chosen: Side) -> None:
        """Save the choice of a round, unless that round already has one."""
        if number == len(self.votes):
            self.votes.append(Vote(self.rounds[number].picture, self.rounds[number].real, chosen))
            self.is_answered = True

    def proceed(self) -> None:
        """Leave the answer, for the next round or the result."""
        self.is_answered = False


def render() -> None:
    """Draw the tab."""
    if "class" in st.query_params:
        draw_classroom()
    elif (single_game := st.session_state.get(SOLO_KEY)) is not None:
        _play(single_game)
    else:
        _choose()


def _choose() -> None:
    """Draw the choice of pictures and settings, and the buttons to play alone, start a class or join one."""
    stage, controls = st.columns([3, 1], gap="medium")
    with controls:
        time = st.radio(
            tr("Show the pictures for"), list(_VIEWING_TIMES), format_func=tr, key="game-time", persist_state="page"
        )
        model = choose_model(key="game-model")
        colors = st.radio(tr("Our colours"), list(_LOOKS), format_func=tr, key="game-colours", persist_state="page")
    with stage:
        st.markdown(tr(_HOW_IT_WORKS))
        pictures = choose_set()
        colorizer = _find_colorizer(model)
        ready = bool(pictures) and colorizer is not None
        with st.container(horizontal=True):
            play = st.button(tr("Play"), icon=":material/play_arrow:", type="primary", disabled=not ready)
            teach = st.button(
                tr("Start a class"),
                icon=":material/groups:",
                help=tr(
                    "You get a code. Everyone who enters it plays with these pictures. You see the class's results."
                ),
                disabled=not ready,
            )
        if colorizer is not None and (play or teach):
            _start_game(pictures, colorizer, _LOOKS[colors], _VIEWING_TIMES[time], teach=teach)
        draw_join_form()


def _find_colorizer(model: str) -> Colorizer | None:
    """The colorizer, or None after showing the error and its remedy on the page."""
    try:
        return cached_colorizer(model)
    except ColorizerError as error:
        show_error(error, MODELS[model], key="game-fetch")
        return None


def _start_game(pictures: Pictures, colorizer: Colorizer, look: Look, seconds: float | None, *, teach: bool) -> None:
    spec = colorizer.spec
    try:
        with st.spinner(tr("Colouring with {model}", model=spec.title)):
            pairs = [make_pair(name, picture, colorizer, look) for name, picture in pictures.items()]
        if teach:
            start_classroom(pairs, model=spec.name, seconds=seconds)
        else:
            single_game = SingleGame(pairs, spec.title, seconds)
            single_game.begin()
            st.session_state[SOLO_KEY] = single_game
    except ColorizerError as error:
        show_error(error, spec)
    else:
        st.rerun()


@st.fragment
def _play(single_game: SingleGame) -> None:
    """Draw the game. A fragment, so that a choice redraws nothing else."""
    ours = tr("Coloured by {model}", model=single_game.model)
    is_over = len(single_game.votes) == len(single_game.rounds) and not single_game.is_answered
    if is_over:
        draw_result(tally_votes(single_game.votes), single_game.pairs.__getitem__, ours)
        st.button(tr("Play again"), icon=":material/replay:", type="primary", on_click=single_game.begin)
    else:
        _draw_round(single_game, ours)
    if st.button(tr("Other pictures") if is_over else tr("Stop"), icon=":material/arrow_back:"):
        del st.session_state[SOLO_KEY]
        st.rerun()


def _draw_round(single_game: SingleGame, ours: str) -> None:
    """Draw the round that is played, or the last one with its answer."""
    number = len(single_game.votes) - single_game.is_answered
    shown = single_game.rounds[number]
    pair = single_game.pairs[shown.picture]
    st.markdown(tr("Round **{number}** of {all}", number=number + 1, all=len(single_game.rounds)))
    answer = None
    if single_game.is_answered:
        is_last = number + 1 == len(single_game.rounds)
        following = tr("See how you did") if is_last else tr("Next picture")
        chosen = single_game.votes[number].chosen
        answer = Answer(chosen, explain_difference(pair), ours, following, single_game.proceed)
    draw_round(
        pair,
        shown,
        game=single_game.name,
        number=number,
        seconds=single_game.seconds,
        keep=single_game.keep,
        answer=answer,
    )
