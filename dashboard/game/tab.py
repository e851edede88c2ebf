"""The "Real or coloured?" tab: a game with two versions of a picture, one with its real colours and one with ours."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import streamlit as st

from colorizer import MODELS, Colorizer, ColorizerError, Look
from dashboard.game.choose import Pictures, choose_set
from dashboard.game.classroom.page import draw_classroom, draw_join_form, start_classroom
from dashboard.game.pairs import Pair, make_pair
from dashboard.game.result import draw_result
from dashboard.game.round import draw_round
from dashboard.game.rounds import Round, Side, Vote, draw_rounds
from dashboard.game.statistics import tally_votes
from dashboard.navigation import TAB_KEY
from dashboard.shared.controls import choose_model
from dashboard.shared.errors import show_error
from dashboard.shared.models import cached_colorizer

GAME_TAB = ":material/quiz: Real or coloured?"
SOLO_KEY = "game-solo"
GLIMPSE_SECONDS = 1.0  # as in the paper
_VIEWING_TIMES = {"1 second": GLIMPSE_SECONDS, "As long as I like": None}
_LOOKS = {"Faithful": Look(vividness=0.0), "Vivid": Look(vividness=1.0)}

_HOW_IT_WORKS = """
**Which one is real?** You see a photograph twice: once with its real colours, once with colours that our program made
up. Both have the same lightness. Say which is real. If you are wrong, the program has fooled you.
"""


@dataclass
class SingleGame:
    """The game of one person, in memory only. `ours`: caption of our version. `name`: unique identifier of a game."""

    pairs: list[Pair]
    ours: str
    seconds: float | None
    rounds: tuple[Round, ...] = ()
    votes: list[Vote] = field(default_factory=list)
    name: str = ""

    def begin(self) -> None:
        """Start a new game with newly drawn rounds."""
        self.name = secrets.token_hex(8)
        self.rounds, self.votes = draw_rounds(secrets.randbits(32), len(self.pairs)), []

    def keep(self, number: int, chosen: Side) -> None:
        """Save the choice of a round, unless that round already has one."""
        if number == len(self.votes):
            self.votes.append(Vote(self.rounds[number].picture, self.rounds[number].real, chosen))


def open_by_link() -> None:
    """Show this tab first to visitors who open the link of a class. Call it before the tabs are drawn."""
    if "class" in st.query_params:
        st.session_state.setdefault(TAB_KEY, GAME_TAB)


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
        time = st.radio("Show the pictures for", list(_VIEWING_TIMES), key="game-time", persist_state="page")
        model = choose_model(key="game-model")
        colors = st.radio("Our colours", list(_LOOKS), key="game-colours", persist_state="page")
    with stage:
        st.markdown(_HOW_IT_WORKS)
        pictures = choose_set()
        colorizer = _find_colorizer(model)
        ready = bool(pictures) and colorizer is not None
        with st.container(horizontal=True):
            play = st.button("Play", icon=":material/play_arrow:", type="primary", disabled=not ready)
            teach = st.button(
                "Start a class",
                icon=":material/groups:",
                help="You get a code. Everyone who enters it plays with these pictures. You see the class's results.",
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
        with st.spinner(f"Colouring with {spec.title}"):
            pairs = [make_pair(name, picture, colorizer, look) for name, picture in pictures.items()]
        if teach:
            start_classroom(pairs, model=spec.name, seconds=seconds)
        else:
            single_game = SingleGame(pairs, f"Coloured by {spec.title}", seconds)
            single_game.begin()
            st.session_state[SOLO_KEY] = single_game
    except ColorizerError as error:
        show_error(error, spec)
    else:
        st.rerun()


@st.fragment
def _play(single_game: SingleGame) -> None:
    """Draw the game. A fragment, so that a choice redraws nothing else."""
    number = len(single_game.votes)
    if number < len(single_game.rounds):
        st.markdown(f"Round **{number + 1}** of {len(single_game.rounds)}")
        shown = single_game.rounds[number]
        draw_round(
            single_game.pairs[shown.picture],
            shown,
            game=single_game.name,
            number=number,
            seconds=single_game.seconds,
            keep=single_game.keep,
        )
    else:
        draw_result(tally_votes(single_game.votes), single_game.pairs.__getitem__, single_game.ours)
        st.button("Play again", icon=":material/replay:", type="primary", on_click=single_game.begin)
    if st.button("Other pictures" if number == len(single_game.rounds) else "Stop", icon=":material/arrow_back:"):
        del st.session_state[SOLO_KEY]
        st.rerun()
