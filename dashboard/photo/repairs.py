"""Places of a photograph to repair, painted and erased by hand."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from colorizer import ColorizerError, Stroke
from dashboard.components.hints import Hints, make_brush
from dashboard.components.picker import draw_picker_component
from dashboard.shared.language import tr

INK = "#d03030"  # of the strokes; of their values, only place and width count


def painted(repairs: Hints) -> tuple[Stroke, ...]:
    """The strokes, as `Restoration` has them."""
    return tuple(each for each in repairs.placed if isinstance(each, Stroke))


def draw_repairs(
    repairs: Hints,
    picture: bytes,
    show_error: Callable[[ColorizerError], None],
    *,
    size: tuple[int, int],
    name: str,
    key: str,
) -> None:
    """Draw the picture to paint on. `picture`: encoded. `size`: its width and height in pixels. `name`: of its file."""
    draw_picker_component(
        picture,
        width=size[0],
        height=size[1],
        label=tr("{name}, to paint over what is to be repaired", name=name),
        how=tr("Paint over damage. It is filled from what is around it, and all else stays as it is."),
        key=key,
        hints=repairs.placed,
        brush=make_brush(repairs, ink=INK),
    )
    st.button(
        tr("Clear"),
        icon=":material/delete:",
        key=f"{key}-clear",
        on_click=repairs.clear,
        disabled=not repairs.placed,
    )
    if repairs.problem is not None:
        show_error(repairs.problem)
