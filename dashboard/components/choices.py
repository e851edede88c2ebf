"""Small pictures to choose one of: a group of radio buttons, by mouse, finger or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.components.base import COMPONENTS, SHARED_JS, component, register_media

_HTML = '<div class="choices" role="radiogroup"></div>'


@dataclass(frozen=True)
class Choice:
    """`label`: shown below the picture, and its name for screen readers. `picture`: an encoded JPEG, PNG or WebP."""

    label: str
    picture: bytes


def choose_picture(
    choices: Sequence[Choice],
    *,
    label: str,
    chosen: int | None,
    key: str,
    on_choose: Callable[[int], None],
    columns: int | None = None,
) -> None:
    """Draw the pictures in a row, or in several.

    Args:
        choices: the pictures, in their order.
        label: what is chosen, for screen readers.
        chosen: the number of the one that is marked, from 0; None if none is.
        key: unique in the app, like any widget's key.
        on_choose: called with the number of the one that the user chose, before the rerun.
        columns: the pictures in a row; None: all of them.
    """

    def notify() -> None:
        number = st.session_state[key]["chosen"]
        if number in range(len(choices)):
            on_choose(number)

    component("choices", html=_HTML, css=(COMPONENTS / "choices.css",), js=(SHARED_JS, COMPONENTS / "choices.js"))(
        key=key,
        data={
            "label": label,
            "choices": [
                {"label": choice.label, "path": register_media(choice.picture, f"choices.{key}.{number}")}
                for number, choice in enumerate(choices)
            ],
            "chosen": chosen,
            "columns": columns or len(choices),
        },
        on_chosen_change=notify,
    )
