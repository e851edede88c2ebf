"""The controls that more than one tab has. `key`: the widget's; each tab has its own."""

from __future__ import annotations

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS
from colorizer.pipeline import MAX_STRENGTH


def choose_model(*, key: str, disabled: bool = False) -> str:
    """Draw the choice of a model; returns its name in `MODELS`."""
    return st.radio(
        "Model",
        list(MODELS),
        index=list(MODELS).index(DEFAULT_MODEL),
        format_func=lambda name: MODELS[name].title,
        captions=[spec.summary for spec in MODELS.values()],
        disabled=disabled,
        key=key,
        persist_state="page",
    )


def choose_strength(*, key: str, disabled: bool = False) -> float:
    """Draw the slider; returns 0 (grey) .. 2."""
    return st.slider(
        "Strength",
        0.0,
        MAX_STRENGTH,
        1.0,
        0.05,
        help="0 is grey, 1 is what the network predicts, more is more vivid.",
        disabled=disabled,
        key=key,
        persist_state="page",
    )


def choose_vividness(*, key: str, disabled: bool = False) -> float:
    """Draw the slider; returns 0 (most faithful) .. 1 (most vivid)."""
    return st.slider(
        "Vividness",
        0.0,
        1.0,
        0.0,
        0.05,
        help="0 plays safe: where the network is unsure, colours are muted. 1 takes the likeliest colours.",
        disabled=disabled,
        key=key,
        persist_state="page",
    )
