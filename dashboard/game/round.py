"""A round on the page: two versions of a picture, for a second or for long, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError
from dashboard.components.base import COMPONENTS, read_assets, register_media
from dashboard.game.pairs import Pair, disguise
from dashboard.game.rounds import SIDES, Round, Side
from dashboard.shared.errors import show_error

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

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
    """What the page shows now: the same files as long as the round lasts, so that no rerun shows them anew.

    `refused`: why choices of this round could not be kept; after each of them one can choose again.
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
        pair: the picture.
        shown: says on which side its true version is; the page is not told.
        game: tells this game from others.
        number: of the round, from 0.
        seconds: for how long, from a press of a button on; None: until the choice.
        keep: called with the number of the round and the side that was chosen, before the rerun. What it raises is
            shown, if it is a ColorizerError.
    """
    kept = _round_files(pair, shown, game, number)

    def chosen() -> None:
        choice = st.session_state["game-round"]["choice"]
        if choice["side"] not in SIDES:  # a page can be made to send anything
            raise ValueError(f"expected a side of {SIDES}, got {choice['side']!r}")
        try:
            keep(int(choice["round"]), choice["side"])
        except ColorizerError as error:
            kept.refused.append(error)

    if kept.refused:
        show_error(kept.refused[-1], MODELS[DEFAULT_MODEL])
    paths = {side: register_media(kept.files[side], f"game.{side}") for side in SIDES}
    _component()(
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


@cache
def _component() -> ComponentRenderer:
    """The registered component; its files are read on first use."""
    return st.components.v2.component(
        "ai_colouriser_round",
        html=_HTML,
        css=read_assets(COMPONENTS / "frame.css", Path(__file__).with_name("round.css")),
        js=read_assets(COMPONENTS / "shared.js", Path(__file__).with_name("round.js")),
    )
