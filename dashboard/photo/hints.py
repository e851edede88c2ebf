"""Colour hints on the page: choose a point and its colour, undo, list, save and load hints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

import streamlit as st

from colorizer import Analysis, ColorizerError, Hint, InvalidHints
from colorizer.analysis import Swatch, suggest_colors
from colorizer.color.lab import lab_to_hex
from colorizer.edits.hints import DEFAULT_REACH, MAX_BYTES, MAX_HINTS, MAX_REACH, from_json, to_json
from dashboard.components.picker import BY_KEYBOARD, Point, draw_picker_component
from dashboard.locale.catalogues import mark
from dashboard.shared.language import tr

if TYPE_CHECKING:
    from dashboard.server.streamlit_internals import UploadedFile

REACH_KEY = "hint-reach"
FILE_KEY = "hint-file"
_MOST_MEGABYTES = -(-MAX_BYTES // 2**20)  # in the browser; `from_json` refuses what was sent all the same
_POINT_FIRST = mark("Click where a colour is wrong.")
_THEN_CHOOSE = mark("Choose a colour for the point, or point somewhere else.")

_FAMILIAR = (  # the names of MEMORY_COLORS
    mark("Skin"), mark("Wood"), mark("Brick"), mark("Red"), mark("Straw"), mark("Grass"), mark("Foliage"), mark("Sea"),
    mark("Sky"), mark("Navy"), mark("Violet"), mark("Grey"),
)  # fmt: skip


@dataclass
class Hints:
    """The hints of one picture.

    `point`: the point that gets the next colour. `problem`: why the last hint or hints file was refused.
    """

    placed: tuple[Hint, ...] = ()
    point: Point | None = None
    problem: ColorizerError | None = None

    def aim(self, point: Point) -> None:
        self.point = point

    def choose_color(self, color: str) -> None:
        """Place a hint of this colour, "#rrggbb", at the point. A second colour for one point replaces the first."""
        if self.point is None:
            return
        hint = Hint(*self.point, color, st.session_state.get(REACH_KEY, DEFAULT_REACH))
        if self._is_current():
            self.placed = self.placed[:-1]
        self.problem = None
        if len(self.placed) < MAX_HINTS:
            self.placed += (hint,)
        else:
            self.problem = InvalidHints(f"expected at most {MAX_HINTS} hints, got one more")

    def reach(self) -> None:
        """Give the hint that was just placed the reach of the slider."""
        if self._is_current():
            self.replace(len(self.placed) - 1, replace(self.placed[-1], reach=st.session_state[REACH_KEY]))

    def replace(self, index: int, *hints: Hint) -> None:
        """Replace the hint at `index` by others, or by none."""
        self.placed = (*self.placed[:index], *hints, *self.placed[index + 1 :])

    def undo(self) -> None:
        self.placed, self.point = self.placed[:-1], None

    def clear(self) -> None:
        self.placed, self.point, self.problem = (), None, None

    def load(self) -> None:
        """Replace the hints by those of the uploaded file. Without a file (the user removed it) the hints stay."""
        file: UploadedFile | None = st.session_state[FILE_KEY]
        if file is None:
            return
        try:
            self.placed, self.point, self.problem = from_json(file.getvalue()), None, None
        except InvalidHints as error:
            self.problem = error

    def _is_current(self) -> bool:
        return bool(self.placed) and (self.placed[-1].x, self.placed[-1].y) == self.point


def draw_picker(
    hints: Hints, analysis: Analysis, picture: bytes, *, size: tuple[int, int], name: str, key: str
) -> None:
    """Draw the coloured picture to choose a point on. `picture`: encoded. `size`: its width and height in pixels."""
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
            0.05,
            float(MAX_REACH),
            DEFAULT_REACH,
            0.05,
            help=tr("How far a colour spreads over an even surface. Edges stop it earlier."),
            key=REACH_KEY,
            persist_state="page",
            on_change=hints.reach,
            width=260,
        )
        none = not hints.placed
        st.button(tr("Undo"), icon=":material/undo:", on_click=hints.undo, disabled=none)
        st.button(tr("Clear"), icon=":material/delete:", on_click=hints.clear, disabled=none)
        st.download_button(
            tr("Save the fixes"),
            to_json(hints.placed),
            f"{PurePath(name).stem}_hints.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
            disabled=none,
        )
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
            key=FILE_KEY,
            on_change=hints.load,
            max_upload_size=_MOST_MEGABYTES,
        )


def _draw_row(hints: Hints, index: int, hint: Hint) -> None:
    key = f"hint-{index}-{hint}"

    def recolor() -> None:
        hints.replace(index, replace(hint, color=st.session_state[key]))

    with st.container(horizontal=True, vertical_alignment="center"):
        shown = hint.color if isinstance(hint.color, str) else lab_to_hex(60, *hint.color)
        st.color_picker(
            tr("Colour of place {number}", number=index + 1),
            shown,
            key=key,
            on_change=recolor,
            label_visibility="collapsed",
        )
        st.markdown(tr("{x} across, {y} down", x=f"{hint.x:.0%}", y=f"{hint.y:.0%}"), width="content")
        st.button(tr("Remove"), icon=":material/close:", key=f"remove-{key}", on_click=partial(hints.replace, index))
