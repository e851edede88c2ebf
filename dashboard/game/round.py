"""A round on the page: two versions of a picture, shown for some seconds or without limit, and the choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError
from dashboard.components.base import COMPONENTS, FRAME_CSS, SHARED_JS, component, register_media
from dashboard.game.pairs import Pair, disguise
from dashboard.game.rounds import SIDES, Round, Side
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr

_HERE = Path(__file__).parent
_SHOWN_KEY = "game-shown"

_HTML = """
<div class="game" role="group" tabindex="-1">
  <div class="frame a"><span class="letter" aria-hidden="true">A</span><div class="layer"></div>
    <span class="label" hidden></span></div>
  <div class="frame b"><span class="letter" aria-hidden="true">B</span><div class="layer"></div>
    <span class="label" hidden></span></div>
  <button class="show" type="button" hidden></button>
  <button class="choose a" type="button" data-side="A" disabled></button>
  <button class="choose b" type="button" data-side="B" disabled></button>
  <button class="next" type="button" hidden></button>
</div>
<p class="how" aria-live="polite"></p>
<p class="how keys"></p>
<p class="failure" role="alert" hidden></p>
"""


@dataclass(frozen=True)
class Answer:
    """What the page tells after a vote. `ours`: caption of our version. `following`: label of the button that ends it.

    `proceed`: called when that button is pressed, before the rerun.
    """

    chosen: Side
    reason: str
    ours: str
    following: str
    proceed: Callable[[], None]


@dataclass
class _ShownRound:
    """The files of the current round. They stay the same during a round, so that a rerun does not show them again.

    `refused`: errors of choices that could not be saved. After each error the player can choose again.
    """

    game: str
    number: int
    files: dict[Side, bytes]
    refused: list[ColorizerError] = field(default_factory=list)


def draw_round(
    pair: Pair,
    shown: Round,
    *,
    game: str,
    number: int,
    seconds: float | None,
    keep: Callable[[int, Side], None],
    answer: Answer | None = None,
) -> None:
    """Show both versions and two buttons, or the answer and one button.

    Args:
        pair: both versions of the picture.
        shown: the round; its `real` side is not sent to the browser before the answer.
        game: unique identifier of the game.
        number: of the round, from 0.
        seconds: how long the pictures are shown after a press of a button, or None to show them until the choice.
        keep: called with the number of the round and the chosen side, before the rerun. If it raises a
            ColorizerError, the error is shown.
        answer: after the vote, if the player is to see it at once.
    """
    kept = _round_files(pair, shown, game, number)

    def chosen() -> None:
        choice = st.session_state["game-round"]["choice"]
        if choice["side"] not in SIDES:  # a manipulated page can send anything
            raise ValueError(f"expected a side of {SIDES}, got {choice['side']!r}")
        try:
            keep(int(choice["round"]), choice["side"])
        except ColorizerError as error:
            kept.refused.append(error)

    if kept.refused:
        show_error(kept.refused[-1], MODELS[DEFAULT_MODEL])
    paths = {side: register_media(kept.files[side], f"game.{side}") for side in SIDES}
    component(
        "round",
        html=_HTML,
        css=(FRAME_CSS, COMPONENTS / "button.css", _HERE / "round.css"),
        js=(SHARED_JS, _HERE / "round.js"),
    )(
        key="game-round",
        data={
            "pictures": [{"path": paths[side], "label": tr("Version {side}", side=side)} for side in SIDES],
            "ratio": pair.width / pair.height,
            "width": pair.width,
            "seconds": seconds,
            "round": number,
            "refused": len(kept.refused),
            "words": _words(seconds),
            **({} if answer is None else {"answer": _answer_data(shown, answer)}),
        },
        on_choice_change=chosen,
        on_next_change=_ignore if answer is None else answer.proceed,
    )


def _ignore() -> None:
    """Do nothing: there is no answer to leave."""


def _answer_data(shown: Round, answer: Answer) -> dict[str, object]:
    if answer.chosen == shown.real:
        verdict = tr("Right: {side} has the real colours.", side=shown.real)
    else:
        verdict = tr("You were fooled: {side} has the real colours.", side=shown.real)
    captions = {side: tr("Real colours") if side == shown.real else answer.ours for side in SIDES}
    return {"real": shown.real, "captions": captions, "text": f"{verdict} {answer.reason}", "next": answer.following}


def _words(seconds: float | None) -> dict[str, object]:
    return {
        "group": tr("Two versions of one picture"),
        "choose": {"A": tr("A is real"), "B": tr("B is real")},
        "show": "" if seconds is None else _show_words(seconds),
        "keys": tr("With the keyboard: A or B, or the arrows left and right."),
        "failure": tr("The pictures could not be shown. Reload the page to try again."),
        "loading": tr("The pictures are loading."),
        "ready": tr("Look at both. They disappear by themselves, then you choose."),
        "shown": tr("Which one has its real colours?"),
        "hidden": tr("Which one had its real colours?"),
        "sent": tr("Your vote is being saved."),
    }


def _show_words(seconds: float) -> str:
    if seconds == 1:
        return tr("Show them for 1 second")
    return tr("Show them for {seconds} seconds", seconds=seconds)


def _round_files(pair: Pair, shown: Round, game: str, number: int) -> _ShownRound:
    kept: _ShownRound | None = st.session_state.get(_SHOWN_KEY)
    if kept is None or (kept.game, kept.number) != (game, number):
        real, ours = disguise(pair)
        kept = _ShownRound(game, number, {side: real if side == shown.real else ours for side in SIDES})
        st.session_state[_SHOWN_KEY] = kept
    return kept
