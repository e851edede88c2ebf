"""Controls that several tabs share, with the one list of their names.

`key`: of the widget; each tab has its own. `in_address`: whether the page's address keeps the value, under the key, so
that a reload and a link bring it back.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS
from colorizer.edits.look import MAX_STRENGTH, Look
from colorizer.frames.smoothing import DEFAULT_AMOUNT
from dashboard.shared.language import mark, tr
from dashboard.shared.missing_model import working_model

_LOOK = Look()
_SUMMARIES = {  # by the model's name, for those who choose; the library's own are for those who build
    "compact": mark("Quick. Comes with the program."),
    "zhang2016": mark("More vivid, but about twenty times slower. Its file of 129 MB is fetched once."),
}


def binding(in_address: bool) -> Literal["query-params"] | None:
    """The argument `bind` of a widget."""
    return "query-params" if in_address else None


def choose_model(*, key: str, disabled: bool = False, in_address: bool = False) -> str:
    """Draw the choice of a model; returns its name in `MODELS`.

    While the file of the chosen one is missing, a dialog offers to fetch it, and the one before goes on being returned.
    """
    wanted = st.radio(
        tr("Model"),
        list(MODELS),
        index=list(MODELS).index(DEFAULT_MODEL),
        format_func=lambda name: MODELS[name].title,
        captions=[tr(_SUMMARIES.get(name, spec.summary)) for name, spec in MODELS.items()],
        disabled=disabled,
        key=key,
        bind=binding(in_address),
        persist_state="page",
    )
    return working_model(wanted, key=key)


def choose_strength(*, key: str, disabled: bool = False, in_address: bool = False) -> float:
    """Draw the slider; returns 0 (grey) .. 2."""
    return st.slider(
        tr("Amount"),
        0.0,
        MAX_STRENGTH,
        _LOOK.strength,
        0.05,
        help=tr("How much colour. 0 is grey, 1 is what the program suggests, more is stronger."),
        disabled=disabled,
        key=key,
        bind=binding(in_address),
        persist_state="page",
    )


def choose_vividness(*, key: str, disabled: bool = False, in_address: bool = False) -> float:
    """Draw the slider; returns 0 (most faithful) .. 1 (most vivid)."""
    return st.slider(
        tr("Bold"),
        0.0,
        1.0,
        _LOOK.vividness,
        0.05,
        help=tr("0 plays safe: where the program is unsure, colours are muted. 1 takes the likeliest colours."),
        disabled=disabled,
        key=key,
        bind=binding(in_address),
        persist_state="page",
    )


def choose_warmth(*, key: str, disabled: bool = False, in_address: bool = False) -> float:
    """Draw the slider; returns -1 (cool) .. 1 (warm)."""
    return st.slider(
        tr("Cooler-Warmer"),
        -1.0,
        1.0,
        _LOOK.warmth,
        0.05,
        help=tr("To the left as under a cloudy sky, to the right as in the evening sun."),
        disabled=disabled,
        key=key,
        bind=binding(in_address),
        persist_state="page",
    )


def choose_smoothing(*, key: str, disabled: bool = False) -> float:
    """Draw the slider; returns 0 (each frame's own colours) .. 1 (steadiest)."""
    return st.slider(
        tr("Smoothing"),
        0.0,
        1.0,
        DEFAULT_AMOUNT,
        0.05,
        help=tr("Keeps the colours steady over time. At 0 each frame has its own colours, which may flicker."),
        disabled=disabled,
        key=key,
        persist_state="page",
    )
