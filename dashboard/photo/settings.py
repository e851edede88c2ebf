"""The settings of the Photo tab: the keys of its widgets, which the page's address has too, and their defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from colorizer import DEFAULT_MODEL, Look, Restoration
from colorizer.recipe import PhotoSettings
from dashboard.shared.file_controls import RESTORATION_SWITCHES

MODEL, AMOUNT, BOLD, WARMTH, VARIANT, DOUBT, PAINTS = "model", "amount", "bold", "warmth", "answer", "doubt", "paints"
RESTORATION, ENCODING, MARKS = "old", "file", "file-"  # begin the keys of several widgets
_RESTORATION_KEYS = {name: f"{RESTORATION}-{name}" for name in RESTORATION_SWITCHES}


@dataclass(frozen=True)
class Chosen:
    """What the panel's widgets say.

    `label`: whether files tell how they were made. `shows_doubt`: whether the page shows where the network is unsure.
    `paints`: whether the page shows what is filled, to change it by hand.
    """

    settings: PhotoSettings
    model: str
    label: bool
    shows_doubt: bool
    paints: bool


def put_look(look: Look) -> None:
    """Move the sliders of the look. Call it before they are drawn, as in a callback."""
    st.session_state.update({AMOUNT: look.strength, BOLD: look.vividness, WARMTH: look.warmth})


def get_restoration() -> Restoration:
    """What the check boxes for an old photograph say, also before they are drawn."""
    switches: dict[str, Any] = {name: bool(st.session_state.get(key)) for name, key in _RESTORATION_KEYS.items()}
    return Restoration(**switches)


def put_restoration(restoration: Restoration) -> None:
    """Set the check boxes for an old photograph. Call it before they are drawn, as in a callback."""
    st.session_state.update({key: getattr(restoration, name) for name, key in _RESTORATION_KEYS.items()})


def put_settings(settings: PhotoSettings, model: str = DEFAULT_MODEL, *, label: bool = True) -> None:
    """Set all widgets. Call it before they are drawn, as in a callback."""
    put_look(settings.look)
    put_restoration(settings.restoration)
    values: dict[str, Any] = {
        MODEL: model,
        VARIANT: settings.variant,
        f"{ENCODING}-quality": settings.encoding.quality,
        f"{ENCODING}-subsampling": settings.encoding.subsampling,
        f"{MARKS}caption": settings.caption,
        f"{MARKS}label": label,
        DOUBT: False,
        PAINTS: False,
    }
    st.session_state.update(values)
