"""Fix colours on the page: the picture to point at and to paint on, and the controls and the list of hints below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import PurePath

import streamlit as st

from colorizer import Analysis, ColorizerError, Stroke
from colorizer.analysis import MEMORY_COLORS, Swatch, suggest_colors
from colorizer.color.lab import lab_to_hex
from colorizer.edits.hint_values import DEFAULT_REACH, MAX_REACH
from colorizer.edits.hints import MAX_BYTES, AnyHint, to_json
from dashboard.components.hints import Hints, make_brush
from dashboard.components.picker import BY_KEYBOARD, LIGHTNESS, draw_picker_component, hex_color
from dashboard.locale.catalogues import mark
from dashboard.shared.language import tr

ROOM_BELOW = 184  # pixels of the window below the picture, for the tools and a row of colours
_MOST_MEGABYTES = -(-MAX_BYTES // 2**20)  # in the browser; `from_json` refuses what was sent all the same
_POINT_FIRST = mark("Click where a colour is wrong.")
_THEN_CHOOSE = mark("Choose a colour for the point, or point somewhere else.")

_FAMILIAR = (  # the names of MEMORY_COLORS
    mark("Skin"), mark("Wood"), mark("Brick"), mark("Red"), mark("Straw"), mark("Grass"), mark("Foliage"), mark("Sea"),
    mark("Sky"), mark("Navy"), mark("Violet"), mark("Grey"),
)  # fmt: skip


def draw_picker(
    hints: Hints,
    analysis: Analysis,
    picture: bytes,
    *,
    size: tuple[int, int],
    name: str,
    key: str,
    source: bytes | None = None,
) -> None:
    """Draw the coloured picture to fix colours on.

    `picture`: encoded. `size`: its width and height in pixels. `source`: the reference, encoded, if there is one:
    colours can be taken from it.
    """
    draw_picker_component(
        picture,
        width=size[0],
        height=size[1],
        label=tr("{name}, coloured. Arrow keys move the crosshair, Enter chooses the point.", name=name),
        how=tr(_THEN_CHOOSE) if hints.point else f"{tr(_POINT_FIRST)} {tr(BY_KEYBOARD)}",
        point=hints.point,
        key=key,
        on_point=hints.aim,
        hints=hints.placed,
        swatches=[_translate(each) for each in suggest_colors(analysis, *hints.point)] if hints.point else (),
        on_color=hints.choose_color,
        brush=make_brush(
            hints,
            palette=[Swatch(tr(each), lab_to_hex(LIGHTNESS, *MEMORY_COLORS[each])) for each in _FAMILIAR],
            source=source,
            source_label=tr("Reference"),
        ),
        room_below=ROOM_BELOW,
    )


def _translate(swatch: Swatch) -> Swatch:
    """The swatch with its name in the visitor's language."""
    if swatch.name in _FAMILIAR:
        return replace(swatch, name=tr(swatch.name))
    return replace(swatch, name=tr("Likely {number}", number=swatch.name.rpartition(" ")[2]))


def draw_controls(hints: Hints, name: str, show_error: Callable[[ColorizerError], None]) -> None:
    """Draw the controls and the list of hints below the picture. `name`: file name of the photograph."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            tr("Reach"),
            0.0,
            float(MAX_REACH),
            DEFAULT_REACH,
            0.05,
            help=tr("How far a colour spreads. At 0, a stroke colours only what it covers."),
            key=hints.reach_key,
            persist_state="page",
            on_change=hints.spread,
            width=260,
        )
        st.checkbox(
            tr("Also what looks alike"),
            True,
            help=tr(
                "The colour also goes to what looks the same elsewhere, such as the other sleeve of a coat. Without "
                "this, it spreads over the even surface around its place, and edges stop it."
            ),
            key=hints.alike_key,
            persist_state="page",
            on_change=hints.spread,
        )
        with st.container(horizontal=True, width="content"):  # together, also where the row is broken
            _draw_actions(hints, name)
    if hints.problem is not None:
        show_error(hints.problem)
    if hints.placed:
        with st.expander(tr("Fixed places: {count}", count=len(hints.placed))):
            for index, hint in enumerate(hints.placed):
                _draw_row(hints, index, hint)
    with st.expander(tr("Load fixes")):
        st.file_uploader(
            tr("A file of fixes that were saved here"),
            type=["json"],
            key=hints.file_key,
            on_change=hints.load,
            max_upload_size=_MOST_MEGABYTES,
        )


def _draw_actions(hints: Hints, name: str) -> None:
    none = not hints.placed
    st.button(tr("Clear"), icon=":material/delete:", on_click=hints.clear, disabled=none, key=f"{hints.key}-clear")
    st.download_button(
        tr("Save the fixes"),
        to_json(hints.placed),
        f"{PurePath(name).stem}_hints.json",
        "application/json",
        icon=":material/download:",
        on_click="ignore",
        disabled=none,
        key=f"{hints.key}-save",
    )


def _draw_row(hints: Hints, index: int, hint: AnyHint) -> None:
    key = f"{hints.key}-{index}-{hash(hint)}"

    def recolor() -> None:
        hints.replace(index, replace(hint, color=st.session_state[key]))

    with st.container(horizontal=True, vertical_alignment="center"):
        st.color_picker(
            tr("Colour of place {number}", number=index + 1),
            hex_color(hint),
            key=key,
            on_change=recolor,
            label_visibility="collapsed",
        )
        x, y = (f"{share:.0%}" for share in hint.points[0])
        words = tr("Stroke from {x} across, {y} down", x=x, y=y) if isinstance(hint, Stroke) else None
        st.markdown(words or tr("{x} across, {y} down", x=x, y=y), width="content")
        st.button(tr("Remove"), icon=":material/close:", key=f"remove-{key}", on_click=partial(hints.replace, index))
