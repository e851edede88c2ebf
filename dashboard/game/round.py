"""A round on the page: two versions of a picture, shown for some seconds or without limit, and the choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError
from dashboard.components.base import FRAME_CSS, SHARED_JS, component, register_media
from dashboard.game.pairs import Pair, disguise
from dashboard.game.rounds import SIDES, Round, Side
from dashboard.shared.errors import show_error

_HERE = Path(__file__).parent
_SHOWN_KEY = "game-shown"

_HTML = """
<div class="game" role="group" aria-label="Two versions of one picture" tabindex="-1">
  <div class="frame a"><span class="letter" aria-hidden="true">A</span><div class="layer"></div></div>
  <div class="frame b"><span class="letter" aria-hidden="true">B</span><div class="layer"></div></div>
  <button class="show" type="button" hidden></button>
  <button class="choose a" type="button" data-side="A" disabled>A is real</button>
  <button class="choose b" type="button" data-side="B" disabled>B is real</button>
</div>
<p class="how" aria-live="polite"></p>
<p class="how keys">With the keyboard: A or B.</p>
<p class="failure" role="alert" hidden>The pictures could not be shown. Reload the page to try again.</p>
"""


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
    pair: Pair, shown: Round, *, game: str, number: int, seconds: float | None, keep: Callable[[int, Side], None]
) -> None:
    """Show both versions and two buttons.

    Args:
        pair: both versions of the picture.
        shown: the round; its `real` side is not sent to the browser.
        game: unique identifier of the game.
        number: of the round, from 0.
        seconds: how long the pictures are shown after a press of a button, or None to show them until the choice.
        keep: called with the number of the round and the chosen side, before the rerun. If it raises a
            ColorizerError, the error is shown.
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
        css=(FRAME_CSS, _HERE / "round.css"),
        js=(SHARED_JS, _HERE / "round.js"),
    )(
        key="game-round",
        data={
            "pictures": [{"path": paths[side], "label": f"Version {side}"} for side in SIDES],
            "ratio": pair.width / pair.height,
            "width": pair.width,
            "seconds": seconds,
            "round": number,
            "refused": len(kept.refused),
        },
        on_choice_change=chosen,
    )


def _round_files(pair: Pair, shown: Round, game: str, number: int) -> _ShownRound:
    kept: _ShownRound | None = st.session_state.get(_SHOWN_KEY)
    if kept is None or (kept.game, kept.number) != (game, number):
        real, ours = disguise(pair)
        kept = _ShownRound(game, number, {side: real if side == shown.real else ours for side in SIDES})
        st.session_state[_SHOWN_KEY] = kept
    return kept
