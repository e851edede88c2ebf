"""The colour hints of a picture on the page: where the next one goes, undo and redo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import streamlit as st

from colorizer import ColorizerError, Hint, InvalidHints, Stroke
from colorizer.analysis import Swatch
from colorizer.edits.hint_values import DEFAULT_REACH
from colorizer.edits.hints import MAX_HINTS, AnyHint, from_json
from dashboard.components.picker import Brush, MaskInk, Point

if TYPE_CHECKING:
    from dashboard.server.streamlit_internals import UploadedFile

LEAST_REACH = 0.05  # of a point, which would colour nothing without any; a stroke can do without
MOST_STEPS = 100  # that can be undone

Placed = tuple[AnyHint, ...]


@dataclass
class Hints:
    """The hints of one picture, and what they were before each change.

    `key`: begins the keys of the widgets for them. `point`: the point that gets the next colour. `problem`: why the
    last hint or hints file was refused. `fresh`: the hint that was just placed. `past`, `future`: the hints before the
    steps that can be undone, and after those that were undone, the latest last.
    """

    placed: Placed = ()
    point: Point | None = None
    problem: ColorizerError | None = None
    fresh: AnyHint | None = None
    past: list[Placed] = field(default_factory=list)
    future: list[Placed] = field(default_factory=list)
    key: str = "hint"

    @property
    def reach_key(self) -> str:
        """Of the slider for the reach."""
        return f"{self.key}-reach"

    @property
    def alike_key(self) -> str:
        """Of the checkbox for colours that go to what looks alike."""
        return f"{self.key}-alike"

    @property
    def file_key(self) -> str:
        """Of the field for a hints file."""
        return f"{self.key}-file"

    def aim(self, point: Point) -> None:
        self.point, self.fresh = point, None

    def choose_color(self, color: str) -> None:
        """Place a hint of this colour, "#rrggbb", at the point. A second colour for one point replaces the first."""
        if self.point is None:
            return
        x, y = self.point
        others = self.placed[:-1] if self._is_current() else self.placed
        reach = max(LEAST_REACH, self._chosen_reach())
        self._place(others, lambda: Hint(x, y, color, reach, self._is_alike()))

    def paint(self, points: Sequence[Point], radius: float, color: str) -> None:
        """Place a stroke; see `Stroke`."""
        self.point = None
        self._place(self.placed, lambda: Stroke(tuple(points), radius, color, self._chosen_reach(), self._is_alike()))

    def erase(self, hint: AnyHint) -> None:
        """Take one hint away, if it is still there."""
        if hint in self.placed:
            self.replace(self.placed.index(hint))

    def spread(self) -> None:
        """Let the hint that was just placed spread as the controls say. It is no step of its own."""
        if self._is_current():
            *others, last = self.placed
            least = LEAST_REACH if isinstance(last, Hint) else 0
            self.fresh = replace(last, reach=max(least, self._chosen_reach()), alike=self._is_alike())
            self.placed = (*others, self.fresh)

    def replace(self, index: int, *hints: AnyHint) -> None:
        """Replace the hint at `index` by others, or by none."""
        self._put((*self.placed[:index], *hints, *self.placed[index + 1 :]))

    def undo(self) -> None:
        self._step(self.past, self.future)

    def redo(self) -> None:
        self._step(self.future, self.past)

    def clear(self) -> None:
        """Take all hints away."""
        if self.placed:
            self._put(())
        self.point = self.problem = None

    def load(self) -> None:
        """Replace the hints by those of the uploaded file. Without a file (the user removed it) the hints stay."""
        file: UploadedFile | None = st.session_state[self.file_key]
        if file is None:
            return
        try:
            self._put(from_json(file.getvalue()))
            self.point = None
        except InvalidHints as error:
            self.problem = error

    def move(self, move: Callable[[AnyHint], Sequence[AnyHint]]) -> None:
        """Put each hint, also of the steps before, in the place of those that `move` returns for it."""
        states = (self.placed, *self.past, *self.future)
        moved = {hint: tuple(move(hint)) for state in states for hint in state}

        def move_all(state: Placed) -> Placed:
            return tuple(new for hint in state for new in moved[hint])[:MAX_HINTS]  # a stroke may become several

        self.placed = move_all(self.placed)
        self.past, self.future = [*map(move_all, self.past)], [*map(move_all, self.future)]
        self.point = self.fresh = None

    def _place(self, others: Placed, make: Callable[[], AnyHint]) -> None:
        """Add the hint that `make` returns to the others, or say why it cannot be."""
        try:
            if len(others) == MAX_HINTS:
                raise InvalidHints(f"expected at most {MAX_HINTS} hints, got one more")
            hint = make()
        except InvalidHints as error:
            self.problem = error
        else:
            self._put((*others, hint))
            self.fresh = hint

    def _put(self, placed: Placed) -> None:
        self.past, self.future = [*self.past[1 - MOST_STEPS :], self.placed], []
        self.placed, self.fresh, self.problem = placed, None, None

    def _step(self, back: list[Placed], forth: list[Placed]) -> None:
        if back:
            forth.append(self.placed)
            self.placed = back.pop()
            self.point = self.fresh = self.problem = None

    def _is_current(self) -> bool:
        """Whether the last hint is the one that was just placed, or the point's."""
        last = self.placed[-1] if self.placed else None
        return last is not None and (last is self.fresh or last.points[0] == self.point)

    def _chosen_reach(self) -> float:
        return float(st.session_state.get(self.reach_key, DEFAULT_REACH))

    def _is_alike(self) -> bool:
        return bool(st.session_state.get(self.alike_key, False))


def make_brush(
    hints: Hints,
    *,
    palette: Sequence[Swatch] = (),
    mask: MaskInk | None = None,
    source: bytes | None = None,
    source_label: str = "",
) -> Brush:
    """The brush that paints these hints, and undoes and redoes their changes. The rest as for `Brush`."""
    return Brush(
        on_stroke=hints.paint,
        on_erase=hints.erase,
        on_undo=hints.undo,
        on_redo=hints.redo,
        can_undo=bool(hints.past),
        can_redo=bool(hints.future),
        palette=palette,
        mask=mask,
        source=source,
        source_label=source_label,
    )
